//! 5. Refunds.
//!
//! A refund has a number of its own, `out_request_no`. With the same number Alipay refunds **once**,
//! however often it is asked; with a new number it refunds again. So store the number before you
//! send it, and repeat a lost answer under that number.
//!
//! And `10000` does not say that money moved: `fund_change` does. `N` means that nothing moved by
//! this call, because an earlier one did it, or because it is still under way.
//!
//! ```
//! use alipay::{FundChange, requests::Refund};
//! use money::Fen;
//!
//! # use alipay::{AlipayTime, testing::TestGateway};
//! # use serde_json::json;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = TestGateway::new();
//! # let (client, now) = (gateway.client(), AlipayTime::parse("2026-08-21 09:30:00")?);
//! # for fund_change in ["Y", "N"] {
//! #     gateway.done("alipay.trade.refund", &json!({
//! #         "trade_no": "2026082122001", "out_trade_no": "20260821001", "refund_fee": "10.00",
//! #         "fund_change": fund_change,
//! #     }));
//! # }
//! let refund = Refund::new("20260821001", "R20260821001-1", Fen::new(1_000));
//! let first = client.refund(&refund, now).await.done().expect("accepted");
//! assert_eq!(first.fund_change, FundChange::Moved);
//! // The same number again is accepted, too.
//! let again = client.refund(&refund, now).await.done().expect("accepted");
//! assert_ne!(again.fund_change, FundChange::Moved, "nobody got money by this call");
//! # Ok(())
//! # }
//! ```
//!
//! [`poll::refund`](crate::poll::refund) does what follows from that: it asks with
//! `alipay.trade.fastpay.refund.query` until it is known, repeats under the same number where an
//! answer was lost, and looks into a refusal that may come from an earlier try which went through.
//!
//! ```no_run
//! use alipay::poll::{self, Patience, RefundEnd};
//!
//! # use alipay::{Client, poll::Timer, requests::Refund};
//! # use money::Fen;
//! # async fn example(client: Client, timer: &dyn Timer) {
//! let refund = Refund::new("20260821001", "R20260821001-1", Fen::new(1_000));
//! match poll::refund(&client, &refund, Patience::REFUND, timer).await {
//!     RefundEnd::Moved(_) | RefundEnd::Confirmed(_) => println!("the buyer has it"),
//!     RefundEnd::Refused(no) => println!("refused: {no}"),
//!     RefundEnd::NotSent(_) => println!("nothing left this machine: try again"),
//!     // Keep it reserved, and ask again later with the same number.
//!     RefundEnd::Unmoved | RefundEnd::Unknown(_) => println!("not known yet"),
//! }
//! # }
//! ```
//!
//! Several refunds of one trade are possible until its whole amount is back; leave three seconds
//! between two. After the refund window (a year, for most contracts) the trade is
//! `TRADE_FINISHED` and nothing goes back. A refund in full closes the trade: `TRADE_CLOSED` alone
//! does not say whether anybody ever paid.
//!
//! What was not paid yet is not refunded but closed ([`Close`](crate::requests::Close)) or, at the
//! till, cancelled ([`Cancel`](crate::requests::Cancel)), which gives back what was paid after all.

//! 7. Transfers.
//!
//! Sending money to somebody's account wants [certificate mode](super::certificates) and a number of
//! yours, `out_biz_no`, that is used for one transfer and its repeats.
//!
//! ```
//! use alipay::Outcome;
//! use alipay::answers::TransferStatus;
//! use alipay::requests::{Participant, Transfer, TransferQuery};
//! use money::Fen;
//!
//! # use alipay::{AlipayTime, testing::TestGateway};
//! # use serde_json::json;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = TestGateway::new();
//! # let now = AlipayTime::parse("2026-08-21 09:30:00")?;
//! # // The answer to the transfer is lost; a query tells what came of it.
//! # gateway.loses().done("alipay.fund.trans.common.query", &json!({
//! #     "out_biz_no": "T20260821001", "order_id": "20260821110070000006480000250950",
//! #     "status": "SUCCESS", "pay_date": "2026-08-21 09:30:02",
//! # }));
//! # let client = gateway.client();
//! let payee = Participant::user("2088101117955611");
//! let transfer = Transfer::to_account("T20260821001", Fen::new(10_000), payee, "八月货款");
//! let sent = match client.execute(&transfer, now).await {
//!     Outcome::Done(done) => done.status == TransferStatus::Success,
//!     Outcome::Refused(no) => return Err(no.to_string().into()),
//!     // It may have gone. Never send it under a new number: ask.
//!     Outcome::Unknown(_) => {
//!         let asked = client.execute(&TransferQuery::to_account("T20260821001"), now).await;
//!         asked.done().expect("answered").status == TransferStatus::Success
//!     }
//! };
//! assert!(sent);
//! # Ok(())
//! # }
//! ```
//!
//! A query that says "no such transfer" right after a lost answer may come too early. Repeat the
//! transfer itself then, with the same number and the same fields: Alipay sends once for each
//! number. Refusals such as a name that does not fit or too little on the account are final for
//! that number only when Alipay says so; [`Refusal::explain`](crate::Refusal::explain) has what each
//! code means.
//!
//! Money that is to be shared out of one payment is not transferred but settled
//! ([`Settle`](crate::requests::Settle), after [`RelationBind`](crate::requests::RelationBind)).
//! Money that is only to be held (deposits) is frozen
//! ([`VoucherCreate`](crate::requests::VoucherCreate), [`Freeze`](crate::requests::Freeze)) and
//! unfrozen or turned into a payment later.

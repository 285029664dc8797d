//! 3. Notices: being told that it is paid.
//!
//! Alipay posts a notice to `notify_url`, up to eight times within a day, until you answer the seven
//! bytes `success`. It may come twice within a fifth of a second, after the order was closed, before
//! the browser is back, or not at all. And anybody can post there.
//!
//! So a notice is three types, one behind the other, and only the last can be acknowledged:
//!
//! ```
//! use alipay::notice::{Expectation, Unverified};
//! use money::Fen;
//!
//! # use alipay::testing::{NOTICE_CONTENT_TYPE, TestGateway, paid_notice, signed_notice};
//! # let gateway = TestGateway::new();
//! # let app = gateway.app();
//! # let fields = paid_notice("2021000000000001", "2088000000000001", "20260821001", "88.80");
//! # let (body, content_type) = (signed_notice(gateway.alipay_key(), &fields), Some(NOTICE_CONTENT_TYPE));
//! // What arrived: the raw body, before any framework has taken it apart, and its content type.
//! let notice = Unverified::from_form(&body, content_type)?;
//! let notice = notice.verify(&app.alipay_public_key)?;
//! // Alipay signed it. Whether it is about this order, nobody has looked yet.
//! let order = Expectation {
//!     out_trade_no: "20260821001",
//!     total_amount: Fen::new(8_880),
//!     app_id: "2021000000000001",
//!     seller_id: "2088000000000001",
//! };
//! let checked = notice.check(&order)?;
//! assert!(checked.says_paid());
//! // Here the order is stored as paid, durably. Then, and only then:
//! assert_eq!(checked.acknowledge(), "success");
//!
//! // An order over another amount is not paid by this notice.
//! let dearer = Expectation { total_amount: Fen::new(18_880), ..order };
//! assert!(notice.check(&dearer).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Four rules for whoever stores it:
//!
//! 1. Take it under a lock on the order: doubled notices arrive at the same time.
//! 2. Answer repeats with `success`, too; they are about what is stored already.
//! 3. A notice with a `refund_fee` is about money going back, though it says `TRADE_SUCCESS`
//!    ([`is_refund`](crate::notice::Verified::is_refund)).
//! 4. When it differs, do not answer `success`: keep it and let somebody look
//!    ([`Mismatch`](crate::notice::Mismatch) has every difference).
//!
//! The pages `examples/notice_axum.rs`, `examples/notice_hyper.rs` and `examples-actix` are whole servers;
//! [`web`](crate::web) has what they share. Mind your framework: CSRF guards refuse Alipay's post,
//! strict form parsers refuse its content type, and parameters in the address of `notify_url` must
//! not get into the form.
//!
//! # The return proves nothing
//!
//! The buyer's browser comes back to `return_url` with signed parameters, perhaps. They say that a
//! cashier was used, not that money moved, and a buyer can call the address again next week. It is a
//! reason to ask, and [`returns`](crate::returns) makes exactly that of it:
//!
//! ```no_run
//! use alipay::{Outcome, returns};
//!
//! # use alipay::{AlipayTime, Client, notice::Expectation};
//! # async fn example(client: Client, order: Expectation<'_>, query: &str, now: AlipayTime)
//! #     -> Result<bool, Box<dyn std::error::Error>> {
//! let back = returns::Unverified::from_query(query)?;
//! let back = back.verify(&client.app().alipay_public_key)?;
//! let hint = back.check(&order)?;
//! let paid = match client.query(&hint.query(), now).await {
//!     Outcome::Done(trade) => trade.trade_status.is_paid(),
//!     _ => false,
//! };
//! # Ok(paid)
//! # }
//! ```
//!
//! # When it does not verify
//!
//! With the feature `explain` the sign doctor says why: the wrong key, a field that your framework
//! added, a `+` that became a space, a charset. `tongbao explain` is the same on the command line.

//! 10. Pitfalls.
//!
//! What goes wrong again and again with Alipay, and what this crate does about it.
//!
//! | what happens | what helps |
//! |---|---|
//! | The application's key stands where Alipay's belongs: payments work, notices fail. | [`PrivateKey::pairs_with`](crate::keys::PrivateKey::pairs_with); the sign doctor names it |
//! | A link is pasted into HTML: `&timestamp` becomes `×tamp`. | [`PageForm::to_html`](crate::PageForm::to_html) escapes; escape links yourself |
//! | `charset` is missing in the address, and the gateway reads GBK. | it always stands there |
//! | JSON is formatted or sorted after it was signed. | the text that is signed is the text that is sent |
//! | The answer is parsed and written anew before it is verified. | verified over the bytes that came |
//! | An answer has a name twice; one is verified, the other read. | [`response::cut`](crate::response::cut) refuses it |
//! | An empty or missing signature counts as good. | it is an error, everywhere |
//! | Route or query parameters get into the notice. | give the raw body to [`Apps::receive`](crate::web::Apps::receive) |
//! | The amount is never compared. | only a [`Checked`](crate::notice::Checked) notice can be acknowledged |
//! | `return_url` is taken for a proof. | a return becomes a [`Hint`](crate::returns::Hint): a reason to ask |
//! | A timeout is taken for a failure: the buyer pays twice. | [`Outcome::Unknown`](crate::Outcome::Unknown) is not `Refused` |
//! | `10003` or a refund's `10000` is taken for success. | accepted is [`Why::Accepted`](crate::Why::Accepted); money moved is [`FundChange::Moved`](crate::FundChange::Moved) |
//! | A refund is repeated under a new number: it is paid twice. | [`poll::refund`](crate::poll::refund) keeps the number |
//! | `TRADE_NOT_EXIST` ends the waiting. | [`poll::wait_until_paid`](crate::poll::wait_until_paid) waits on: nobody has opened the cashier yet |
//! | A notice about a refund is booked as a payment. | [`is_refund`](crate::notice::Verified::is_refund), [`says_paid`](crate::notice::Verified::says_paid) |
//! | Two deliveries of one notice run at the same time. | a lock on the order: yours to take |
//! | Amounts are floats: `0.1 + 0.2`. | [`Fen`](money::Fen) is a whole number, and three decimals are refused |
//! | The order is closed here, and paid there. | close at Alipay, and believe its answer only |
//! | Quotes in a subject break the form that submits itself. | every value is escaped |
//! | An emoji is sent in GBK. | [`CharsetError`](crate::CharsetError) before anything is sent |
//! | Logs hold tokens and signatures. | `Debug` shows names, never values |
//!
//! Amounts are written and read exactly:
//!
//! ```
//! use money::Fen;
//!
//! assert_eq!(Fen::parse_yuan("19")?, Fen::parse_yuan("19.00")?);
//! assert_eq!(Fen::new(1_900).to_string(), "19.00");
//! assert!(Fen::parse_yuan("0.001").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! And the doctor, over a notice whose amount somebody has changed on the way:
//!
//! ```
//! use alipay::explain::{Keys, explain};
//! use alipay::testing::{TestGateway, paid_notice, signed_notice};
//!
//! let gateway = TestGateway::new();
//! let fields = paid_notice("2021000000000001", "2088000000000001", "20260821001", "88.80");
//! let body = String::from_utf8(signed_notice(gateway.alipay_key(), &fields))?;
//! let (app, alipay) = (gateway.app(), gateway.alipay_key().public_key());
//! let keys = Keys { alipay: Some(alipay), app: None };
//! assert!(explain(&body, keys).verifies);
//!
//! let found = explain(&body.replace("88.80", "0.01"), keys);
//! assert!(!found.verifies);
//! println!("{}", found.fix());
//! # let _ = app;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

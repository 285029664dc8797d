//! 2. The first payment.
//!
//! Which method depends on where the buyer is:
//!
//! | the buyer is | request | what you get |
//! |---|---|---|
//! | at a computer | [`PagePay`](crate::requests::PagePay) | a link or a form for the browser |
//! | in a phone's browser | [`WapPay`](crate::requests::WapPay) | the same; the wallet opens |
//! | in your app | [`AppPay`](crate::requests::AppPay) | a text for the wallet's SDK |
//! | in front of your QR code | [`Precreate`](crate::requests::Precreate) | the text of a QR code |
//! | at your till, showing a code | [`Pay`](crate::requests::Pay) | paid, refused, or "ask again" |
//! | in a mini program | [`Create`](crate::requests::Create) | a `trade_no` to pay with |
//!
//! A link needs no call. Making one makes no trade yet: Alipay knows of it when the buyer opens it.
//! `app` is the [`App`](crate::App) of the last chapter, `now` is `SystemTime::now().into()`, here and
//! everywhere:
//!
//! ```
//! use alipay::requests::{PagePay, WapPay};
//! use money::Fen;
//!
//! # use alipay::{AlipayTime, testing::TestGateway};
//! # let app = TestGateway::new().app();
//! # let now = AlipayTime::parse("2026-08-21 09:30:00")?;
//! let mut pay = PagePay::new("20260821001", "Rust 入门", Fen::parse_yuan("88.80")?);
//! pay.timeout_express = Some("30m".to_owned());
//! let back = Some("https://shop.example/orders/20260821001");
//! let notify = Some("https://shop.example/alipay/notify");
//! let link = app.page_url(&pay, back, notify, now)?;
//! assert!(link.contains("method=alipay.trade.page.pay&"));
//!
//! // On a phone; `quit_url` is where a buyer who changes their mind goes.
//! let pay = WapPay::new("20260821002", "Rust 入门", Fen::new(8_880), "https://shop.example/cart");
//! let form = app.page_form(&pay, back, notify, now)?;
//! assert!(form.to_html("去支付宝付款", true).starts_with("<form"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The text for an app is made the same way, and goes to the wallet's SDK as it is:
//!
//! ```
//! use alipay::requests::AppPay;
//! use money::Fen;
//!
//! # use alipay::{AlipayTime, testing::TestGateway};
//! # let app = TestGateway::new().app();
//! # let now = AlipayTime::parse("2026-08-21 09:30:00")?;
//! let pay = AppPay::new("20260821003", "Rust 入门", Fen::new(8_880));
//! let text = app.order_string(&pay, now)?;
//! assert!(text.contains("&sign="));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! At the till Alipay may say `10003`: the buyer has to confirm on the phone. That is not paid, and
//! not refused. [`poll::pay`](crate::poll::pay) asks until it is known, and takes the payment back
//! when it is not, which is what Alipay's rules want:
//!
//! ```no_run
//! use alipay::poll::{self, Patience, PayEnd};
//! use alipay::requests::Pay;
//! use money::Fen;
//!
//! # use alipay::{Client, poll::Timer};
//! # async fn example(client: Client, timer: &dyn Timer) {
//! let pay = Pay::by_barcode("20260821004", "Rust 入门", Fen::new(8_880), "28763443825664394");
//! match poll::pay(&client, &pay, Patience::TILL, timer).await {
//!     PayEnd::Paid(trade) => println!("{} paid", trade.total_amount),
//!     PayEnd::Refused(no) => println!("not paid: {no}"),
//!     PayEnd::Closed(_) | PayEnd::Cancelled(_) => println!("not paid, and it never will be"),
//!     PayEnd::NotSent(_) => println!("nothing left this machine: try again"),
//!     PayEnd::NotCancelled(_) | PayEnd::Unknown(_) => println!("call poll::settle later"),
//! }
//! # }
//! ```
//!
//! Every other call ends in an [`Outcome`](crate::Outcome), and the third of its cases is the one
//! that loses money when it is treated as the second:
//!
//! ```no_run
//! use alipay::{Outcome, requests::Query};
//!
//! # use alipay::{AlipayTime, Client};
//! # async fn example(client: Client, now: AlipayTime) {
//! match client.query(&Query::by_out_trade_no("20260821001"), now).await {
//!     Outcome::Done(trade) => println!("{}", trade.trade_status.as_str()),
//!     // Normal as long as nobody has opened the cashier.
//!     Outcome::Refused(no) if no.is_trade_not_exist() => println!("not opened yet"),
//!     Outcome::Refused(no) => println!("{no}: {}", no.explain().map_or("", |code| code.meaning)),
//!     Outcome::Unknown(unknown) => println!("nobody knows, so ask again: {unknown}"),
//! }
//! # }
//! ```
//!
//! Keep the order's number and amount before you send the buyer away: the notice is compared with
//! them. That is the next chapter, [`notices`](super::notices).

//! 9. Testing.
//!
//! **Without a network** (feature `test`): a [`TestGateway`](crate::testing::TestGateway) gives the
//! answers it was told to give, signed, and verifies what it is asked. Silence is one of them, so
//! that the branch for it is tested, too.
//!
//! ```
//! use alipay::{AlipayTime, requests::Query, testing::TestGateway};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = TestGateway::new();
//! let now = AlipayTime::parse("2026-08-21 09:30:00")?;
//! let query = Query::by_out_trade_no("20260821001");
//!
//! gateway.loses();
//! assert!(gateway.client().query(&query, now).await.is_unknown());
//!
//! gateway.done("alipay.trade.query", &json!({
//!     "trade_no": "2026082122001", "out_trade_no": "20260821001",
//!     "trade_status": "TRADE_SUCCESS", "total_amount": "88.80",
//! }));
//! let trade = gateway.client().query(&query, now).await.done().expect("done");
//! assert!(trade.trade_status.is_paid());
//! assert_eq!(gateway.called(), ["alipay.trade.query", "alipay.trade.query"]);
//! # Ok(())
//! # }
//! ```
//!
//! Notices are one line: [`paid_notice`](crate::testing::paid_notice) has the fields of a genuine
//! one, [`signed_notice`](crate::testing::signed_notice) signs them, right or wrong as you made
//! them. [`TestTimer`](crate::testing::TestTimer) is time that passes when somebody waits, for
//! [`poll`](crate::poll).
//!
//! **With a network of your own**: `tongbao sandbox` is a gateway on your machine with buyers, a
//! cashier, notices and bills. Point [`gateway_url`](crate::App::gateway_url) at it and change
//! nothing else; a proxy in the environment is not asked for addresses on this machine.
//!
//! **What is sent** can be watched with a [`Hook`](crate::Hook), which is told of every attempt with
//! everything secret masked.

//! 8. Service providers, and many applications in one process.
//!
//! Nothing in this crate is global. An application is a value; a process has as many as it likes:
//!
//! ```
//! use alipay::{Client, testing::TestGateway, web::Apps};
//!
//! let (shop, school) = (TestGateway::new(), TestGateway::new());
//! let clients: Vec<Client> = vec![shop.client(), school.client()];
//! assert_ne!(clients[0].app().alipay_public_key, clients[1].app().alipay_public_key);
//! // One notify address for all: each notice is verified with the key of the one it names.
//! let apps = Apps::new(clients.iter().map(|client| client.app().clone()));
//! # let _ = apps;
//! ```
//!
//! **A service provider** calls for other merchants with its own application and their token. The
//! merchant authorises once in a browser and comes back with a code, which is good for one day and
//! one use:
//!
//! ```no_run
//! use alipay::Outcome;
//! use alipay::requests::{AppToken, Query};
//!
//! # use alipay::{AlipayTime, Client};
//! # async fn example(client: Client, app_auth_code: &str, now: AlipayTime)
//! #     -> Result<(), Box<dyn std::error::Error>> {
//! let Outcome::Done(answer) = client.execute(&AppToken::by_code(app_auth_code), now).await else {
//!     return Err("the code is used up, or nobody knows".into());
//! };
//! for merchant in &answer.tokens {
//!     // A client for that merchant; clones share connections and cost nothing.
//!     let theirs = client.on_behalf_of(merchant.app_auth_token.expose());
//!     match theirs.query(&Query::by_out_trade_no("20260821001"), now).await {
//!         Outcome::Done(trade) => println!("{}", trade.trade_status.as_str()),
//!         other => println!("{other:?}"),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Tokens are [`Secret`](crate::Secret): no `Debug` shows them, and they travel in the body, not in
//! an address that logs keep. They last a year and are renewed by
//! [`AppToken::by_refresh_token`](crate::requests::AppToken::by_refresh_token). Without a token the
//! gateway says `isv.insufficient-isv-permissions`.
//!
//! Payments that a provider makes for merchants name it in
//! [`ExtendParams`](crate::requests::ExtendParams) (`sys_service_provider_id`), and notices about
//! them carry the merchant's application in `auth_app_id` beside the provider's in `app_id`.

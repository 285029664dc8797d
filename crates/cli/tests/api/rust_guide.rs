//! The Rust guide's program against `tongbao sandbox`, out of the file that the sandbox wrote.

use crate::served::Sandbox;
use alipay::poll::Timer;
use alipay::transport::{BoxFuture, HttpTransport};
use alipay::{AlipayTime, Client};
use std::path::Path;
use std::sync::Arc;

#[path = "../../../alipay/examples/first_payment.rs"]
#[expect(dead_code, reason = "an example is a program of its own")]
mod first_payment;

/// While the shop waits, the buyer opens the link and pays.
struct Buyer<'a> {
    sandbox: &'a Sandbox,
    link: String,
}

impl Timer for Buyer<'_> {
    fn now(&self) -> AlipayTime {
        AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
    }

    fn wait(&self, _ms: u64) -> BoxFuture<'_, ()> {
        self.sandbox.buyer_pays("GUIDE1", Some(&self.link));
        Box::pin(std::future::ready(()))
    }
}

#[test]
fn the_rust_guides_program_sells_and_gives_back() {
    let sandbox = Sandbox::start();
    let app = first_payment::open(&Path::new(sandbox.data()).join("sandbox")).expect("a sandbox");
    assert_eq!(app.seller_id.as_deref(), Some(sandbox.text("seller_id")));
    let now = AlipayTime::parse("2026-08-21 09:30:00").expect("a time");
    let link = first_payment::link(&app, "GUIDE1", now).expect("a link");
    let client = Client::new(app, Arc::new(HttpTransport::new().expect("TLS")));
    let buyer = Buyer {
        sandbox: &sandbox,
        link,
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let back = runtime.block_on(first_payment::sell(&client, "GUIDE1", &buyer));
    assert_eq!(back.expect("sold").to_string(), "8.80");
    let trade = sandbox.call(&["query", "GUIDE1", "--json"]).ended(0).json();
    assert_eq!(trade["answer"]["trade_status"], "TRADE_SUCCESS", "{trade}");
}

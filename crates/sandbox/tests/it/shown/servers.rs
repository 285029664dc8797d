//! The shops' notify addresses of the examples, told by the sandbox that they were paid.

use super::place::{Place, SELLER};
use tokio::net::TcpListener;

#[path = "../../../../alipay/examples/notice_axum.rs"]
#[expect(dead_code, reason = "an example is a program of its own")]
mod notice_axum;
#[path = "../../../../alipay/examples/notice_hyper.rs"]
#[expect(dead_code, reason = "an example is a program of its own")]
mod notice_hyper;

/// A genuine notice of the order that both wait for, one about a cheaper order, and a spoiled one.
pub(crate) async fn notify(at: &Place) {
    let listener = || async { TcpListener::bind("127.0.0.1:0").await.unwrap() };
    let (axum, hyper) = (listener().await, listener().await);
    let places = [axum.local_addr().unwrap(), hyper.local_addr().unwrap()];
    let shop = notice_axum::Shop::new(at.app.clone(), SELLER);
    let orders = shop.orders.clone();
    tokio::spawn(async move { axum::serve(axum, notice_axum::router(shop)).await });
    let shop = notice_hyper::Shop::new(at.app.clone(), SELLER);
    tokio::spawn(notice_hyper::answer(hyper, shop));

    let paid = || orders.lock().unwrap()["20260821001"].1;
    let (genuine, kind) = at.notice("20260821001").await;
    let (other, _) = at.notice("20260821100").await;
    let mut spoiled = genuine.clone();
    spoiled[0] ^= 1;
    for (body, said, paid_then) in [
        (spoiled, "failure", false),
        (other, "failure", false),
        (genuine.clone(), "success", true),
        (genuine, "success", true),
    ] {
        for place in places {
            let request = reqwest::Client::builder().no_proxy().build().unwrap();
            let request = request.post(format!("http://{place}/notify"));
            let request = request.header("content-type", &kind).body(body.clone());
            let answer = request.send().await.unwrap().text().await.unwrap();
            // The one with hyper knows one order only, whose number and amount it compares.
            assert_eq!(answer, said, "{place}");
        }
        assert_eq!(paid(), paid_then);
    }
}

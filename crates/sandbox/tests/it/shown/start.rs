//! The first page, the chapters about keys and about the first payment.

use super::place::{APP_ID, Ended, Place};
use alipay::{Charset, form};

/// The README's three pieces: a link that is paid, its notice, and the question.
pub(crate) async fn readme(at: &Place) -> Ended {
    at.shows("README.md", 1);
    use alipay::App;
    use alipay::keys::{PrivateKey, PublicKey};
    use alipay::requests::PagePay;
    use money::Fen;
    use std::fs::read_to_string;

    let mut app = App::new(
        "2021000000000001",
        &at.real("https://openapi.alipay.com/gateway.do"),
        PrivateKey::parse(&read_to_string(at.real("app_private_key.pem"))?)?,
        PublicKey::parse(&read_to_string(at.real("alipay_public_key.pem"))?)?,
    );
    app.seller_id = Some("2088000000000001".to_owned());

    let pay = PagePay::new("20260821100", "Rust 入门", Fen::parse_yuan("88.80")?);
    let back = Some("https://shop.example/orders/20260821100");
    let notify = Some("https://shop.example/alipay/notify");
    let link = app.page_url(&pay, back, notify, at.now())?;
    at.ran();
    at.buyer_pays("20260821100", &link).await;

    let (body, content_type) = at.notice("20260821100").await;
    let (content_type, order) = (Some(&*content_type), &pay);
    at.shows("README.md", 2);
    use alipay::notice::{Expectation, Unverified};

    let notice = Unverified::from_form(&body, content_type)?;
    let notice = notice.verify(&app.alipay_public_key)?;
    let checked = notice.check(&Expectation {
        out_trade_no: "20260821100",
        total_amount: order.total_amount,
        app_id: "2021000000000001",
        seller_id: "2088000000000001",
    })?;
    if checked.says_paid() {
        // Store it as paid, durably.
    }
    let answer = checked.acknowledge();
    at.ran();
    assert_eq!(answer, "success");

    at.shows("README.md", 3);
    use alipay::requests::Query;
    use alipay::transport::HttpTransport;
    use alipay::{Client, Outcome};
    use std::sync::Arc;

    let client = Client::new(app, Arc::new(HttpTransport::new()?));
    let query = Query::by_out_trade_no("20260821100");
    match client.query(&query, at.now()).await {
        Outcome::Done(trade) if trade.trade_status.is_paid() => {
            println!("{} paid", trade.total_amount);
        }
        Outcome::Done(trade) => println!("not yet: {}", trade.trade_status.as_str()),
        Outcome::Refused(no) => println!("refused: {no}"),
        Outcome::Unknown(unknown) => println!("nobody knows, so ask again: {unknown}"),
    }
    at.ran();
    assert!(client.query(&query, at.now()).await.done().is_some());
    Ok(())
}

/// The crate's own page: nobody has opened the link yet.
pub(crate) async fn front(at: &Place) -> Ended {
    at.shows("src/lib.rs", 1);
    use alipay::keys::{PrivateKey, PublicKey};
    use alipay::requests::{PagePay, Query};
    use alipay::transport::HttpTransport;
    use alipay::{AlipayTime, App, Client, Outcome, TradeStatus};
    use money::Fen;
    use std::sync::Arc;

    let app = App::new(
        "2021000000000001",
        &at.real("https://openapi.alipay.com/gateway.do"),
        PrivateKey::parse(&std::fs::read_to_string(at.real("app_private_key.pem"))?)?,
        PublicKey::parse(&std::fs::read_to_string(at.real("alipay_public_key.pem"))?)?,
    );
    let now = AlipayTime::parse("2026-08-21 09:30:00")?;

    let pay = PagePay::new("20260821001", "Rust 入门", Fen::new(8_880));
    let link = app.page_url(&pay, Some("https://shop.example/paid"), None, now)?;
    println!("send the buyer to {link}");

    let client = Client::new(app, Arc::new(HttpTransport::new()?));
    match client
        .query(&Query::by_out_trade_no("20260821001"), now)
        .await
    {
        Outcome::Done(trade) if trade.trade_status == TradeStatus::Success => println!("paid"),
        Outcome::Done(trade) => println!("{}", trade.trade_status.as_str()),
        Outcome::Refused(no) if no.is_trade_not_exist() => println!("not opened yet"),
        Outcome::Refused(no) => println!("refused: {no}"),
        Outcome::Unknown(unknown) => println!("ask again: {unknown}"),
    }
    at.ran();
    let query = Query::by_out_trade_no("20260821001");
    let refused = client.query(&query, now).await;
    assert!(
        refused
            .refusal()
            .is_some_and(alipay::Refusal::is_trade_not_exist)
    );
    Ok(())
}

/// The pair in the files is the gateway's.
pub(crate) async fn keys(at: &Place) -> Ended {
    at.shows("src/guide/keys.rs", 3);
    use alipay::App;
    use alipay::keys::{PrivateKey, PublicKey};
    use std::fs::read_to_string;

    let mut app = App::new(
        "2021000000000001",
        &at.real("https://openapi.alipay.com/gateway.do"),
        PrivateKey::parse(&read_to_string(at.real("app_private_key.pem"))?)?,
        PublicKey::parse(&read_to_string(at.real("alipay_public_key.pem"))?)?,
    );
    app.seller_id = Some("2088000000000001".to_owned());
    at.ran();
    let client = alipay::Client::new(app, std::sync::Arc::new(at.http.clone()));
    let balance = alipay::requests::Balance::default();
    assert!(client.execute(&balance, at.now()).await.done().is_some());
    Ok(())
}

/// A page that is paid in a browser, and a form. Hands back the address that the browser goes to.
pub(crate) async fn links(at: &Place) -> Result<String, Box<dyn std::error::Error>> {
    let (app, now) = (&at.app, at.now());
    at.shows("src/guide/first_payment.rs", 1);
    use alipay::requests::{PagePay, WapPay};
    use money::Fen;

    let mut pay = PagePay::new("20260821001", "Rust 入门", Fen::parse_yuan("88.80")?);
    pay.timeout_express = Some("30m".to_owned());
    let back = Some("https://shop.example/orders/20260821001");
    let notify = Some("https://shop.example/alipay/notify");
    let link = app.page_url(&pay, back, notify, now)?;
    assert!(link.contains("method=alipay.trade.page.pay&"));

    // On a phone; `quit_url` is where a buyer who changes their mind goes.
    let pay = WapPay::new(
        "20260821002",
        "Rust 入门",
        Fen::new(8_880),
        "https://shop.example/cart",
    );
    let form = app.page_form(&pay, back, notify, now)?;
    assert!(form.to_html("去支付宝付款", true).starts_with("<form"));
    at.ran();
    let back = at.buyer_comes_back(&link).await;
    at.is_paid("20260821001").await;
    let fields = form::encode(&form.fields, Charset::Utf8)?;
    let address = format!("{}&{fields}", form.action);
    at.buyer_pays("20260821002", &address).await;
    Ok(back)
}

/// The text for an app, taken by the wallet.
pub(crate) async fn app(at: &Place) -> Ended {
    let (app, now) = (&at.app, at.now());
    at.shows("src/guide/first_payment.rs", 2);
    use alipay::requests::AppPay;
    use money::Fen;

    let pay = AppPay::new("20260821003", "Rust 入门", Fen::new(8_880));
    let text = app.order_string(&pay, now)?;
    assert!(text.contains("&sign="));
    at.ran();
    at.buyer_pays("20260821003", &format!("{}?{text}", app.gateway_url))
        .await;
    Ok(())
}

/// At the till, and a question.
pub(crate) async fn till(at: &Place) -> Ended {
    at.buyer_shows_a_code().await;
    let (client, timer) = (at.client.clone(), at);
    at.shows("src/guide/first_payment.rs", 3);
    use alipay::poll::{self, Patience, PayEnd};
    use alipay::requests::Pay;
    use money::Fen;

    let pay = Pay::by_barcode(
        "20260821004",
        "Rust 入门",
        Fen::new(8_880),
        &at.real("28763443825664394"),
    );
    match poll::pay(&client, &pay, Patience::TILL, timer).await {
        PayEnd::Paid(trade) => println!("{} paid", trade.total_amount),
        PayEnd::Refused(no) => println!("not paid: {no}"),
        PayEnd::Closed(_) | PayEnd::Cancelled(_) => println!("not paid, and it never will be"),
        PayEnd::NotSent(_) => println!("nothing left this machine: try again"),
        PayEnd::NotCancelled(_) | PayEnd::Unknown(_) => println!("call poll::settle later"),
    }
    at.ran();
    at.is_paid("20260821004").await;

    let now = at.now();
    at.shows("src/guide/first_payment.rs", 4);
    use alipay::{Outcome, requests::Query};

    match client
        .query(&Query::by_out_trade_no("20260821001"), now)
        .await
    {
        Outcome::Done(trade) => println!("{}", trade.trade_status.as_str()),
        // Normal as long as nobody has opened the cashier.
        Outcome::Refused(no) if no.is_trade_not_exist() => println!("not opened yet"),
        Outcome::Refused(no) => println!("{no}: {}", no.explain().map_or("", |code| code.meaning)),
        Outcome::Unknown(unknown) => println!("nobody knows, so ask again: {unknown}"),
    }
    at.ran();
    assert_eq!(at.app.app_id, APP_ID);
    Ok(())
}

//! What the pages about single parts of the crate show, and rustdoc only compiles.

use super::afterwards::asks;
use super::place::{APP_ID, BUYER, Ended, OLD_APP, Place};
use crate::browser::Browser;
use alipay::{Charset, form};
use http::StatusCode;
use std::thread;
use tokio::task::block_in_place;

/// At the till once more.
pub(crate) async fn poll(at: &Place) -> Ended {
    at.buyer_shows_a_code().await;
    let (client, timer) = (at.client.clone(), at);
    at.shows("src/poll/mod.rs", 1);
    use alipay::poll::{self, Patience, PayEnd};
    use alipay::requests::Pay;
    use money::Fen;

    let pay = Pay::by_barcode(
        "20260821005",
        "Rust 入门",
        Fen::new(8_880),
        &at.real("28763443825664394"),
    );
    match poll::pay(&client, &pay, Patience::TILL, timer).await {
        PayEnd::Paid(trade) => println!("{} paid", trade.total_amount),
        PayEnd::Refused(no) => println!("not paid: {no}"),
        PayEnd::Closed(_) | PayEnd::Cancelled(_) | PayEnd::NotSent(_) => println!("not paid"),
        PayEnd::NotCancelled(_) | PayEnd::Unknown(_) => println!("ask again: poll::settle"),
    }
    at.ran();
    at.is_paid("20260821005").await;
    Ok(())
}

/// The same question to the other gateway, and by a method's name.
pub(crate) async fn calls(at: &Place) -> Ended {
    let (client, now) = (at.client.clone(), at.now());
    at.shows("src/client/execute.rs", 1);
    use alipay::Outcome;
    use serde_json::json;

    let biz_content = json!({"out_trade_no": "20260821001"});
    let outcome = client
        .call_method("alipay.trade.query", &biz_content, now)
        .await;
    if let Outcome::Done(answer) = outcome {
        println!(
            "{:?} over {:?}",
            answer.text("trade_status"),
            answer.yuan("total_amount")
        );
    }
    at.ran();

    at.shows("src/v3/mod.rs", 1);
    use alipay::{Gateway, requests::Query};

    let client = client.with_gateway(Gateway::V3);
    let outcome = client
        .query(&Query::by_out_trade_no("20260821001"), now)
        .await;
    at.ran();
    assert!(
        outcome
            .done()
            .is_some_and(|trade| trade.trade_status.is_paid())
    );
    Ok(())
}

/// Who logged in, by a call with a parameter beside its content.
pub(crate) async fn user(at: &Place) -> Ended {
    let page = format!(
        "/oauth2/publicAppAuthorize.htm?app_id={APP_ID}&scope=auth_user&redirect_uri=https%3A%2F%2Fshop.example%2Flogin"
    );
    let browser = Browser::new(&at.bench, "zh");
    let asked = browser.open(&page).await;
    let asked = browser.log_in(&asked, BUYER).await;
    let gone = browser.submit(&asked, "/agree", &[]).await.refresh.unwrap();
    let went = form::decode(gone.split_once('?').unwrap().1.as_bytes(), Charset::Utf8)?;
    let code = alipay::requests::OauthToken::by_code(went.get("auth_code").unwrap());
    let token = at.client.execute(&code, at.now()).await.done().unwrap();
    at.stands_for("authusrB…", token.access_token.expose());
    let (client, now) = (at.client.clone(), at.now());
    at.shows("src/client/execute.rs", 2);
    use alipay::Call;

    let call = Call::new("alipay.user.info.share").param("auth_token", &at.real("authusrB…"));
    let outcome = client.send(&call, now).await;
    at.ran();
    assert_eq!(
        outcome.done().unwrap().text("user_id"),
        token.user_id.as_deref()
    );
    Ok(())
}

/// The page about certificate mode.
pub(crate) async fn certificates(at: &Place) -> Ended {
    at.shows("src/cert/mod.rs", 1);
    use alipay::cert::{CertFiles, Trust};
    use alipay::keys::PrivateKey;
    use alipay::{App, CertMode};
    use std::{fs::read_to_string, sync::Arc};

    let mode = CertMode::open(
        CertFiles {
            app: &read_to_string(at.real("appCertPublicKey.crt"))?,
            alipay: &read_to_string(at.real("alipayCertPublicKey_RSA2.crt"))?,
            root: &read_to_string(at.real("alipayRootCert.crt"))?,
        },
        Trust::Roots,
    )?;
    let key = PrivateKey::parse(&read_to_string(at.real("app_private_key.pem"))?)?;
    let gateway = &at.real("https://openapi.alipay.com/gateway.do");
    let app = App::in_cert_mode("2021000000000001", gateway, Arc::new(key), mode);
    at.ran();
    asks(at, app).await;
    Ok(())
}

/// An application from before 2018, which the sandbox is told of.
pub(crate) async fn old_application(at: &Place) -> Ended {
    let request = http::Request::patch(format!("/sandbox/v1/apps/{OLD_APP}"))
        .header("content-type", "application/json")
        .body(axum::body::Body::from(r#"{"sign_type": "RSA"}"#))?;
    assert_eq!(at.bench.send(request).await.status, StatusCode::OK);
    at.shows("src/keys/rsa1.rs", 1);
    use alipay::App;
    use alipay::keys::{PublicKey, Rsa1Key};
    use alipay::sign::SignType;
    use std::sync::Arc;

    let key = Rsa1Key::parse(&std::fs::read_to_string(at.real("app_private_key.pem"))?)?;
    let alipay = PublicKey::parse(&std::fs::read_to_string(at.real("alipay_public_key.pem"))?)?;
    let url = &at.real("https://openapi.alipay.com/gateway.do");
    let mut app = App::with_signer("2016000000000001", url, Arc::new(key), alipay);
    app.sign_type = SignType::Rsa;
    at.ran();
    asks(at, app).await;
    Ok(())
}

/// The blocking face, on a thread without a runtime.
pub(crate) fn blocking(at: &Place) {
    block_in_place(|| thread::scope(|scope| scope.spawn(|| asks_blocking(at).unwrap()).join()))
        .unwrap();
}

fn asks_blocking(at: &Place) -> Result<(), alipay::transport::TransportError> {
    let (app, now) = (at.app.clone(), at.now());
    at.shows("src/blocking/mod.rs", 1);
    use alipay::{blocking, requests::Query};
    use std::sync::Arc;

    let client = blocking::Client::new(app, Arc::new(blocking::HttpTransport::new()?));
    let outcome = client.query(&Query::by_out_trade_no("20260821001"), now);
    at.ran();
    assert!(outcome.done().is_some());

    let (client, query) = (&client, &Query::by_out_trade_no("20260821001"));
    at.shows("src/blocking/client.rs", 1);
    let outcome = client.wait(|client| client.query(query, now));
    at.ran();
    assert!(outcome.done().is_some());
    Ok(())
}

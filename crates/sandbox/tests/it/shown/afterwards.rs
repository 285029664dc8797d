//! The chapters about refunds, transfers, certificates, service providers and bills.

use super::place::{APP_ID, BUYER, Ended, Place};
use alipay::Refusal;
use http::StatusCode;
use serde_json::json;
use std::sync::Arc;

/// A refund, the same once more, and the one that asks until it is known.
pub(crate) async fn refunds(at: &Place) -> Ended {
    let (client, now, timer) = (at.client.clone(), at.now(), at);
    at.shows("src/guide/refunds.rs", 1);
    use alipay::{FundChange, requests::Refund};
    use money::Fen;

    let refund = Refund::new("20260821001", "R20260821001-1", Fen::new(1_000));
    let first = client.refund(&refund, now).await.done().expect("accepted");
    assert_eq!(first.fund_change, FundChange::Moved);
    // The same number again is accepted, too.
    let again = client.refund(&refund, now).await.done().expect("accepted");
    assert_ne!(
        again.fund_change,
        FundChange::Moved,
        "nobody got money by this call"
    );
    at.ran();

    at.shows("src/guide/refunds.rs", 2);
    use alipay::poll::{self, Patience, RefundEnd};

    let refund = Refund::new("20260821001", "R20260821001-1", Fen::new(1_000));
    match poll::refund(&client, &refund, Patience::REFUND, timer).await {
        RefundEnd::Moved(_) | RefundEnd::Confirmed(_) => println!("the buyer has it"),
        RefundEnd::Refused(no) => println!("refused: {no}"),
        RefundEnd::NotSent(_) => println!("nothing left this machine: try again"),
        // Keep it reserved, and ask again later with the same number.
        RefundEnd::Unmoved | RefundEnd::Unknown(_) => println!("not known yet"),
    }
    at.ran();
    let trade = at.trade("20260821001").await;
    assert_eq!(trade["refunded_amount"], "10.00", "{trade}");
    Ok(())
}

/// The answer is lost after the money went; the question finds it.
pub(crate) async fn transfers(at: &Place) -> Ended {
    let payee = at.bench.look(&format!("accounts/{BUYER}")).await;
    at.stands_for("2088101117955611", payee["user_id"].as_str().unwrap());
    let method = "alipay.fund.trans.uni.transfer";
    let dial = json!({"faults": [{"what": "answer_lost", "method": method, "times": 1}]});
    assert_eq!(
        at.bench.control_put("faults", dial).await.status,
        StatusCode::OK
    );
    let (client, now) = (at.client.clone(), at.now());
    at.shows("src/guide/transfers.rs", 1);
    use alipay::Outcome;
    use alipay::answers::TransferStatus;
    use alipay::requests::{Participant, Transfer, TransferQuery};
    use money::Fen;

    let payee = Participant::user(&at.real("2088101117955611"));
    let transfer = Transfer::to_account("T20260821001", Fen::new(10_000), payee, "八月货款");
    let sent = match client.execute(&transfer, now).await {
        Outcome::Done(done) => done.status == TransferStatus::Success,
        Outcome::Refused(no) => return Err(no.to_string().into()),
        // It may have gone. Never send it under a new number: ask.
        Outcome::Unknown(_) => {
            let asked = client
                .execute(&TransferQuery::to_account("T20260821001"), now)
                .await;
            asked.done().expect("answered").status == TransferStatus::Success
        }
    };
    assert!(sent);
    at.ran();
    assert_eq!(at.bench.look("faults").await["faults"][0]["struck"], 1);
    Ok(())
}

/// The three files of the console; what signs is believed at the gateway.
pub(crate) async fn certificates(at: &Place) -> Ended {
    at.shows("src/guide/certificates.rs", 1);
    use alipay::cert::{CertFiles, Trust};
    use alipay::keys::PrivateKey;
    use alipay::{App, CertMode};
    use std::{fs::read_to_string, sync::Arc};

    let mode = CertMode::open(
        CertFiles {
            app: &read_to_string(at.real("appCertPublicKey_2021000000000001.crt"))?,
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

/// What makes an application was good: the gateway answers it.
pub(crate) async fn asks(at: &Place, app: alipay::App) {
    let client = alipay::Client::new(app, Arc::new(at.http.clone()));
    let query = alipay::requests::Query::by_out_trade_no("20260821001");
    match client.query(&query, at.now()).await {
        alipay::Outcome::Done(_) => {}
        // Another application has no such order.
        alipay::Outcome::Refused(no) if no.is_trade_not_exist() => {}
        other => panic!("{other:?}"),
    }
}

/// The other application's merchant gives leave.
pub(crate) async fn service_providers(at: &Place) -> Ended {
    let path = format!("/sandbox/v1/apps/{APP_ID}");
    let request = http::Request::patch(path)
        .header("content-type", "application/json")
        .body(axum::body::Body::from(r#"{"third_party": true}"#))?;
    assert_eq!(at.bench.send(request).await.status, StatusCode::OK);
    let merchant = &at.bench.apps[1].app_id;
    let path = format!("apps/{APP_ID}/grants");
    let made = at
        .bench
        .control(&path, json!({"merchant_app_id": merchant}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    let app_auth_code = made["app_auth_code"].as_str().unwrap();
    let (client, now) = (at.client.clone(), at.now());
    at.shows("src/guide/service_providers.rs", 2);
    use alipay::Outcome;
    use alipay::requests::{AppToken, Query};

    let Outcome::Done(answer) = client.execute(&AppToken::by_code(app_auth_code), now).await else {
        return Err("the code is used up, or nobody knows".into());
    };
    for merchant in &answer.tokens {
        // A client for that merchant; clones share connections and cost nothing.
        let theirs = client.on_behalf_of(merchant.app_auth_token.expose());
        match theirs
            .query(&Query::by_out_trade_no("20260821001"), now)
            .await
        {
            Outcome::Done(trade) => println!("{}", trade.trade_status.as_str()),
            other => println!("{other:?}"),
        }
    }
    at.ran();
    let [merchant] = &answer.tokens[..] else {
        panic!("{answer:?}");
    };
    let theirs = client.on_behalf_of(merchant.app_auth_token.expose());
    let asked = theirs
        .query(&Query::by_out_trade_no("20260821001"), now)
        .await;
    assert!(
        asked.refusal().is_some_and(Refusal::is_trade_not_exist),
        "the order is not that merchant's"
    );
    Ok(())
}

/// The day's bill: fetched, read, added up.
pub(crate) async fn bills(at: &Place) -> Ended {
    let (client, http, now) = (at.client.clone(), &at.http, at.now());
    at.shows("src/guide/bills.rs", 1);
    use alipay::Outcome;
    use alipay::bill::{BillArchive, BillLine};
    use alipay::requests::{BillDownload, BillType};
    use std::fs::File;

    let request = BillDownload::new(BillType::Trade, "2026-08-21");
    let address = match client.execute(&request, now).await {
        Outcome::Done(answer) => answer.bill_download_url,
        // A day on which nothing happened may have no bill.
        Outcome::Refused(no) if no.is("BILL_NOT_EXIST") => return Ok(()),
        other => return Err(format!("{other:?}").into()),
    };
    let mut file = File::create(at.real("bill.zip"))?;
    http.download(address.expose(), &mut file, 1 << 30, 60_000)
        .await?;

    let archive = BillArchive::open(File::open(at.real("bill.zip"))?)?;
    for index in 0..archive.len() {
        let mut bill = archive.bill(index)?;
        for line in bill.by_ref() {
            if let BillLine::Trade(line) = line? {
                let way = if line.is_refund() { "back" } else { "in" };
                println!("{way} {} {}", line.trade_no, line.receipt_amount);
            }
        }
        // Alipay's own sums stand at the end: compare them with yours.
        for total in bill.totals() {
            println!("{} {}", total.name, total.count);
        }
    }
    at.ran();
    let lines = archive.bill(0)?.count();
    assert!(lines >= 6, "five payments and a refund, not {lines} lines");

    Ok(())
}

/// What the page about bills does with the file.
pub(crate) fn bill(at: &Place) -> Ended {
    at.shows("src/bill/mod.rs", 1);
    use alipay::bill::{BillArchive, BillLine};
    use std::fs::File;

    let archive = BillArchive::open(File::open(at.real("bill.zip"))?)?;
    for index in 0..archive.len() {
        for line in archive.bill(index)? {
            match line? {
                BillLine::Trade(line) => println!("{} {}", line.trade_no, line.receipt_amount),
                other => println!("{other:?}"),
            }
        }
    }
    at.ran();
    Ok(())
}

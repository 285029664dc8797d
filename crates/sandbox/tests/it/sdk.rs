//! Our own SDK against the sandbox over real HTTP: its typed methods, through either gateway, from
//! an async client and from one that blocks.

use crate::support::{Bench, NOTIFY, RETURN, start};
use crate::through::{by_cert, by_key, now};
use alipay::bill::{BillArchive, BillLine};
use alipay::poll::{Patience, Waited};
use alipay::requests::{
    AccountQuery, AppPay, Balance, BillDownload, BillType, Close, PagePay, Participant, Precreate,
    Query, Refund, RefundQuery, Transfer, TransferQuery, WapPay,
};
use alipay::transport::HttpTransport;
use alipay::{AlipayTime, App, Client, FundChange, Gateway, Outcome, TradeStatus, blocking};
use money::Fen;
use serde_json::{Value, json};
use std::io::Cursor;
use std::sync::Arc;
use store::Db;

/// The sandbox behind a port of this machine, for as long as the test runs.
async fn serve(bench: &Bench) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = bench.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn at(app: App, origin: &str) -> App {
    App {
        gateway_url: format!("{origin}/gateway.do"),
        ..app
    }
}

fn connected(app: App) -> Client {
    Client::new(app, Arc::new(HttpTransport::new().unwrap()))
}

#[track_caller]
fn done<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(answer) => answer,
        other => panic!("not done: {other:?}"),
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Outcome<T>, sub_code: &str) {
    match outcome {
        Outcome::Refused(no) if no.is(sub_code) => {}
        other => panic!("not refused with {sub_code}: {other:?}"),
    }
}

/// The buyer of the sandbox pays what a link or a number asks for.
async fn pay(bench: &Bench, number: &str, asks: Value) {
    let path = format!("trades/{number}/pay?app_id={}", bench.apps[0].app_id);
    let reply = bench.control(&path, asks).await;
    assert_eq!(reply.status, http::StatusCode::OK, "{}", reply.text());
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn the_sdk_takes_money_and_gives_it_back_over_http(db: Db) {
        let bench = Bench::new(db).await;
        let origin = serve(&bench).await;
        for (gateway, mark) in [(Gateway::V2, "2"), (Gateway::V3, "3")] {
            let client = connected(at(by_key(0), &origin)).with_gateway(gateway);
            let app = client.app();
            let number = |name: &str| format!("SDK{mark}{name}");

            // A QR code, paid, given back in part.
            let order = Precreate::new(&number("Q"), "高等数学 & 习题", Fen::new(880));
            let code = done(client.precreate(&order, Some(NOTIFY), now()).await);
            assert!(code.qr_code.starts_with("http"), "{}", code.qr_code);
            let query = Query::by_out_trade_no(&number("Q"));
            refused(client.query(&query, now()).await, "TRADE_NOT_EXIST");
            pay(&bench, &number("Q"), json!({})).await;
            let trade = done(client.execute(&query, now()).await);
            assert_eq!((trade.trade_status, trade.total_amount), (TradeStatus::Success, Fen::new(880)));
            let refund = Refund::new(&number("Q"), "R1", Fen::new(380));
            let back = done(client.refund(&refund, now()).await);
            assert_eq!((back.fund_change, back.refunded_total), (FundChange::Moved, Some(Fen::new(380))));
            let again = done(client.refund(&refund, now()).await);
            assert_eq!(again.fund_change, FundChange::ToBeAsked);
            let asked = RefundQuery::new(&number("Q"), "R1");
            assert_eq!(done(client.refund_query(&asked, now()).await).refunded(), Some(Fen::new(380)));
            refused(client.close(&Close::by_out_trade_no(&number("Q")), now()).await, "TRADE_STATUS_ERROR");

            // Pages: one paid, one closed.
            let page = PagePay::new(&number("P"), "高等数学", Fen::new(8_888));
            let link = app.page_url(&page, Some(RETURN), Some(NOTIFY), now()).unwrap();
            pay(&bench, &number("P"), json!({"url": link})).await;
            let trade = done(client.query(&Query::by_out_trade_no(&number("P")), now()).await);
            assert!(trade.trade_status.is_paid());
            let wap = WapPay::new(&number("W"), "高等数学", Fen::new(100), "http://shop.example/");
            let link = app.page_url(&wap, Some(RETURN), Some(NOTIFY), now()).unwrap();
            pay(&bench, &number("W"), json!({"url": link})).await;
            let trade = done(client.query(&Query::by_out_trade_no(&number("W")), now()).await);
            assert!(trade.trade_status.is_paid());
            let page = PagePay::new(&number("C"), "高等数学", Fen::new(100));
            let link = app.page_url(&page, None, None, now()).unwrap();
            bench.open(link.trim_start_matches(&origin)).await.unwrap();
            let closed = done(client.close(&Close::by_out_trade_no(&number("C")), now()).await);
            assert_eq!(closed.out_trade_no.as_deref(), Some(&*number("C")));
            let order = AppPay::new(&number("A"), "高等数学", Fen::new(100));
            assert!(app.order_string(&order, now()).unwrap().contains("alipay.trade.app.pay"));

            // By its name.
            let content = json!({"out_trade_no": number("P")});
            let answer = done(client.call_method("alipay.trade.query", &content, now()).await);
            assert_eq!(answer.text("trade_status"), Some("TRADE_SUCCESS"));
        }
        bench.assert_balanced().await;
    }

    async fn the_sdk_sends_money_and_reads_the_account_over_http(db: Db) {
        let bench = Bench::new(db).await;
        let origin = serve(&bench).await;
        bench.paid("SDKT0", "100.00").await;
        let buyer = bench.look("accounts/buyer@sandbox.com").await;
        let user_id = buyer["user_id"].as_str().unwrap();
        for (gateway, mark) in [(Gateway::V2, "2"), (Gateway::V3, "3")] {
            let app = at(by_cert(&bench, 0).await, &origin);
            let client = connected(app).with_gateway(gateway);
            let number = format!("SDKT{mark}");
            let payee = Participant::user(user_id);
            let transfer = Transfer::to_account(&number, Fen::new(150), payee, "佣金");
            let sent = done(client.execute(&transfer, now()).await);
            assert_eq!(sent.out_biz_no, number);
            let asked = done(client.execute(&TransferQuery::to_account(&number), now()).await);
            assert_eq!(asked.status, sent.status);
            let balance = done(client.execute(&Balance::default(), now()).await);
            let account = AccountQuery::of_user("2088721000000001");
            let account = done(client.execute(&account, now()).await);
            assert_eq!(balance.available_amount, account.available_amount);
        }
        bench.assert_balanced().await;
    }

    async fn the_sdk_fetches_and_reads_a_bill_over_http(db: Db) {
        let bench = Bench::new(db).await;
        let origin = serve(&bench).await;
        bench.paid("SDKB1", "88.80").await;
        let day_ms = 24 * 3_600 * 1_000;
        bench.schedule.advance_to(start().plus_ms(day_ms)).await.unwrap();
        let tomorrow = AlipayTime::parse("2026-08-22 09:30:00").unwrap();
        let http = HttpTransport::new().unwrap();
        let client = connected(at(by_key(0), &origin));
        let request = BillDownload::new(BillType::Trade, "2026-08-21");
        let answer = done(client.execute(&request, tomorrow).await);
        let url = answer.bill_download_url.expose().to_owned();
        let url = url.replace("http://127.0.0.1:8609", &origin);
        let mut zip = Vec::new();
        http.download(&url, &mut zip, 1 << 20, 5_000).await.unwrap();
        let archive = BillArchive::open(Cursor::new(zip)).unwrap();
        let lines: Vec<_> = archive.bill(0).unwrap().collect::<Result<_, _>>().unwrap();
        let [BillLine::Trade(line)] = &lines[..] else {
            panic!("{lines:?}");
        };
        assert_eq!(line.out_trade_no.as_deref(), Some("SDKB1"));
        assert_eq!(line.order_amount, Fen::new(8_880));
    }

    async fn a_blocking_program_does_the_same(db: Db) {
        let bench = Bench::new(db).await;
        let origin = serve(&bench).await;
        let app = at(by_key(0), &origin);
        let order = Precreate::new("SDKL1", "高等数学", Fen::new(880));
        let blocking = move |run: fn(&blocking::Client) -> bool, gateway| {
            let app = app.clone();
            tokio::task::spawn_blocking(move || {
                let http = blocking::HttpTransport::new().unwrap();
                run(&blocking::Client::new(app, Arc::new(http)).with_gateway(gateway))
            })
        };
        connected(at(by_key(0), &origin)).execute(&order, now()).await.done().unwrap();
        pay(&bench, "SDKL1", json!({})).await;
        for gateway in [Gateway::V2, Gateway::V3] {
            let paid = blocking(
                |client| {
                    let query = Query::by_out_trade_no("SDKL1");
                    let timer = blocking::ThreadTimer::new(now);
                    let patience = Patience { first_ms: 0, every_ms: 0, questions: 2 };
                    let waited = client.wait_until_paid(&query, patience, &timer);
                    let content = json!({"out_trade_no": "SDKL1"});
                    let named = client.call_method("alipay.trade.query", &content, now());
                    matches!(waited, Waited::Paid(_)) && named.done().is_some()
                },
                gateway,
            );
            assert!(paid.await.unwrap(), "{gateway:?}");
            let given_back = blocking(
                |client| {
                    let number = if client.gateway() == Gateway::V2 { "R2" } else { "R3" };
                    let refund = Refund::new("SDKL1", number, Fen::new(100));
                    done(client.refund(&refund, now())).fund_change == FundChange::Moved
                },
                gateway,
            );
            assert!(given_back.await.unwrap(), "{gateway:?}");
        }
    }
}

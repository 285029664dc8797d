//! Every typed method of trades, through every face of the SDK.

use crate::sdk_faces::{Face, Till, done, faces, refused};
use crate::support::Bench;
use alipay::answers::{CancelAction, RefundApplyStatus};
use alipay::poll::{PayEnd, RefundEnd, Waited};
use alipay::requests::{
    AppPay, Cancel, Close, Create, OrderinfoSync, PagePay, Pay, Precreate, Query, Refund,
    RefundApply, RefundQuery, WapPay,
};
use alipay::{FundChange, Outcome, TradeStatus};
use http::StatusCode;
use money::Fen;
use serde_json::json;
use store::Db;

/// What the tests of this file ask.
pub(crate) const COUNTER: &[&str] = &[
    "alipay.trade.cancel",
    "alipay.trade.pay",
    "alipay.trade.query",
];
pub(crate) const ORDERS: &[&str] = &[
    "alipay.trade.app.pay",
    "alipay.trade.close",
    "alipay.trade.create",
    "alipay.trade.page.pay",
    "alipay.trade.precreate",
    "alipay.trade.query",
    "alipay.trade.wap.pay",
];
pub(crate) const REFUNDS: &[&str] = &[
    "alipay.trade.fastpay.refund.query",
    "alipay.trade.orderinfo.sync",
    "alipay.trade.query",
    "alipay.trade.refund",
    "alipay.trade.refund.apply",
];

const SUBJECT: &str = "高等数学 & 习题";

impl Bench {
    /// A code that the rich buyer shows.
    async fn shown(&self) -> String {
        let path = "accounts/buyer@sandbox.com/payment-codes";
        let reply = self.control(path, json!({})).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        reply.json()["auth_code"].as_str().unwrap().to_owned()
    }

    /// The buyer pays what a number or a link asks for.
    async fn pays(&self, number: &str, asks: serde_json::Value) {
        let path = format!("trades/{number}/pay?app_id={}", self.apps[0].app_id);
        let reply = self.control(&path, asks).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    }
}

/// Small amounts are paid at once; above 1000.00 the buyer has to confirm, which is `10003`.
async fn at_the_counter(bench: &Bench, face: &Face) {
    let pay = async |name: &str, fen| {
        Pay::by_barcode(
            &face.number(name),
            SUBJECT,
            Fen::new(fen),
            &bench.shown().await,
        )
    };
    let small = pay("S", 880).await;
    let paid = done(face.ask(&small).await);
    assert_eq!(paid.total_amount, Fen::new(880));
    assert_eq!(paid.fund_bill_list[0].fund_channel, "ALIPAYACCOUNT");
    refused(face.ask(&small).await, "TRADE_HAS_SUCCESS");

    let large = pay("L", 100_001).await;
    match face.ask(&large).await {
        Outcome::Unknown(unknown) => {
            let node = unknown.accepted().expect("accepted, and not paid");
            assert_eq!(node.text("out_trade_no"), Some(&*face.number("L")));
        }
        other => panic!("10003 is no {other:?}"),
    }
    let number = face.number("L");
    let found = done(face.ask(&Query::by_out_trade_no(&number)).await);
    assert_eq!(found.trade_status, TradeStatus::WaitBuyerPay);

    // To the end: who confirms while the till asks has paid, who does not is cancelled.
    let confirmed = pay("E", 200_000).await;
    let till = Till::paid(bench, face, &face.number("E"));
    let end = face.pay_to_its_end(&confirmed, &till).await;
    assert!(
        matches!(&end, PayEnd::Paid(trade) if trade.total_amount == Fen::new(200_000)),
        "{end:?}"
    );
    let ignored = pay("I", 200_000).await;
    let end = face
        .pay_to_its_end(&ignored, &Till::idle(bench, face))
        .await;
    assert!(
        matches!(&end, PayEnd::Cancelled(done) if done.action == Some(CancelAction::Close)),
        "{end:?}"
    );
    let waited = Query::by_out_trade_no(&number);
    let idle = face
        .wait_until_paid(&waited, &Till::idle(bench, face))
        .await;
    assert!(matches!(idle, Waited::Unpaid(_)), "{idle:?}");
    let till = Till::paid(bench, face, &number);
    let waited = face.wait_until_paid(&waited, &till).await;
    assert!(matches!(waited, Waited::Paid(_)), "{waited:?}");

    let taken_back = done(face.ask(&Cancel::by_out_trade_no(&face.number("S"))).await);
    assert_eq!(taken_back.action, Some(CancelAction::Refund));
    assert!(!taken_back.has_to_be_repeated());
    let unknown = done(face.ask(&Cancel::by_out_trade_no(&face.number("X"))).await);
    assert_eq!((unknown.action, unknown.trade_no), (None, None));
    face.has_asked(COUNTER);
}

/// QR codes, mini programs, pages and apps; and closing.
async fn orders(bench: &Bench, face: &Face) {
    let (amount, number) = (Fen::new(880), |name: &str| face.number(name));
    let query = |name: &str| Query::by_out_trade_no(&face.number(name));
    let code = done(
        face.ask(&Precreate::new(&number("Q"), SUBJECT, amount))
            .await,
    );
    assert!(code.qr_code.contains("/qr/"), "{}", code.qr_code);
    refused(face.ask(&query("Q")).await, "TRADE_NOT_EXIST");
    bench.pays(&number("Q"), json!({})).await;
    let found = done(face.ask(&query("Q")).await);
    assert_eq!(
        (found.trade_status, found.total_amount),
        (TradeStatus::Success, amount)
    );
    refused(
        face.ask(&Close::by_out_trade_no(&number("Q"))).await,
        "TRADE_STATUS_ERROR",
    );

    let buyer = bench.look("accounts/buyer@sandbox.com").await;
    let mut order = Create::for_open_id(&number("M"), SUBJECT, amount, "");
    order.buyer_open_id = None;
    order.buyer_id = buyer["user_id"].as_str().map(str::to_owned);
    let made = done(face.ask(&order).await);
    assert_eq!(made.trade_no.len(), 28);
    let closed = done(face.ask(&Close::by_trade_no(&made.trade_no)).await);
    assert_eq!(closed.out_trade_no, Some(number("M")));
    assert_eq!(
        done(face.ask(&query("M")).await).trade_status,
        TradeStatus::Closed
    );

    let wap = WapPay::new(&number("W"), SUBJECT, amount, "http://shop.example/");
    let page = PagePay::new(&number("P"), SUBJECT, amount);
    for (name, link) in [("P", face.page(&page)), ("W", face.page(&wap))] {
        bench.pays(&number(name), json!({"url": link})).await;
        assert!(done(face.ask(&query(name)).await).trade_status.is_paid());
    }
    let text = face.order_string(&AppPay::new(&number("A"), SUBJECT, amount));
    let link = format!("{}/gateway.do?{text}", face.origin);
    bench.pays(&number("A"), json!({"url": link})).await;
    assert!(done(face.ask(&query("A")).await).trade_status.is_paid());
    face.has_asked(ORDERS);
}

/// Money that goes back, at once and later, and what is told about an order.
async fn refunds(bench: &Bench, face: &Face) {
    let (number, part) = (face.number("R"), Fen::new(100));
    bench.paid(&number, "10.00").await;
    let first = done(face.ask(&Refund::new(&number, "r1", part)).await);
    assert_eq!(
        (first.fund_change, first.refunded_total),
        (FundChange::Moved, Some(part))
    );
    let till = Till::idle(bench, face);
    let end = face
        .refund_until_known(&Refund::new(&number, "r2", part), &till)
        .await;
    assert!(matches!(end, RefundEnd::Moved(_)), "{end:?}");
    let asked = done(face.ask(&RefundQuery::new(&number, "r2")).await);
    assert_eq!(asked.refunded(), Some(part));
    assert_eq!(
        done(face.ask(&RefundQuery::new(&number, "r9")).await).refunded(),
        None
    );
    refused(
        face.ask(&Refund::new(&number, "r1", Fen::new(99))).await,
        "DISCORDANT_REPEAT_REQUEST",
    );
    let later = done(face.ask(&RefundApply::new(&number, "r3", part)).await);
    assert_eq!(later.refund_status, RefundApplyStatus::Success);
    assert_eq!(later.refund_amount, Some(part));
    let trade = done(face.ask(&Query::by_out_trade_no(&number)).await);
    let told = OrderinfoSync::new(
        &trade.trade_no,
        "o1",
        "CREDIT_AUTH",
        r#"{"status":"COMPLETE"}"#,
    );
    assert_eq!(done(face.ask(&told).await).out_trade_no, Some(number));
    face.has_asked(REFUNDS);
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn every_face_takes_money_at_a_counter(db: Db) {
        let bench = Bench::new(db).await;
        for face in faces(&bench).await {
            at_the_counter(&bench, &face).await;
        }
        bench.assert_balanced().await;
    }

    async fn every_face_makes_orders_and_closes_them(db: Db) {
        let bench = Bench::new(db).await;
        for face in faces(&bench).await {
            orders(&bench, &face).await;
        }
        bench.assert_balanced().await;
    }

    async fn every_face_gives_money_back(db: Db) {
        let bench = Bench::new(db).await;
        for face in faces(&bench).await {
            refunds(&bench, &face).await;
        }
        bench.assert_balanced().await;
    }
}

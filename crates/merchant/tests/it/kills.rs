//! The service ends at the worst instants; what it began is brought to its end after the start.

use crate::alipay::{APP_A, FakeAlipay};
use crate::shop::{Shop, Wish, wish};
use bytes::Bytes;
use merchant::app::{
    NoticeIn, OrderRef, PayOrder, PayWith, RefundOrder, RequestKey, Scope, pay_order, place_order,
    receive_notice, refund_order,
};
use merchant::domain::{OrderState, Product, RefundState};
use merchant::{KillSwitch, Pay, Point, TestBugs};
use money::Fen;
use std::sync::Arc;
use store::Db;

fn dying(point: Point) -> Wish {
    Wish {
        kill_switch: Some(KillSwitch(Arc::new(move |at| at == point))),
        ..Wish::default()
    }
}

fn notice(shop: &Shop) -> NoticeIn {
    let fields = shop.alipay.notice(APP_A, "A1", "39.00");
    NoticeIn {
        scope: Scope::Any,
        body: Bytes::from(FakeAlipay::sign(&fields)),
        content_type: None,
    }
}

testdb::on_both_engines! {
    steps: merchant::steps;

    async fn a_notice_cut_off_before_its_commit_is_not_acknowledged(db: Db) {
        let shop = Shop::with(db, dying(Point::NoticeBeforeCommit)).await;
        shop.order("A1").await;
        shop.alipay.pay(APP_A, "A1", 3_900);
        let told = notice(&shop);
        assert!(receive_notice(&shop.merchant, told.clone()).await.is_err());
        assert_eq!(shop.state("A1").await, OrderState::Open);
        let shop = shop.reopened(Wish::default()).await;
        assert!(receive_notice(&shop.merchant, told).await.is_ok());
        assert_eq!(shop.state("A1").await, OrderState::Paid);
    }

    async fn a_notice_cut_off_after_its_commit_is_done_once(db: Db) {
        let shop = Shop::with(db, dying(Point::NoticeAfterCommit)).await;
        shop.order("A1").await;
        let told = notice(&shop);
        assert!(receive_notice(&shop.merchant, told.clone()).await.is_err());
        let shop = shop.reopened(Wish::default()).await;
        assert!(receive_notice(&shop.merchant, told).await.is_ok());
        shop.settle().await;
        assert_eq!(shop.events.kinds(), ["order.paid"]);
        shop.prove().await;
    }

    async fn the_planted_early_acknowledgement_is_visible(db: Db) {
        let wish = Wish {
            bugs: TestBugs { acknowledged_before_commit: true, ..TestBugs::default() },
            ..dying(Point::NoticeBeforeCommit)
        };
        let shop = Shop::with(db, wish).await;
        shop.order("A1").await;
        let verdict = receive_notice(&shop.merchant, notice(&shop)).await.unwrap();
        assert_eq!(verdict.answer("failure"), "success");
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM notices").await, 0);
    }

    async fn an_order_cut_off_after_its_commit_is_found_by_its_key(db: Db) {
        let shop = Shop::with(db, dying(Point::PlaceAfterCommit)).await;
        let key = RequestKey { key: "k".to_owned(), request_hash: "h".to_owned() };
        let mut order = wish("A1");
        order.key = Some(key);
        order.product = Product::Qr;
        assert!(place_order(&shop.merchant, order.clone()).await.is_err());
        let shop = shop.reopened(dying(Point::PrecreateAfterCall)).await;
        assert!(place_order(&shop.merchant, order.clone()).await.is_err());
        let shop = shop.reopened(Wish::default()).await;
        let placed = place_order(&shop.merchant, order).await.unwrap();
        assert_eq!(placed.pay, Some(Pay::QrCode("https://qr.alipay.com/A1".to_owned())));
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM orders").await, 1);
    }

    async fn a_second_try_cut_off_after_its_commit_is_found_by_its_key(db: Db) {
        let shop = Shop::with(db, dying(Point::PrecreateAfterCall)).await;
        shop.order("A1").await;
        let again = PayOrder {
            merchant: "school".to_owned(),
            order: OrderRef::Number("A1".to_owned()),
            product: Product::Qr,
            with: PayWith::New,
            return_url: None,
            key: Some(RequestKey { key: "k".to_owned(), request_hash: "h".to_owned() }),
        };
        assert!(pay_order(&shop.merchant, again.clone()).await.is_err());
        let shop = shop.reopened(Wish::default()).await;
        let placed = pay_order(&shop.merchant, again).await.unwrap();
        assert_eq!(placed.attempt.out_trade_no, "A1_2");
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM attempts").await, 2);
    }

    async fn a_refund_cut_off_anywhere_happens_once(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        let wanted = |number: &str| RefundOrder {
            merchant: "school".to_owned(),
            order: OrderRef::Number("A1".to_owned()),
            merchant_refund_no: number.to_owned(),
            amount: Fen::new(1_000),
            reason: None,
            key: Some(RequestKey { key: number.to_owned(), request_hash: "h".to_owned() }),
        };
        for (number, point) in [("R1", Point::RefundAfterReserve), ("R2", Point::RefundAfterCall)] {
            let shop = shop.reopened(dying(point)).await;
            assert!(refund_order(&shop.merchant, wanted(number)).await.is_err());
            let shop = shop.reopened(Wish::default()).await;
            shop.worker.recover().await.unwrap();
            shop.advance(120_000).await;
            let again = refund_order(&shop.merchant, wanted(number)).await.unwrap();
            assert_eq!(again.state, RefundState::Succeeded);
            shop.prove().await;
        }
        assert_eq!(shop.alipay.refunded(APP_A, "A1"), 2_000);
        assert_eq!(shop.find("A1").await.refunded_amount, Fen::new(2_000));
    }

    async fn a_close_cut_off_after_the_call_is_finished_later(db: Db) {
        let shop = Shop::with(db, dying(Point::CloseAfterCall)).await;
        shop.order("A1").await;
        shop.alipay.open(APP_A, "A1", 3_900);
        let named = OrderRef::Number("A1".to_owned());
        assert!(merchant::app::close_order(&shop.merchant, "school", &named).await.is_err());
        assert!(shop.find("A1").await.closing);
        let shop = shop.reopened(Wish::default()).await;
        shop.advance(120_000).await;
        assert_eq!(shop.state("A1").await, OrderState::Closed);
    }
}

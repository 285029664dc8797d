//! Closing: asked first, closed at Alipay, and only then here; money that comes late.

use crate::alipay::{APP_A, Fault};
use crate::shop::{Shop, Wish};
use merchant::LatePolicy;
use merchant::app::{
    CloseOutcome, OrderRef, PayOrder, PayOrderError, PayWith, RequestKey, close_order,
    close_order_once, pay_order,
};
use merchant::domain::{OrderState, Product};
use money::Fen;
use store::Db;

const MINUTE: i64 = 60_000;

async fn close(shop: &Shop, number: &str) -> CloseOutcome {
    let named = OrderRef::Number(number.to_owned());
    close_order(&shop.merchant, "school", &named)
        .await
        .expect("it answers")
        .outcome
}

async fn closed_with_policy(db: Db, late_policy: LatePolicy) -> Shop {
    let wish = Wish {
        late_policy,
        ..Wish::default()
    };
    let shop = Shop::with(db, wish).await;
    shop.order("A1").await;
    shop.alipay.open(APP_A, "A1", 3_900);
    shop.advance(40 * MINUTE).await;
    assert_eq!(shop.state("A1").await, OrderState::Closed);
    shop.alipay.pay(APP_A, "A1", 3_900);
    let fields = shop.alipay.notice(APP_A, "A1", "39.00");
    assert_eq!(shop.notify(&fields).await.answer("failure"), "success");
    assert_eq!(shop.notify(&fields).await.answer("failure"), "success");
    shop.settle().await;
    shop.prove().await;
    shop
}

testdb::on_both_engines! {
    steps: merchant::steps;

    async fn an_order_that_nobody_opened_closes_when_its_link_is_dead(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.advance(30 * MINUTE + 1_000).await;
        assert_eq!(shop.state("A1").await, OrderState::Open, "the grace is not over");
        shop.advance(MINUTE).await;
        assert_eq!(shop.state("A1").await, OrderState::Closed);
        assert_eq!(shop.alipay.calls("alipay.trade.close").len(), 0);
        assert_eq!(shop.events.kinds(), ["order.closed"]);
        assert_eq!(shop.worker.next_due().await.unwrap(), None);
    }

    async fn an_order_that_waits_is_closed_at_alipay_first(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.alipay.open(APP_A, "A1", 3_900);
        shop.advance(5 * MINUTE).await;
        assert_eq!(shop.state("A1").await, OrderState::Paying);
        shop.alipay.fault("alipay.trade.close", Fault::LostBefore);
        shop.advance(25 * MINUTE).await;
        assert_eq!(shop.state("A1").await, OrderState::Paying, "silence closes nothing");
        shop.advance(5 * MINUTE).await;
        assert_eq!(shop.state("A1").await, OrderState::Closed);
        assert_eq!(shop.alipay.calls("alipay.trade.close").len(), 2);
    }

    async fn an_order_paid_in_its_last_second_is_not_closed(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.alipay.open(APP_A, "A1", 3_900);
        shop.advance(30 * MINUTE - 2_000).await;
        shop.alipay.pay(APP_A, "A1", 3_900);
        shop.advance(5 * MINUTE).await;
        assert_eq!(shop.state("A1").await, OrderState::Paid);
        assert_eq!(shop.alipay.calls("alipay.trade.close").len(), 0);
    }

    async fn a_merchant_closes_an_order_whose_trade_waits(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.alipay.open(APP_A, "A1", 3_900);
        assert_eq!(close(&shop, "A1").await, CloseOutcome::Closed);
        assert_eq!(close(&shop, "A1").await, CloseOutcome::Closed);
        shop.settle().await;
        assert_eq!(shop.events.kinds(), ["order.closed"]);
    }

    async fn closing_an_unopened_link_waits_until_it_is_dead(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        assert_eq!(close(&shop, "A1").await, CloseOutcome::Closing);
        assert!(shop.find("A1").await.closing);
        let again = PayOrder {
            merchant: "school".to_owned(),
            order: OrderRef::Number("A1".to_owned()),
            product: Product::Page,
            with: PayWith::Last,
            return_url: None,
            key: None,
        };
        let refused = pay_order(&shop.merchant, again).await.unwrap_err();
        assert!(matches!(refused, PayOrderError::NotPayable("closing")));
        // The buyer opens the old link after all: the trade is closed as soon as it is seen.
        shop.alipay.open(APP_A, "A1", 3_900);
        shop.advance(10 * MINUTE).await;
        assert_eq!(shop.state("A1").await, OrderState::Closed);
    }

    async fn two_closes_under_one_key_get_one_answer(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.alipay.open(APP_A, "A1", 3_900);
        let key = RequestKey { key: "k".to_owned(), request_hash: "h".to_owned() };
        let named = OrderRef::Number("A1".to_owned());
        let gate = shop.alipay.hold("alipay.trade.close");
        let first = close_order_once(&shop.merchant, "school", &named, &key);
        let second = async {
            gate.reached().await;
            // Nobody hears what Alipay says now.
            shop.alipay.fault("alipay.trade.query", Fault::LostBefore);
            let answer = close_order_once(&shop.merchant, "school", &named, &key).await;
            gate.open();
            answer
        };
        let (first, second) = futures::future::join(first, second).await;
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!(second.outcome, CloseOutcome::Closing);
        assert_eq!(first, second);
        assert_eq!(shop.state("A1").await, OrderState::Closed);
    }

    async fn money_that_comes_while_closing_wins(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        assert_eq!(close(&shop, "A1").await, CloseOutcome::Closing);
        shop.alipay.pay(APP_A, "A1", 3_900);
        assert_eq!(close(&shop, "A1").await, CloseOutcome::Paid);
        shop.settle().await;
        assert_eq!(shop.events.kinds(), ["order.paid"]);
    }

    async fn a_trade_that_alipay_closed_frees_the_order_for_another_try(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.alipay.open(APP_A, "A1", 3_900);
        shop.advance(3 * MINUTE).await;
        shop.alipay.expire(APP_A, "A1");
        shop.advance(10 * MINUTE).await;
        assert_eq!(shop.state("A1").await, OrderState::Open);
        let again = PayOrder {
            merchant: "school".to_owned(),
            order: OrderRef::Number("A1".to_owned()),
            product: Product::Page,
            with: PayWith::Last,
            return_url: None,
            key: None,
        };
        let second = pay_order(&shop.merchant, again).await.unwrap();
        assert_eq!(second.attempt.out_trade_no, "A1_2");
    }

    async fn late_money_goes_back_by_default(db: Db) {
        let shop = closed_with_policy(db, LatePolicy::Refund).await;
        let order = shop.find("A1").await;
        assert_eq!(order.state, OrderState::LatePaid);
        assert!(order.late);
        assert_eq!(order.refunded_amount, Fen::new(3_900));
        assert_eq!(shop.alipay.refunded(APP_A, "A1"), 3_900);
        assert_eq!(shop.events.kinds(), ["order.closed", "order.late_paid"]);
    }

    async fn late_money_is_accepted_where_the_merchant_wants_it(db: Db) {
        let shop = closed_with_policy(db, LatePolicy::Accept).await;
        let order = shop.find("A1").await;
        assert_eq!(order.state, OrderState::Paid);
        assert!(order.late);
        assert_eq!(shop.alipay.refunded(APP_A, "A1"), 0);
        assert_eq!(shop.events.kinds(), ["order.closed", "order.paid"]);
    }

    async fn late_money_is_held_where_the_merchant_wants_it(db: Db) {
        let shop = closed_with_policy(db, LatePolicy::Hold).await;
        assert_eq!(shop.state("A1").await, OrderState::Attention);
        assert_eq!(shop.alipay.refunded(APP_A, "A1"), 0);
        assert_eq!(shop.events.kinds(), ["order.closed", "order.attention"]);
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM cases WHERE kind = 'late_payment'").await, 1);
    }
}

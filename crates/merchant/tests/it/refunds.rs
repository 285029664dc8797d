//! Refunds: reserved first, never more than was paid, decided only by Alipay's word.

use crate::alipay::{APP_A, Fault};
use crate::shop::{Shop, wish};
use merchant::app::{
    OrderRef, RefundOrder, RefundOrderError, RequestKey, list_refunds, place_order, refund_order,
};
use merchant::domain::{RefundRefusal, RefundState};
use money::Fen;
use store::Db;

const REFUND: &str = "alipay.trade.refund";
const QUERY: &str = "alipay.trade.fastpay.refund.query";

fn refund(number: &str, refund_no: &str, fen: i64) -> RefundOrder {
    RefundOrder {
        merchant: "school".to_owned(),
        order: OrderRef::Number(number.to_owned()),
        merchant_refund_no: refund_no.to_owned(),
        amount: Fen::new(fen),
        reason: Some("不想学了".to_owned()),
        key: None,
    }
}

async fn state(shop: &Shop, refund_no: &str) -> RefundState {
    let named = OrderRef::Number("A1".to_owned());
    let all = list_refunds(&shop.merchant, "school", &named)
        .await
        .expect("refunds");
    let found = all
        .iter()
        .find(|refund| refund.merchant_refund_no == refund_no);
    found.expect("a refund").state
}

testdb::on_both_engines! {
    steps: merchant::steps;

    async fn a_refund_moves_money_and_books(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        let view = refund_order(&shop.merchant, refund("A1", "R1", 1_000)).await.unwrap();
        assert_eq!(view.state, RefundState::Succeeded);
        assert_eq!(view.merchant_order_no, "A1");
        let order = shop.find("A1").await;
        assert_eq!(order.refunded_amount, Fen::new(1_000));
        assert_eq!(order.reserved_amount, Fen::ZERO);
        assert_eq!(shop.alipay.refunded(APP_A, "A1"), 1_000);
        let again = refund_order(&shop.merchant, refund("A1", "R1", 1_000)).await.unwrap();
        assert_eq!(again.id, view.id);
        let other = refund_order(&shop.merchant, refund("A1", "R1", 999)).await.unwrap_err();
        assert!(matches!(other, RefundOrderError::ExistsWithDifferent("amount")));
        shop.settle().await;
        assert_eq!(shop.events.kinds(), ["order.paid", "refund.succeeded"]);
        assert_eq!(shop.alipay.calls(REFUND).len(), 1);
        shop.prove().await;
    }

    async fn more_than_was_paid_cannot_go_back(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        refund_order(&shop.merchant, refund("A1", "R1", 3_000)).await.unwrap();
        let refused = refund_order(&shop.merchant, refund("A1", "R2", 901)).await.unwrap_err();
        let RefundOrderError::Refused(RefundRefusal::ExceedsPaid { left }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(left, Fen::new(900));
        let nothing = refund_order(&shop.merchant, refund("A1", "R3", 0)).await.unwrap_err();
        assert!(matches!(nothing, RefundOrderError::Refused(RefundRefusal::NotPositive)));
        place_order(&shop.merchant, wish("A2")).await.unwrap();
        let unpaid = refund_order(&shop.merchant, refund("A2", "R4", 1)).await.unwrap_err();
        assert!(matches!(unpaid, RefundOrderError::Refused(RefundRefusal::NotPaid)));
        assert_eq!(shop.alipay.calls(REFUND).len(), 1);
        shop.prove().await;
    }

    async fn twenty_refunds_at_once_never_exceed_what_was_paid(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        let all = (0..20).map(|i| {
            let shop = &shop;
            async move {
                refund_order(&shop.merchant, refund("A1", &format!("R{i}"), 1_000)).await
            }
        });
        let done = futures::future::join_all(all).await;
        let began = done.iter().filter(|result| result.is_ok()).count();
        assert_eq!(began, 3);
        shop.settle().await;
        assert_eq!(shop.alipay.refunded(APP_A, "A1"), 3_000);
        assert_eq!(shop.find("A1").await.refunded_amount, Fen::new(3_000));
        shop.prove().await;
    }

    async fn a_lost_answer_leaves_the_refund_unknown_and_its_money_reserved(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        shop.alipay.fault(REFUND, Fault::LostAfter);
        let key = RequestKey { key: "k".to_owned(), request_hash: "h".to_owned() };
        let keyed = RefundOrder { key: Some(key), ..refund("A1", "R1", 3_900) };
        let view = refund_order(&shop.merchant, keyed.clone()).await.unwrap();
        assert_eq!(view.state, RefundState::Unknown);
        assert_eq!(shop.find("A1").await.reserved_amount, Fen::new(3_900));
        let more = refund_order(&shop.merchant, refund("A1", "R2", 1)).await.unwrap_err();
        assert!(matches!(more, RefundOrderError::Refused(RefundRefusal::ExceedsPaid { .. })));
        shop.prove().await;
        shop.advance(60_000).await;
        assert_eq!(state(&shop, "R1").await, RefundState::Succeeded);
        assert_eq!(shop.alipay.refunded(APP_A, "A1"), 3_900);
        // The answer under the key stays what it was.
        let again = refund_order(&shop.merchant, keyed).await.unwrap();
        assert_eq!(again, view);
        shop.prove().await;
    }

    async fn two_requests_under_one_key_get_one_answer(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        let key = RequestKey { key: "k".to_owned(), request_hash: "h".to_owned() };
        let keyed = RefundOrder { key: Some(key), ..refund("A1", "R1", 3_900) };
        // The second comes while the first asks Alipay, and answers before it.
        let gate = shop.alipay.hold(REFUND);
        let first = refund_order(&shop.merchant, keyed.clone());
        let second = async {
            gate.reached().await;
            let answer = refund_order(&shop.merchant, keyed.clone()).await;
            gate.open();
            answer
        };
        let (first, second) = futures::future::join(first, second).await;
        let second = second.unwrap();
        assert_eq!(second.state, RefundState::Reserved);
        assert_eq!(first.unwrap(), second);
        assert_eq!(refund_order(&shop.merchant, keyed).await.unwrap(), second);
        assert_eq!(state(&shop, "R1").await, RefundState::Succeeded);
    }

    async fn a_request_that_never_arrived_is_sent_again_under_its_number(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        for _ in 0..3 {
            shop.alipay.fault(REFUND, Fault::LostBefore);
        }
        shop.alipay.fault(QUERY, Fault::Busy);
        let view = refund_order(&shop.merchant, refund("A1", "R1", 3_900)).await.unwrap();
        assert_eq!(view.state, RefundState::Unknown);
        shop.advance(60 * 60_000).await;
        assert_eq!(state(&shop, "R1").await, RefundState::Succeeded);
        let numbers: Vec<_> = shop.alipay.calls(REFUND);
        assert_eq!(numbers.len(), 4);
        assert!(numbers.iter().all(|biz| biz["out_request_no"] == view.out_request_no.as_str()));
        assert_eq!(shop.alipay.refunded(APP_A, "A1"), 3_900);
        shop.prove().await;
    }

    async fn a_refusal_frees_the_money(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        shop.alipay.fault(REFUND, Fault::Refuse("ACQ.SELLER_BALANCE_NOT_ENOUGH"));
        let view = refund_order(&shop.merchant, refund("A1", "R1", 3_900)).await.unwrap();
        assert_eq!(view.state, RefundState::Failed);
        assert_eq!(view.failure.as_deref(), Some("ACQ.SELLER_BALANCE_NOT_ENOUGH"));
        let order = shop.find("A1").await;
        assert_eq!(order.reserved_amount, Fen::ZERO);
        let second = refund_order(&shop.merchant, refund("A1", "R2", 3_900)).await.unwrap();
        assert_eq!(second.state, RefundState::Succeeded);
        shop.settle().await;
        assert_eq!(shop.events.kinds(), ["order.paid", "refund.failed", "refund.succeeded"]);
        shop.prove().await;
    }

    async fn a_refusal_of_a_repeat_is_no_proof_against_the_first(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        shop.alipay.fault(REFUND, Fault::LostAfter);
        shop.alipay.fault(QUERY, Fault::Refuse("ACQ.TRADE_NOT_EXIST"));
        shop.alipay.fault(REFUND, Fault::Refuse("ACQ.TRADE_HAS_CLOSE"));
        refund_order(&shop.merchant, refund("A1", "R1", 3_900)).await.unwrap();
        shop.advance(60_000).await;
        assert_eq!(state(&shop, "R1").await, RefundState::Succeeded);
        shop.prove().await;
    }

    async fn accepted_without_money_is_asked_about(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        shop.alipay.fault(REFUND, Fault::Taken);
        shop.alipay.fault(QUERY, Fault::LostBefore);
        let view = refund_order(&shop.merchant, refund("A1", "R1", 100)).await.unwrap();
        assert_eq!(view.state, RefundState::Sent);
        shop.advance(60_000).await;
        assert_eq!(state(&shop, "R1").await, RefundState::Succeeded);
        shop.prove().await;
    }
}

//! Placing orders, paying them again, and repeating both.

use crate::alipay::{APP_A, APP_B, APP_C, Fault};
use crate::shop::{Shop, wish};
use merchant::app::{
    OrderRef, PayOrder, PayWith, PlaceOrder, PlaceOrderError, RefundOrder, RefundOrderError,
    RequestKey, list_attempts, pay_order, place_order, refund_order,
};
use merchant::domain::{AttemptState, OrderState, Product};
use merchant::{Pay, PlacedView};
use money::Fen;
use store::Db;

fn keyed(number: &str, key: &str, hash: &str) -> PlaceOrder {
    PlaceOrder {
        key: Some(RequestKey {
            key: key.to_owned(),
            request_hash: hash.to_owned(),
        }),
        ..wish(number)
    }
}

fn again(number: &str, product: Product, with: PayWith) -> PayOrder {
    PayOrder {
        merchant: "school".to_owned(),
        order: OrderRef::Number(number.to_owned()),
        product,
        with,
        return_url: None,
        key: None,
    }
}

fn url(placed: &PlacedView) -> url::Url {
    match &placed.pay {
        Some(Pay::Url(url)) => url.parse().expect("an address"),
        other => panic!("no link: {other:?}"),
    }
}

testdb::on_both_engines! {
    steps: merchant::steps;

    async fn a_page_order_hands_out_a_signed_link(db: Db) {
        let shop = Shop::new(db).await;
        let placed = shop.order("A1").await;
        assert!(placed.created);
        assert_eq!(placed.order.state, OrderState::Open);
        assert_eq!(placed.attempt.state, AttemptState::Sent);
        let url = url(&placed);
        let field = |name: &str| {
            let found = url.query_pairs().find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        assert_eq!(field("method"), "alipay.trade.page.pay");
        assert_eq!(field("app_id"), APP_A);
        assert_eq!(field("notify_url"), "https://pay.test/notify/alipay");
        assert_eq!(field("return_url"), "https://school.test/order/success/");
        let biz: serde_json::Value = serde_json::from_str(&field("biz_content")).unwrap();
        assert_eq!(biz["out_trade_no"], "A1");
        assert_eq!(biz["total_amount"], "39.00");
        assert_eq!(biz["time_expire"], placed.order.expires_at.china());
    }

    async fn the_shops_own_notify_path_goes_into_the_link(db: Db) {
        let shop = Shop::new(db).await;
        let mut order = wish("A1");
        order.notify_url = Some("https://school.test/order/success/".to_owned());
        let placed = place_order(&shop.merchant, order).await.unwrap();
        let text = url(&placed).to_string();
        assert!(text.contains("notify_url=https%3A%2F%2Fschool.test%2Forder%2Fsuccess%2F"));
    }

    async fn a_number_of_ours_is_a_uuid_of_version_7(db: Db) {
        let shop = Shop::new(db).await;
        let order = PlaceOrder { merchant_order_no: None, ..wish("") };
        let placed = place_order(&shop.merchant, order).await.unwrap();
        assert_eq!(placed.order.merchant_order_no.len(), 32);
        assert_eq!(&placed.order.merchant_order_no[12..13], "7");
        assert_eq!(placed.attempt.out_trade_no, placed.order.merchant_order_no);
    }

    async fn the_same_number_gives_the_same_order_and_another_one_is_refused(db: Db) {
        let shop = Shop::new(db).await;
        let first = shop.order("A1").await;
        let second = shop.order("A1").await;
        assert_eq!(first.order, second.order);
        assert!(!second.created);
        let dearer = PlaceOrder { amount: Fen::new(4_000), ..wish("A1") };
        let refused = place_order(&shop.merchant, dearer).await.unwrap_err();
        assert!(matches!(refused, PlaceOrderError::ExistsWithDifferent("total_amount")));
    }

    async fn a_key_gives_the_same_answer_and_no_other(db: Db) {
        let shop = Shop::new(db).await;
        let first = place_order(&shop.merchant, keyed("A1", "k1", "h1")).await.unwrap();
        let second = place_order(&shop.merchant, keyed("A1", "k1", "h1")).await.unwrap();
        let json = |view: &PlacedView| serde_json::to_string(view).unwrap();
        assert_eq!(json(&first), json(&second));
        let refused = place_order(&shop.merchant, keyed("A1", "k1", "h2")).await.unwrap_err();
        assert!(matches!(refused, PlaceOrderError::KeyReused));
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM orders").await, 1);
    }

    async fn values_that_alipay_would_not_take_are_refused(db: Db) {
        let shop = Shop::new(db).await;
        let base = || wish("A1");
        let bad = [
            PlaceOrder { merchant_order_no: Some("a-b".into()), ..base() },
            PlaceOrder { subject: "长".repeat(300), ..base() },
            PlaceOrder { amount: Fen::ZERO, ..base() },
            PlaceOrder { amount: Fen::new(10_000_000_001), ..base() },
            PlaceOrder { expires_in_s: Some(59), ..base() },
            PlaceOrder { app_id: Some(APP_B.into()), ..base() },
            PlaceOrder { merchant: "nobody".into(), ..base() },
        ];
        for order in bad {
            assert!(place_order(&shop.merchant, order.clone()).await.is_err(), "{order:?}");
        }
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM orders").await, 0);
        let odd = PlaceOrder { subject: "a/b=c&d 🦀".into(), app_id: Some(APP_C.into()), ..base() };
        assert!(place_order(&shop.merchant, odd).await.is_ok());
    }

    async fn a_qr_order_asks_alipay_for_its_code(db: Db) {
        let shop = Shop::new(db).await;
        let order = PlaceOrder { product: Product::Qr, ..keyed("Q1", "k", "h") };
        let placed = place_order(&shop.merchant, order.clone()).await.unwrap();
        assert_eq!(placed.pay, Some(Pay::QrCode("https://qr.alipay.com/Q1".to_owned())));
        assert_eq!(placed.attempt.state, AttemptState::Sent);
        let again = place_order(&shop.merchant, order).await.unwrap();
        assert_eq!(again.pay, placed.pay);
        assert_eq!(shop.alipay.calls("alipay.trade.precreate").len(), 1);
    }

    async fn an_unknown_qr_order_gives_the_same_answer_and_is_asked_about(db: Db) {
        let shop = Shop::new(db).await;
        shop.alipay.fault("alipay.trade.precreate", Fault::LostAfter);
        let order = PlaceOrder { product: Product::Qr, ..keyed("Q1", "k", "h") };
        let placed = place_order(&shop.merchant, order.clone()).await.unwrap();
        assert_eq!(placed.pay, None);
        assert_eq!(placed.attempt.state, AttemptState::Unknown);
        let again = place_order(&shop.merchant, order).await.unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&placed).unwrap());
        // The buyer of the lost code pays all the same.
        shop.alipay.pay(APP_A, "Q1", 3_900);
        shop.advance(5 * 60_000).await;
        assert_eq!(shop.state("Q1").await, OrderState::Paid);
    }

    async fn a_refused_qr_order_has_failed_and_can_be_paid_otherwise(db: Db) {
        let shop = Shop::new(db).await;
        shop.alipay.fault("alipay.trade.precreate", Fault::Refuse("ACQ.ACCESS_FORBIDDEN"));
        let order = PlaceOrder { product: Product::Qr, ..wish("Q1") };
        let placed = place_order(&shop.merchant, order).await.unwrap();
        assert_eq!(placed.attempt.state, AttemptState::Failed);
        assert_eq!(shop.state("Q1").await, OrderState::Open);
        let paid = again("Q1", Product::Page, PayWith::Last);
        let second = pay_order(&shop.merchant, paid).await.unwrap();
        assert_eq!(second.attempt.out_trade_no, "Q1_2");
        // Without a second try it would have ended with its time.
        shop.advance(2 * 3_600_000).await;
        assert_eq!(shop.state("Q1").await, OrderState::Closed);
    }

    async fn an_order_whose_attempts_failed_ends_with_its_time(db: Db) {
        let shop = Shop::new(db).await;
        shop.alipay.fault("alipay.trade.precreate", Fault::Refuse("ACQ.ACCESS_FORBIDDEN"));
        let order = PlaceOrder { product: Product::Qr, ..wish("Q1") };
        place_order(&shop.merchant, order).await.unwrap();
        shop.advance(3_600_000).await;
        assert_eq!(shop.state("Q1").await, OrderState::Closed);
        assert_eq!(shop.events.kinds(), ["order.closed"]);
    }

    async fn paying_again_gives_the_same_attempt_or_a_new_one(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        let page = |with| again("A1", Product::Page, with);
        let same = pay_order(&shop.merchant, page(PayWith::Last)).await.unwrap();
        assert_eq!(same.attempt.out_trade_no, "A1");
        let wap = again("A1", Product::Wap, PayWith::Last);
        let second = pay_order(&shop.merchant, wap).await.unwrap();
        assert_eq!(second.attempt.out_trade_no, "A1_2");
        let third = pay_order(&shop.merchant, page(PayWith::New)).await.unwrap();
        assert_eq!(third.attempt.out_trade_no, "A1_3");
        let named = OrderRef::Number("A1_2".to_owned());
        let all = list_attempts(&shop.merchant, "school", &named).await.unwrap();
        assert_eq!(all.len(), 3);
        assert!(list_attempts(&shop.merchant, "mall", &named).await.is_err());
    }

    async fn a_new_attempt_steps_over_a_number_that_is_taken(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.order("A1_2").await;
        let second = again("A1", Product::Page, PayWith::New);
        let second = pay_order(&shop.merchant, second).await.unwrap();
        assert_eq!(second.attempt.out_trade_no, "A1_3");
    }

    async fn a_second_payment_goes_back_and_the_first_counts_once(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        let second = again("A1", Product::Page, PayWith::New);
        pay_order(&shop.merchant, second).await.unwrap();
        for number in ["A1", "A1_2"] {
            shop.alipay.pay(APP_A, number, 3_900);
            let fields = shop.alipay.notice(APP_A, number, "39.00");
            assert_eq!(shop.notify(&fields).await.answer("failure"), "success");
        }
        shop.settle().await;
        let order = shop.find("A1").await;
        assert_eq!(order.state, OrderState::Paid);
        assert_eq!(order.paid_amount, Fen::new(3_900));
        assert_eq!(order.refunded_amount, Fen::ZERO);
        assert_eq!(shop.alipay.refunded(APP_A, "A1"), 0);
        assert_eq!(shop.alipay.refunded(APP_A, "A1_2"), 3_900);
        assert_eq!(shop.events.kinds(), ["order.paid"]);
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM cases WHERE kind = 'second_payment'").await, 1);
        shop.prove().await;
    }

    async fn no_refund_of_a_merchants_stands_in_the_way_of_one_of_ours(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        let second = again("A1", Product::Page, PayWith::New);
        let second = pay_order(&shop.merchant, second).await.unwrap();
        let notify = async |number: &str| {
            shop.alipay.pay(APP_A, number, 3_900);
            let fields = shop.alipay.notice(APP_A, number, "39.00");
            shop.notify(&fields).await.answer("failure")
        };
        assert_eq!(notify("A1").await, "success");
        let mut refund = RefundOrder {
            merchant: "school".to_owned(),
            order: OrderRef::Number("A1".to_owned()),
            merchant_refund_no: format!("auto_{}", second.attempt.id),
            amount: Fen::new(1),
            reason: None,
            key: None,
        };
        refund_order(&shop.merchant, refund.clone()).await.unwrap();
        refund.merchant_refund_no = format!("auto:{}", second.attempt.id);
        let refused = refund_order(&shop.merchant, refund).await.unwrap_err();
        assert!(matches!(refused, RefundOrderError::Invalid(_)));
        // Even where the number is taken.
        shop.spoil("UPDATE refunds SET merchant_refund_no = 'auto:'
            || (SELECT attempt_id FROM attempts WHERE out_trade_no = 'A1_2')").await;
        assert_eq!(notify("A1_2").await, "success");
        shop.settle().await;
        assert_eq!(shop.alipay.refunded(APP_A, "A1_2"), 3_900);
        shop.prove().await;
    }

    async fn money_that_should_not_have_come_goes_back_however_often_alipay_refuses(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        pay_order(&shop.merchant, again("A1", Product::Page, PayWith::New)).await.unwrap();
        for _ in 0..3 {
            shop.alipay.fault("alipay.trade.refund", Fault::Refuse("ACQ.SELLER_BALANCE_NOT_ENOUGH"));
        }
        for number in ["A1", "A1_2"] {
            shop.alipay.pay(APP_A, number, 3_900);
            let fields = shop.alipay.notice(APP_A, number, "39.00");
            shop.notify(&fields).await;
        }
        shop.settle().await;
        assert_eq!(shop.alipay.refunded(APP_A, "A1_2"), 0);
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM cases WHERE kind = 'refund_refused'").await, 1);
        shop.advance(2 * 3_600_000).await;
        assert_eq!(shop.alipay.refunded(APP_A, "A1_2"), 3_900);
        assert_eq!(shop.events.kinds(), ["order.paid"]);
        shop.prove().await;
    }

    async fn a_second_trade_is_closed_when_the_first_is_paid(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        pay_order(&shop.merchant, again("A1", Product::Page, PayWith::New)).await.unwrap();
        shop.alipay.open(APP_A, "A1_2", 3_900);
        shop.alipay.pay(APP_A, "A1", 3_900);
        let fields = shop.alipay.notice(APP_A, "A1", "39.00");
        shop.notify(&fields).await;
        shop.settle().await;
        assert_eq!(shop.alipay.calls("alipay.trade.close").len(), 1);
        let named = OrderRef::Number("A1".to_owned());
        let all = list_attempts(&shop.merchant, "school", &named).await.unwrap();
        assert_eq!(all[1].state, AttemptState::Closed);
        assert_eq!(shop.state("A1").await, OrderState::Paid);
    }

    async fn an_old_qr_code_is_not_handed_out_again(db: Db) {
        let shop = Shop::new(db).await;
        let order = PlaceOrder { product: Product::Qr, expires_in_s: Some(86_400), ..wish("Q1") };
        place_order(&shop.merchant, order).await.unwrap();
        let last = || again("Q1", Product::Qr, PayWith::Last);
        let same = pay_order(&shop.merchant, last()).await.unwrap();
        assert_eq!(same.attempt.out_trade_no, "Q1");
        shop.advance(2 * 3_600_000).await;
        let other = pay_order(&shop.merchant, last()).await.unwrap();
        assert_eq!(other.attempt.out_trade_no, "Q1_2");
    }

    async fn placing_again_renews_an_old_qr_code(db: Db) {
        let shop = Shop::new(db).await;
        let order = |key: &str| PlaceOrder {
            product: Product::Qr,
            expires_in_s: Some(86_400),
            ..keyed("Q1", key, "h")
        };
        let first = place_order(&shop.merchant, order("k1")).await.unwrap();
        assert_eq!(first.pay, Some(Pay::QrCode("https://qr.alipay.com/Q1".to_owned())));
        shop.advance(2 * 3_600_000).await;
        let second = place_order(&shop.merchant, order("k2")).await.unwrap();
        assert_eq!(second.pay, Some(Pay::QrCode("https://qr.alipay.com/Q1_2".to_owned())));
        let again = place_order(&shop.merchant, order("k2")).await.unwrap();
        assert_eq!(again.pay, second.pay);
    }

    async fn a_payment_without_any_notice_is_found_by_asking(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.alipay.pay(APP_A, "A1", 3_900);
        shop.alipay.fault("alipay.trade.query", Fault::LostBefore);
        shop.alipay.fault("alipay.trade.query", Fault::Busy);
        shop.advance(20 * 60_000).await;
        assert_eq!(shop.state("A1").await, OrderState::Paid);
        assert_eq!(shop.events.kinds(), ["order.paid"]);
        assert_eq!(shop.worker.next_due().await.unwrap(), None, "nothing is left to do");
        shop.prove().await;
    }

    async fn a_query_answer_over_another_amount_pays_nothing(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.alipay.pay(APP_A, "A1", 1);
        shop.advance(10 * 60_000).await;
        assert_eq!(shop.state("A1").await, OrderState::Open);
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM cases WHERE kind = 'wrong_amount'").await, 1);
        assert_eq!(shop.events.kinds(), Vec::<String>::new());
    }
}

//! Every kind of notice: what is answered, and that nothing else moves.

use crate::alipay::{APP_A, APP_B, APP_C, FakeAlipay, Fault, keys, seller_of};
use crate::shop::Shop;
use ::alipay::Params;
use merchant::app::{CaseOpened, NoticeRefusal, NoticeVerdict, Scope};
use merchant::domain::{Decision, OrderState};
use money::Fen;
use store::Db;

async fn open_order(db: Db) -> Shop {
    let shop = Shop::new(db).await;
    shop.order("A1").await;
    shop.alipay.pay(APP_A, "A1", 3_900);
    shop
}

/// Sends a notice that must be refused with a case, twice, and sees that nothing else moved.
async fn only_opens_a_case(shop: &Shop, scope: Scope, fields: &Params, kind: &'static str) {
    let before = shop.picture().await;
    for _ in 0..2 {
        let verdict = shop
            .notify_raw(scope.clone(), FakeAlipay::sign(fields))
            .await;
        assert_eq!(verdict, NoticeVerdict::Case(CaseOpened { kind }));
        assert_eq!(verdict.answer("error"), "error");
    }
    assert_eq!(shop.picture().await, before);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM cases").await, 1);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM notices").await, 1);
    let times = "SELECT CAST(COALESCE(SUM(deliveries), 0) AS BIGINT) AS n FROM notices";
    assert_eq!(shop.count(times).await, 2);
}

/// Sends what nobody signed, and sees that it is counted and nothing else.
async fn is_only_counted(shop: &Shop, body: Vec<u8>, why: NoticeRefusal) {
    let before = shop.picture().await;
    let counted = shop
        .count("SELECT CAST(COALESCE(SUM(times), 0) AS BIGINT) AS n FROM forged_notices")
        .await;
    let verdict = shop.notify_raw(Scope::Any, body).await;
    assert_eq!(verdict, NoticeVerdict::Refused(why));
    assert_eq!(verdict.answer("failure"), "failure");
    assert_eq!(shop.picture().await, before);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM cases").await, 0);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM notices").await, 0);
    let now = shop
        .count("SELECT CAST(COALESCE(SUM(times), 0) AS BIGINT) AS n FROM forged_notices")
        .await;
    assert_eq!(now, counted + 1);
}

testdb::on_both_engines! {
    steps: merchant::steps;

    async fn a_notice_pays_its_order_once(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_A, "A1", "39.00");
        let verdict = shop.notify(&fields).await;
        assert!(matches!(verdict, NoticeVerdict::Accepted { decision: Decision::Pay, .. }));
        let order = shop.find("A1").await;
        assert_eq!(order.state, OrderState::Paid);
        assert_eq!(order.paid_amount, Fen::new(3_900));
        assert_eq!(order.trade_no.as_deref(), fields.get("trade_no"));
        assert_eq!(order.paid_at.map(kernel::Timestamp::china).as_deref(), fields.get("gmt_payment"));
        let before = shop.picture().await;
        for _ in 0..3 {
            assert_eq!(shop.notify(&fields).await.answer("failure"), "success");
        }
        assert_eq!(shop.picture().await, before);
        shop.settle().await;
        assert_eq!(shop.events.kinds(), ["order.paid"]);
        shop.prove().await;
    }

    async fn doubles_in_parallel_pay_once(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_A, "A1", "39.00");
        let other = shop.alipay.notice(APP_A, "A1", "39.00");
        let all = (0..12).map(|i| shop.notify(if i % 3 == 0 { &other } else { &fields }));
        for verdict in futures::future::join_all(all).await {
            assert_eq!(verdict.answer("failure"), "success");
        }
        shop.settle().await;
        assert_eq!(shop.events.kinds(), ["order.paid"]);
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM ledger_transfers").await, 1);
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM notices").await, 2);
        shop.prove().await;
    }

    async fn a_finished_trade_is_paid_too(db: Db) {
        let shop = open_order(db).await;
        let mut fields = shop.alipay.notice(APP_A, "A1", "39.00");
        fields.set("trade_status", "TRADE_FINISHED");
        assert_eq!(shop.notify(&fields).await.answer("failure"), "success");
        assert_eq!(shop.state("A1").await, OrderState::Paid);
    }

    async fn a_notice_out_of_order_changes_nothing(db: Db) {
        let shop = open_order(db).await;
        let paid = shop.alipay.notice(APP_A, "A1", "39.00");
        shop.notify(&paid).await;
        let before = shop.picture().await;
        let mut waits = shop.alipay.notice(APP_A, "A1", "39.00");
        waits.set("trade_status", "WAIT_BUYER_PAY");
        waits.remove("gmt_payment");
        assert_eq!(shop.notify(&waits).await.answer("failure"), "success");
        let mut odd = shop.alipay.notice(APP_A, "A1", "39.00");
        odd.set("trade_status", "TRADE_PENDING");
        assert_eq!(shop.notify(&odd).await.answer("failure"), "success");
        assert_eq!(shop.picture().await, before);
        assert_eq!(shop.state("A1").await, OrderState::Paid);
    }

    async fn a_refund_notice_is_no_payment(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        let mut fields = shop.alipay.notice(APP_A, "A1", "39.00");
        fields.set("refund_fee", "1.00");
        fields.set("gmt_refund", "2026-08-21 10:00:00.123");
        let verdict = shop.notify(&fields).await;
        assert!(matches!(verdict, NoticeVerdict::Accepted { decision: Decision::AskNow, .. }));
        assert_eq!(shop.state("A1").await, OrderState::Open);
        assert_eq!(shop.events.kinds(), Vec::<String>::new());
        // Asked, the trade itself says that it was paid.
        shop.alipay.pay(APP_A, "A1", 3_900);
        shop.settle().await;
        assert_eq!(shop.state("A1").await, OrderState::Paid);
    }

    async fn a_closed_order_that_a_refund_speaks_of_is_asked_about_through_silence(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.advance(40 * 60_000).await;
        assert_eq!(shop.state("A1").await, OrderState::Closed);
        shop.alipay.pay(APP_A, "A1", 3_900);
        let mut fields = shop.alipay.notice(APP_A, "A1", "39.00");
        fields.set("refund_fee", "1.00");
        for _ in 0..4 {
            shop.alipay.fault("alipay.trade.query", Fault::LostBefore);
        }
        assert_eq!(shop.notify(&fields).await.answer("failure"), "success");
        shop.settle().await;
        assert_eq!(shop.state("A1").await, OrderState::Closed);
        shop.advance(60 * 60_000).await;
        assert_eq!(shop.state("A1").await, OrderState::LatePaid);
        assert_eq!(shop.worker.next_due().await.unwrap(), None);
    }

    async fn silence_about_a_closed_order_ends_in_a_case(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.advance(40 * 60_000).await;
        let mut fields = shop.alipay.notice(APP_A, "A1", "39.00");
        fields.set("refund_fee", "1.00");
        for _ in 0..100 {
            shop.alipay.fault("alipay.trade.query", Fault::LostBefore);
        }
        shop.notify(&fields).await;
        shop.advance(36 * 3_600_000).await;
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM cases WHERE kind = 'no_answer'").await, 1);
        assert_eq!(shop.worker.next_due().await.unwrap(), None);
    }

    async fn a_refund_that_is_none_of_ours_opens_a_case(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        let mut fields = shop.alipay.notice(APP_A, "A1", "39.00");
        fields.set("refund_fee", "1.00");
        let verdict = shop.notify(&fields).await;
        assert_eq!(verdict.answer("failure"), "success");
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM cases WHERE kind = 'foreign_refund'").await, 1);
        assert_eq!(shop.find("A1").await.refunded_amount, Fen::ZERO);
    }

    async fn a_wrong_amount_opens_a_case(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_A, "A1", "0.01");
        only_opens_a_case(&shop, Scope::Any, &fields, "wrong_amount").await;
        assert_eq!(shop.state("A1").await, OrderState::Open);
    }

    async fn a_wrong_seller_opens_a_case(db: Db) {
        let shop = open_order(db).await;
        let mut fields = shop.alipay.notice(APP_A, "A1", "39.00");
        fields.set("seller_id", "2088000000009999");
        only_opens_a_case(&shop, Scope::Any, &fields, "wrong_seller").await;
    }

    async fn a_missing_seller_opens_a_case(db: Db) {
        let shop = open_order(db).await;
        let mut fields = shop.alipay.notice(APP_A, "A1", "39.00");
        fields.remove("seller_id");
        only_opens_a_case(&shop, Scope::Any, &fields, "wrong_seller").await;
    }

    async fn a_wrong_app_of_the_same_merchant_opens_a_case(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_C, "A1", "39.00");
        only_opens_a_case(&shop, Scope::Any, &fields, "wrong_app").await;
    }

    async fn another_merchants_app_opens_a_case(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_B, "A1", "39.00");
        only_opens_a_case(&shop, Scope::Any, &fields, "wrong_app").await;
    }

    async fn another_shops_notice_opens_a_case(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_A, "A1", "39.00");
        let mall = Scope::Merchant("mall".to_owned());
        only_opens_a_case(&shop, mall, &fields, "other_shop").await;
        assert_eq!(shop.state("A1").await, OrderState::Open);
        // On its own path the same notice counts.
        let school = Scope::Merchant("school".to_owned());
        let verdict = shop.notify_raw(school, FakeAlipay::sign(&fields)).await;
        assert_eq!(verdict.answer("error"), "success");
        assert_eq!(shop.state("A1").await, OrderState::Paid);
    }

    async fn an_unknown_order_opens_a_case(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_A, "NOBODY", "39.00");
        only_opens_a_case(&shop, Scope::Any, &fields, "unknown_order").await;
    }

    async fn a_tampered_notice_is_only_counted(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_A, "A1", "38.00");
        let body = String::from_utf8(FakeAlipay::sign(&fields)).unwrap();
        let tampered = body.replace("38.00", "39.00");
        is_only_counted(&shop, tampered.into_bytes(), NoticeRefusal::Forged).await;
    }

    async fn a_return_that_is_posted_is_only_counted(db: Db) {
        let shop = open_order(db).await;
        let mut numberless = shop.alipay.notice(APP_A, "A1", "39.00");
        numberless.remove("notify_id");
        let mut typeless = shop.alipay.notice(APP_A, "A1", "39.00");
        typeless.remove("notify_type");
        let mut returned = shop.alipay.notice(APP_A, "A1", "39.00");
        returned.set("method", "alipay.trade.page.pay.return");
        for fields in [numberless, typeless, returned] {
            is_only_counted(&shop, FakeAlipay::sign(&fields), NoticeRefusal::Malformed).await;
        }
        assert_eq!(shop.state("A1").await, OrderState::Open);
    }

    async fn an_unsigned_notice_is_only_counted(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_A, "A1", "39.00");
        let body = ::alipay::form::encode(&fields, ::alipay::Charset::Utf8).unwrap();
        is_only_counted(&shop, body.into_bytes(), NoticeRefusal::Forged).await;
    }

    async fn a_notice_signed_by_another_key_is_only_counted(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_A, "A1", "39.00");
        let body = ::alipay::testing::signed_notice(&keys(APP_B).1, &fields);
        is_only_counted(&shop, body, NoticeRefusal::Forged).await;
        let mut nobody = fields.clone();
        nobody.set("app_id", "2021999999999999");
        let body = ::alipay::testing::signed_notice(&keys(APP_A).1, &nobody);
        is_only_counted(&shop, body, NoticeRefusal::Forged).await;
    }

    async fn what_is_no_form_is_only_counted(db: Db) {
        let shop = open_order(db).await;
        let twice = {
            let fields = shop.alipay.notice(APP_A, "A1", "39.00");
            let mut body = FakeAlipay::sign(&fields);
            body.extend_from_slice(b"&total_amount=39.00");
            body
        };
        for body in [
            b"%zz=1".to_vec(),
            b"app_id=%ff%fe".to_vec(),
            b"charset=utf-7&app_id=1".to_vec(),
            vec![0xff; 100],
            vec![b'a'; 70_000],
            twice,
        ] {
            let before = shop.picture().await;
            let verdict = shop.notify_raw(Scope::Any, body).await;
            assert!(matches!(verdict, NoticeVerdict::Refused(_)), "{verdict:?}");
            assert_eq!(shop.picture().await, before);
        }
        assert_eq!(shop.state("A1").await, OrderState::Open);
    }

    async fn a_gbk_notice_counts(db: Db) {
        let shop = open_order(db).await;
        let mut fields = shop.alipay.notice(APP_A, "A1", "39.00");
        fields.set("charset", "GBK");
        assert_eq!(shop.notify(&fields).await.answer("failure"), "success");
        assert_eq!(shop.state("A1").await, OrderState::Paid);
    }

    async fn the_raw_notice_is_kept_as_evidence(db: Db) {
        let shop = open_order(db).await;
        let fields = shop.alipay.notice(APP_A, "A1", "39.00");
        let body = FakeAlipay::sign(&fields);
        shop.notify_raw(Scope::Any, body.clone()).await;
        let named = merchant::app::OrderRef::Number("A1".to_owned());
        let story = merchant::app::timeline(&shop.merchant, "school", &named).await.unwrap();
        let raw = story.data.iter().find_map(|entry| match entry {
            merchant::app::TimelineEntry::Notice { raw, acknowledged, .. } => {
                assert!(acknowledged);
                Some(raw.clone())
            }
            _ => None,
        });
        assert_eq!(raw, String::from_utf8(body).ok());
        assert!(story.data.len() >= 3, "{:?}", story.data);
        assert_eq!(seller_of(APP_A), "2088000000000001");
    }
}

//! What opens and closes courses: the merchant service's word, once.

use crate::browser::Browser;
use crate::school::School;
use http::StatusCode;
use kernel::time::MINUTE_MS;
use merchant::app::{OrderRef, find_order};
use money::Fen;
use store::outbox::{Event, EventId};

const PRICE: Fen = Fen::new(3_900);

store::statements! {
    /// How many courses are open.
    OPEN = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM enrollments";
    /// How many refunds were asked for.
    REFUNDS = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM order_refunds";
}

async fn paid_event(school: &School, number: &str) -> Event {
    let named = OrderRef::Number(number.to_owned());
    let order = find_order(&school.merchant, "courses", &named)
        .await
        .expect("an order");
    Event {
        event_id: EventId::new(&school.clock, &kernel::OsRng),
        kind: "order.paid".to_owned(),
        owner: "courses".to_owned(),
        subject: order.id.to_string(),
        payload: serde_json::to_string(&order).expect("JSON"),
        at: order.updated_at,
    }
}

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn hearing_it_twice_opens_once(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1, 2], "177.00").await;
        school.pay(&number, Fen::new(17_700)).await;
        assert_eq!(school.listed(&token, &number).await["status"], 0, "not delivered yet");
        school.settle().await;
        let order = school.listed(&token, &number).await;
        assert_eq!(order["status"], 1);
        assert!(order["trade_no"].as_str().expect("a number").starts_with("2026"));
        assert!(order["pay_time"].is_string());
        let subscriber = school.shop.subscriber();
        let event = paid_event(&school, &number).await;
        for _ in 0..3 {
            subscriber.deliver(&event).await.expect("it is taken");
        }
        let another = paid_event(&school, &number).await;
        subscriber.deliver(&another).await.expect("it is taken");
        assert_eq!(school.count(&OPEN).await, 2);
        assert_eq!(school.count(&REFUNDS).await, 0);
    }

    async fn an_event_for_another_sum_is_not_taken(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        let mut event = paid_event(&school, &number).await;
        event.payload = event.payload.replace("39.00", "0.01");
        assert!(school.shop.subscriber().deliver(&event).await.is_err());
        "{}".clone_into(&mut event.payload);
        assert!(school.shop.subscriber().deliver(&event).await.is_err());
        assert_eq!(school.listed(&token, &number).await["status"], 0);
        assert_eq!(school.count(&OPEN).await, 0);
    }

    async fn a_course_bought_twice_is_paid_back_once(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let first = school.order(&token, &[1], "39.00").await;
        let second = school.order(&token, &[1, 2], "177.00").await;
        school.pay(&first, PRICE).await;
        school.settle().await;
        let late = school.post(&format!("/order/{second}/pay/"), Some(&token), "").await;
        assert_eq!(late.status, StatusCode::BAD_REQUEST, "one of them is bought");
        school.pay(&second, Fen::new(17_700)).await;
        school.settle().await;
        assert_eq!(school.count(&OPEN).await, 2);
        assert_eq!(school.alipay.refunded(&second), PRICE);
        assert_eq!(school.alipay.refunded(&first), Fen::ZERO);
        let order = school.listed(&token, &second).await;
        assert_eq!((&order["status"], &order["refunded_amount"]), (&1.into(), &"39.00".into()));
        assert_eq!(school.count(&REFUNDS).await, 1);
    }

    async fn nobody_paid_in_time(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        school.settle().await;
        for _ in 0..20 {
            school.clock.advance_ms(5 * MINUTE_MS);
            school.settle().await;
        }
        let token = school.root().await;
        assert_eq!(school.listed(&token, &number).await["status"], 3);
    }

    async fn money_that_is_faster_than_a_cancel_wins(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        school.alipay.pay(&number, PRICE);
        let answer = school.post(&format!("/order/{number}/cancel/"), Some(&token), "").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
        assert_eq!(school.listed(&token, &number).await["status"], 1);
        let other = school.order(&token, &[2], "138.00").await;
        let answer = school.post(&format!("/order/{other}/cancel/"), Some(&token), "").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(school.listed(&token, &other).await["status"], 2);
        // The link was still alive, and somebody had it open.
        school.pay(&other, Fen::new(13_800)).await;
        school.settle().await;
        assert_eq!(school.listed(&token, &other).await["status"], 1);
        assert_eq!(school.count(&OPEN).await, 2);
    }

    async fn a_full_refund_closes_what_it_opened(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        school.pay(&number, PRICE).await;
        school.settle().await;
        let staff = Browser::logged_in(&school, "staff").await;
        let page = format!("/staff/orders/{number}");
        let action = format!("{page}/refund");
        for amount in ["39.01", "-1", "1e1", "x"] {
            let answer = staff.submit(&school, &page, &action, &[("amount", amount)]).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{amount}");
        }
        let part = staff.submit(&school, &page, &action, &[("amount", "9.00")]).await;
        assert_eq!(part.status, StatusCode::SEE_OTHER, "{}", part.body);
        school.settle().await;
        assert_eq!(school.count(&OPEN).await, 1, "a part does not close it");
        let old_page = staff.page(&school, &page).await;
        let rest = staff.submit_from(&school, &old_page, &action, &[("amount", "30.00")]).await;
        assert_eq!(rest.status, StatusCode::SEE_OTHER, "{}", rest.body);
        school.settle().await;
        assert_eq!(school.alipay.refunded(&number), PRICE);
        assert_eq!(school.count(&OPEN).await, 0);
        let another = [("amount", "30.00"), ("refund_no", "0198a0b1c2d37e4f8a9b0c1d2e3f4a5b")];
        let again = staff.submit_from(&school, &old_page, &action, &another).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "nothing is left");
        let buyer = Browser::logged_in(&school, "root").await;
        let result = format!("/pay/success?out_trade_no={number}");
        let shown = buyer.page(&school, &result).await;
        assert!(shown.contains("订单已退款") && !shown.contains("您已成功购买"));
        school.order(&token, &[1], "39.00").await;
    }
}

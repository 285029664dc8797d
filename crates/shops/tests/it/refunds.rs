//! Money that goes back: once, finished for good, wherever it was asked for.

use crate::browser::Browser;
use crate::school::School;
use http::StatusCode;
use merchant::RefundView;
use merchant::app::{OrderRef, RefundOrder, list_refunds, refund_order};
use merchant::domain::RefundState;
use money::Fen;
use store::outbox::{Event, EventId};

const PRICE: Fen = Fen::new(3_900);

store::statements! {
    /// How many courses are open.
    OPEN = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM enrollments";
    /// How many refunds there are.
    REFUNDS = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM order_refunds";
    /// How many refunds failed.
    FAILED = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM order_refunds WHERE state = 'failed'";
}

async fn paid(school: &School, token: &str) -> String {
    let number = school.order(token, &[1], "39.00").await;
    school.pay(&number, PRICE).await;
    school.settle().await;
    number
}

fn told(school: &School, kind: &str, view: &RefundView) -> Event {
    Event {
        event_id: EventId::new(&school.clock, &kernel::OsRng),
        kind: kind.to_owned(),
        owner: "courses".to_owned(),
        subject: view.id.to_string(),
        payload: serde_json::to_string(view).expect("JSON"),
        at: view.created_at,
    }
}

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn a_form_that_is_sent_twice_is_one_refund(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = paid(&school, &token).await;
        let other = school.order(&token, &[2], "138.00").await;
        school.pay(&other, Fen::new(13_800)).await;
        school.settle().await;
        let staff = Browser::logged_in(&school, "staff").await;
        let action = format!("/staff/orders/{number}/refund");
        let shown = staff.page(&school, &format!("/staff/orders/{number}")).await;
        for _ in 0..2 {
            let answer = staff.submit_from(&school, &shown, &action, &[("amount", "9.00")]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        }
        school.settle().await;
        let answer = staff.submit_from(&school, &shown, &action, &[("amount", "9.00")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        school.settle().await;
        assert_eq!(school.alipay.refunded(&number), Fen::new(900));
        assert_eq!(school.count(&REFUNDS).await, 1);
        let answer = staff.submit_from(&school, &shown, &action, &[("amount", "9.01")]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "the number is of 9.00");
        for odd in ["", "0", "x' OR 1=1", "0198A0B1C2D37E4F8A9B0C1D2E3F4A5B", "\0"] {
            let fields = [("amount", "9.00"), ("refund_no", odd)];
            let answer = staff.submit_from(&school, &shown, &action, &fields).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{odd:?}");
        }
        let hidden = crate::browser::hidden_fields(&shown, &action);
        let elsewhere = format!("/staff/orders/{other}/refund");
        let answer = staff.post(&school, &elsewhere, &hidden).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "the number is another order's");
        school.settle().await;
        assert_eq!(school.count(&REFUNDS).await, 1);
        assert_eq!(school.alipay.refunded(&other), Fen::ZERO);
    }

    async fn what_is_finished_stays(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = paid(&school, &token).await;
        let staff = Browser::logged_in(&school, "staff").await;
        school.alipay.be_silent(true);
        let (page, action) = (format!("/staff/orders/{number}"), format!("/staff/orders/{number}/refund"));
        let asked = staff.submit(&school, &page, &action, &[("amount", "9.00")]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
        let named = OrderRef::Number(number.clone());
        let views = list_refunds(&school.merchant, "courses", &named).await.expect("a list");
        let mut view = views.first().expect("a refund").clone();
        let subscriber = school.shop.subscriber();
        for state in [RefundState::Failed, RefundState::Unknown, RefundState::Succeeded] {
            view.state = state;
            let event = told(&school, "refund.failed", &view);
            subscriber.deliver(&event).await.expect("it is taken");
            assert_eq!(school.count(&FAILED).await, 1, "{state:?}");
        }
        assert_eq!(school.listed(&token, &number).await["refunded_amount"], "0.00");
    }

    async fn a_refund_made_at_the_merchant_service_counts(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = paid(&school, &token).await;
        for (refund_no, yuan, sum, open) in [("outside_1", 900, "9.00", 1), ("outside_2", 3_000, "39.00", 0)] {
            let wish = RefundOrder {
                merchant: "courses".to_owned(),
                order: OrderRef::Number(number.clone()),
                merchant_refund_no: refund_no.to_owned(),
                amount: Fen::new(yuan),
                reason: None,
                key: None,
            };
            refund_order(&school.merchant, wish).await.expect("a refund");
            school.settle().await;
            assert_eq!(school.listed(&token, &number).await["refunded_amount"], sum);
            assert_eq!(school.count(&OPEN).await, open);
        }
        let staff = Browser::logged_in(&school, "staff").await;
        let shown = staff.page(&school, &format!("/staff/orders/{number}")).await;
        assert!(shown.contains("outside_2") && shown.contains("没有可退金额"));
    }
}

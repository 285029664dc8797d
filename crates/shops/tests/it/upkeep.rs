//! What the shop does by itself, so that its database does not fill up.

use crate::browser::Browser;
use crate::school::School;
use kernel::Clock as _;
use kernel::time::{DAY_MS, MINUTE_MS};
use store::{StoreError, params};

store::statements! {
    /// An order as the process leaves it that ends before the merchant service hears of it.
    LEFT_BEHIND = "INSERT INTO orders (out_trade_no, user_id, title, total_fen, status, pay_type, dialect, refunded_fen, created_at, updated_at) SELECT $2, user_id, title, total_fen, status, pay_type, dialect, refunded_fen, $3, updated_at FROM orders WHERE out_trade_no = $1";
    /// Orders that nobody paid in time.
    TIMED_OUT = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM orders WHERE status = 3";
    /// Orders that wait to be paid.
    UNPAID = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM orders WHERE status = 0";
    /// How many sessions are kept.
    SESSIONS = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM sessions";
}

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn sessions_that_ran_out_are_forgotten(db: store::Db) {
        let school = School::open(db).await;
        for _ in 0..2 {
            school.shop.keep_tidy().await.expect("scheduled");
        }
        Browser::logged_in(&school, "root").await;
        school.clock.advance_ms(6 * DAY_MS);
        school.settle().await;
        assert_eq!(school.count(&SESSIONS).await, 1, "it is good for seven days");
        Browser::logged_in(&school, "root").await;
        school.clock.advance_ms(2 * DAY_MS);
        school.settle().await;
        assert_eq!(school.count(&SESSIONS).await, 1, "the second is still good");
        school.clock.advance_ms(8 * DAY_MS);
        school.settle().await;
        assert_eq!(school.count(&SESSIONS).await, 0);
    }

    async fn orders_that_never_reached_the_merchant_service_end(db: store::Db) {
        let school = School::open(db).await;
        for _ in 0..2 {
            school.shop.keep_tidy().await.expect("scheduled");
        }
        let token = school.root().await;
        let placed = school.order(&token, &[1], "39.00").await;
        // More than one look of the job takes in, all behind the one that was placed.
        for at in 0..LEFT {
            leave_behind(&school, &placed, &format!("{placed}{at:03}")).await;
        }
        school.clock.advance_ms(20 * MINUTE_MS);
        leave_behind(&school, &placed, &format!("{placed}x")).await;
        school.clock.advance_ms(9 * MINUTE_MS);
        school.settle().await;
        assert_eq!(school.count(&UNPAID).await, LEFT + 2, "their time is not over");
        school.alipay.be_silent(true);
        school.clock.advance_ms(2 * MINUTE_MS);
        school.settle().await;
        assert_eq!(school.count(&TIMED_OUT).await, LEFT);
        assert_eq!(school.count(&UNPAID).await, 2, "one is placed, one has time left");
        // The next round comes as soon as the next order's time is over.
        school.clock.advance_ms(18 * MINUTE_MS);
        school.settle().await;
        assert_eq!(school.count(&TIMED_OUT).await, LEFT);
        school.clock.advance_ms(2 * MINUTE_MS);
        school.settle().await;
        assert_eq!(school.count(&TIMED_OUT).await, LEFT + 1);
        assert_eq!(school.count(&UNPAID).await, 1, "the merchant service ends its own");
        // Where nothing waits, a round comes as often as an order may wait.
        leave_behind(&school, &placed, &format!("{placed}y")).await;
        school.clock.advance_ms(31 * MINUTE_MS);
        school.settle().await;
        assert_eq!(school.count(&TIMED_OUT).await, LEFT + 2);
    }
}

const LEFT: i64 = 120;

async fn leave_behind(school: &School, placed: &str, number: &str) {
    let values = params![placed, number, school.clock.now()];
    let written = school.database.db.write(move |tx| {
        let values = values.clone();
        Box::pin(async move { tx.execute_one(&LEFT_BEHIND, &values).await })
    });
    let written: Result<(), StoreError> = written.await;
    written.expect("written");
}

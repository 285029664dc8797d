//! What the shop does by itself, so that its database does not fill up.

use crate::browser::Browser;
use crate::school::School;
use kernel::time::DAY_MS;

store::statements! {
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
}

//! Which courses are open for whom.

use crate::courses::domain::{Course, UserId};
use crate::courses::store::courses;
use kernel::Timestamp;
use store::{StoreError, Tx, params};

store::statements! {
    /// Opens a course for a user, unless it is open.
    OPEN_COURSE = "INSERT INTO enrollments (user_id, course_id, out_trade_no, opened_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    /// By which order a course is open for a user.
    OPENED_BY = "SELECT out_trade_no FROM enrollments WHERE user_id = $1 AND course_id = $2";
    /// The courses that are open for a user, the newest first.
    OPEN_COURSES = "SELECT c.course_id, c.on_sale, c.price_fen, c.hours, c.students, c.name, c.name_en, c.level, c.level_en, c.teacher, c.teacher_en, c.teacher_about, c.teacher_about_en, c.brief, c.brief_en, c.about, c.about_en FROM enrollments e JOIN courses c ON c.course_id = e.course_id WHERE e.user_id = $1 ORDER BY e.opened_at DESC, c.course_id";
    /// The numbers of the courses that are open for a user.
    OPEN_IDS = "SELECT course_id FROM enrollments WHERE user_id = $1";
    /// Closes what an order opened.
    CLOSE_OF_ORDER = "DELETE FROM enrollments WHERE out_trade_no = $1";
}

/// Opens a course for a user. Returns `false` when it was open already.
pub(in crate::courses) async fn open(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    course_id: i64,
    out_trade_no: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![user_id.as_str(), course_id, out_trade_no, now];
    Ok(tx.execute(&OPEN_COURSE, &values).await? == 1)
}

/// The number of the order by which a course is open for a user.
pub(in crate::courses) async fn opened_by(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    course_id: i64,
) -> Result<Option<String>, StoreError> {
    let values = params![user_id.as_str(), course_id];
    let row = tx.query_opt(&OPENED_BY, &values).await?;
    row.map(|row| row.text("out_trade_no").map(ToOwned::to_owned))
        .transpose()
}

/// The courses that are open for a user, the newest first.
pub(in crate::courses) async fn of_user(
    tx: &mut Tx<'_>,
    user_id: &UserId,
) -> Result<Vec<Course>, StoreError> {
    let rows = tx.query(&OPEN_COURSES, &params![user_id.as_str()]).await?;
    rows.iter().map(courses::read).collect()
}

/// The numbers of the courses that are open for a user.
pub(in crate::courses) async fn ids_of_user(
    tx: &mut Tx<'_>,
    user_id: &UserId,
) -> Result<Vec<i64>, StoreError> {
    let rows = tx.query(&OPEN_IDS, &params![user_id.as_str()]).await?;
    rows.iter().map(|row| row.int("course_id")).collect()
}

/// Closes what an order opened, after everything that was paid for it went back.
pub(in crate::courses) async fn close_of_order(
    tx: &mut Tx<'_>,
    out_trade_no: &str,
) -> Result<u64, StoreError> {
    tx.execute(&CLOSE_OF_ORDER, &params![out_trade_no]).await
}

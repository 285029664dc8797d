//! Carts: courses that somebody means to buy together.

use crate::courses::domain::{Course, UserId};
use crate::courses::store::courses;
use kernel::Timestamp;
use store::{StoreError, Tx, params};

store::statements! {
    /// Puts a course into a cart, unless it is there.
    ADD_ITEM = "INSERT INTO cart_items (user_id, course_id, added_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    /// Takes a course out of a cart.
    REMOVE_ITEM = "DELETE FROM cart_items WHERE user_id = $1 AND course_id = $2";
    /// What is in a cart and on sale, in the order in which it was put there.
    ITEMS = "SELECT c.course_id, c.on_sale, c.price_fen, c.hours, c.students, c.name, c.name_en, c.level, c.level_en, c.teacher, c.teacher_en, c.teacher_about, c.teacher_about_en, c.brief, c.brief_en, c.about, c.about_en FROM cart_items i JOIN courses c ON c.course_id = i.course_id WHERE i.user_id = $1 AND c.on_sale = $2 ORDER BY i.added_at, c.course_id";
    /// How many things are in a cart.
    COUNT_ITEMS = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM cart_items i JOIN courses c ON c.course_id = i.course_id WHERE i.user_id = $1 AND c.on_sale = $2";
}

/// Puts a course into a cart; it is there once, however often this is done.
pub(in crate::courses) async fn add(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    course_id: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = params![user_id.as_str(), course_id, now];
    tx.execute(&ADD_ITEM, &values).await?;
    Ok(())
}

/// Takes a course out of a cart; nothing happens when it is not in it.
pub(in crate::courses) async fn remove(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    course_id: i64,
) -> Result<(), StoreError> {
    let values = params![user_id.as_str(), course_id];
    tx.execute(&REMOVE_ITEM, &values).await?;
    Ok(())
}

/// What is in a cart and can be bought.
pub(in crate::courses) async fn items(
    tx: &mut Tx<'_>,
    user_id: &UserId,
) -> Result<Vec<Course>, StoreError> {
    let rows = tx.query(&ITEMS, &params![user_id.as_str(), true]).await?;
    rows.iter().map(courses::read).collect()
}

/// How many things are in a cart.
pub(in crate::courses) async fn count(
    tx: &mut Tx<'_>,
    user_id: &UserId,
) -> Result<i64, StoreError> {
    let values = params![user_id.as_str(), true];
    tx.query_one(&COUNT_ITEMS, &values).await?.int("n")
}

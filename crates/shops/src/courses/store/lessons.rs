//! Lessons of courses.

use crate::courses::domain::Lesson;
use store::{Row, StoreError, Tx, params};

store::statements! {
    /// A lesson, unless it is there.
    INSERT_LESSON = "INSERT INTO lessons (course_id, number, minutes, title, title_en, body, body_en) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    /// The lessons of a course in their order.
    LESSONS = "SELECT number, minutes, title, title_en, body, body_en FROM lessons WHERE course_id = $1 ORDER BY number";
}

/// Adds a lesson to a course, unless it is there.
pub(in crate::courses) async fn insert(
    tx: &mut Tx<'_>,
    course_id: i64,
    lesson: &Lesson,
) -> Result<(), StoreError> {
    let values = params![
        course_id,
        lesson.number,
        lesson.minutes,
        lesson.title.as_str(),
        lesson.title_en.as_str(),
        lesson.body.as_str(),
        lesson.body_en.as_str(),
    ];
    tx.execute(&INSERT_LESSON, &values).await?;
    Ok(())
}

/// The lessons of a course in their order.
pub(in crate::courses) async fn of_course(
    tx: &mut Tx<'_>,
    course_id: i64,
) -> Result<Vec<Lesson>, StoreError> {
    let rows = tx.query(&LESSONS, &params![course_id]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Lesson, StoreError> {
    let text = |column| row.text(column).map(ToOwned::to_owned);
    Ok(Lesson {
        number: row.int("number")?,
        minutes: row.int("minutes")?,
        title: text("title")?,
        title_en: text("title_en")?,
        body: text("body")?,
        body_en: text("body_en")?,
    })
}

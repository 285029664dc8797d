//! The catalogue: looked at by pages, changed by staff.

use crate::courses::domain::{Course, Offer, UserId};
use kernel::Timestamp;
use money::Fen;
use store::{Db, Row, StoreError, Tx, params};

store::statements! {
    /// A course, unless its number is there.
    INSERT_COURSE = "INSERT INTO courses (course_id, position, on_sale, price_fen, hours, students, name, name_en, level, level_en, teacher, teacher_en, teacher_about, teacher_about_en, brief, brief_en, about, about_en, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT DO NOTHING";
    /// How many courses there are, on sale or not.
    COUNT_ALL = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM courses";
    /// How many courses are on sale and match.
    COUNT_FOUND = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM courses WHERE on_sale = $1 AND (CAST($2 AS TEXT) IS NULL OR LOWER(name) LIKE $2 ESCAPE '!' OR LOWER(name_en) LIKE $2 ESCAPE '!' OR LOWER(brief) LIKE $2 ESCAPE '!' OR LOWER(brief_en) LIKE $2 ESCAPE '!' OR LOWER(teacher) LIKE $2 ESCAPE '!' OR LOWER(teacher_en) LIKE $2 ESCAPE '!')";
    /// A page of the courses that are on sale and match.
    FOUND = "SELECT course_id, on_sale, price_fen, hours, students, name, name_en, level, level_en, teacher, teacher_en, teacher_about, teacher_about_en, brief, brief_en, about, about_en FROM courses WHERE on_sale = $1 AND (CAST($2 AS TEXT) IS NULL OR LOWER(name) LIKE $2 ESCAPE '!' OR LOWER(name_en) LIKE $2 ESCAPE '!' OR LOWER(brief) LIKE $2 ESCAPE '!' OR LOWER(brief_en) LIKE $2 ESCAPE '!' OR LOWER(teacher) LIKE $2 ESCAPE '!' OR LOWER(teacher_en) LIKE $2 ESCAPE '!') ORDER BY position, course_id LIMIT $3 OFFSET $4";
    /// A page of all courses, for staff.
    SHELF = "SELECT course_id, on_sale, price_fen, hours, students, name, name_en, level, level_en, teacher, teacher_en, teacher_about, teacher_about_en, brief, brief_en, about, about_en FROM courses ORDER BY position, course_id LIMIT $1 OFFSET $2";
    /// One course.
    COURSE = "SELECT course_id, on_sale, price_fen, hours, students, name, name_en, level, level_en, teacher, teacher_en, teacher_about, teacher_about_en, brief, brief_en, about, about_en FROM courses WHERE course_id = $1";
    /// A user, with what an order needs to know of one course; without it when there is no such course.
    OFFER_TO = "SELECT c.course_id, c.on_sale, c.price_fen, c.name, c.name_en, EXISTS (SELECT 1 FROM enrollments e WHERE e.user_id = u.user_id AND e.course_id = c.course_id) AS is_open FROM users u LEFT JOIN courses c ON c.course_id = $1 WHERE u.user_id = $2";
    /// Price and sale, as staff set them.
    UPDATE_COURSE = "UPDATE courses SET price_fen = $2, on_sale = $3, updated_at = $4 WHERE course_id = $1";
}

/// Puts a course on the shelf at its place. Returns `false` when its number is there already.
pub(in crate::courses) async fn insert(
    tx: &mut Tx<'_>,
    course: &Course,
    position: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![
        course.id,
        position,
        course.on_sale,
        course.price.fen(),
        course.hours,
        course.students,
        course.name.as_str(),
        course.name_en.as_str(),
        course.level.as_str(),
        course.level_en.as_str(),
        course.teacher.as_str(),
        course.teacher_en.as_str(),
        course.teacher_about.as_str(),
        course.teacher_about_en.as_str(),
        course.brief.as_str(),
        course.brief_en.as_str(),
        course.about.as_str(),
        course.about_en.as_str(),
        now,
    ];
    Ok(tx.execute(&INSERT_COURSE, &values).await? == 1)
}

/// How many courses there are.
pub(in crate::courses) async fn count_all(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.query_one(&COUNT_ALL, &[]).await?.int("n")
}

/// A page of the courses on sale whose name, brief or teacher has `text` in it (all without one),
/// and how many there are in all.
pub(in crate::courses) async fn found(
    tx: &mut Tx<'_>,
    text: Option<&str>,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Course>, i64), StoreError> {
    let pattern = text.map(contains);
    let count = tx
        .query_one(&COUNT_FOUND, &params![true, pattern.clone()])
        .await?
        .int("n")?;
    let rows = tx
        .query(&FOUND, &params![true, pattern, limit, offset])
        .await?;
    let courses = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok((courses, count))
}

/// A page of all courses, on sale or not, and how many there are.
pub(in crate::courses) async fn shelf(
    tx: &mut Tx<'_>,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Course>, i64), StoreError> {
    let count = count_all(tx).await?;
    let rows = tx.query(&SHELF, &params![limit, offset]).await?;
    let courses = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok((courses, count))
}

/// One course, on sale or not.
pub(in crate::courses) async fn find(
    tx: &mut Tx<'_>,
    course_id: i64,
) -> Result<Option<Course>, StoreError> {
    let row = tx.query_opt(&COURSE, &params![course_id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// What an order of that user needs to know of a course, in one look. The outer `None` is no such
/// user, the inner one no such course.
pub(in crate::courses) async fn offer_to(
    db: &Db,
    course_id: i64,
    user_id: &UserId,
) -> Result<Option<Option<Offer>>, StoreError> {
    let rows = db.look(&OFFER_TO, params![course_id, user_id.as_str()]);
    let rows = rows.await?;
    rows.first().map(read_offer).transpose()
}

fn read_offer(row: &Row) -> Result<Option<Offer>, StoreError> {
    let Some(id) = row.opt_int("course_id")? else {
        return Ok(None);
    };
    Ok(Some(Offer {
        id,
        on_sale: row.bool("on_sale")?,
        price: Fen::new(row.int("price_fen")?),
        name: row.text("name")?.to_owned(),
        name_en: row.text("name_en")?.to_owned(),
        is_open: row.bool("is_open")?,
    }))
}

/// Sets price and sale. Returns `false` when there is no such course.
pub(in crate::courses) async fn update(
    tx: &mut Tx<'_>,
    course_id: i64,
    price: Fen,
    on_sale: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![course_id, price.fen(), on_sale, now];
    Ok(tx.execute(&UPDATE_COURSE, &values).await? == 1)
}

/// A LIKE pattern for text that has `text` in it, wherever. ASCII letters match in both cases on
/// both engines; Chinese has none.
fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

pub(super) fn read(row: &Row) -> Result<Course, StoreError> {
    let text = |column| row.text(column).map(ToOwned::to_owned);
    Ok(Course {
        id: row.int("course_id")?,
        on_sale: row.bool("on_sale")?,
        price: Fen::new(row.int("price_fen")?),
        hours: row.int("hours")?,
        students: row.int("students")?,
        name: text("name")?,
        name_en: text("name_en")?,
        level: text("level")?,
        level_en: text("level_en")?,
        teacher: text("teacher")?,
        teacher_en: text("teacher_en")?,
        teacher_about: text("teacher_about")?,
        teacher_about_en: text("teacher_about_en")?,
        brief: text("brief")?,
        brief_en: text("brief_en")?,
        about: text("about")?,
        about_en: text("about_en")?,
    })
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn a_search_text_is_no_pattern() {
        assert_eq!(contains("Rust"), "%rust%");
        assert_eq!(contains("100%_!"), "%100!%!_!!%");
    }
}

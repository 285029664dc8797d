//! What is on sale: pages of the catalogue, one course with its outline, and what staff change.

use crate::courses::context::Context;
use crate::courses::domain::{Course, Lesson};
use crate::courses::store::{courses, lessons};
use money::Fen;
use store::StoreError;

/// A page of something, and where it stands among all of it.
#[derive(Clone, Debug)]
pub(in crate::courses) struct PageOf<T> {
    /// What is on the page.
    pub items: Vec<T>,
    /// How many there are in all.
    pub count: i64,
    /// Which page, from 1.
    pub page: i64,
    /// How many a page holds.
    pub page_size: i64,
}

impl<T> PageOf<T> {
    /// A page of nothing.
    pub(in crate::courses) fn nothing(page: i64, page_size: i64) -> Self {
        Self {
            items: Vec::new(),
            count: 0,
            page,
            page_size,
        }
    }

    /// How many pages there are, at least one.
    pub(in crate::courses) fn pages(&self) -> i64 {
        let size = self.page_size.max(1);
        ((self.count + size - 1) / size).max(1)
    }
}

/// Returns `true` for a text with characters that no name or number has; one of them, NUL, is not
/// even a text to every database.
pub(in crate::courses) fn is_odd(text: &str) -> bool {
    text.chars().any(char::is_control)
}

/// Where a page begins.
pub(in crate::courses) fn offset(page: i64, page_size: i64) -> i64 {
    page.saturating_sub(1).saturating_mul(page_size).max(0)
}

/// A page of the courses on sale; with `text` those that have it in name, brief or teacher.
pub(in crate::courses) async fn browse(
    ctx: &Context,
    text: Option<&str>,
    page: i64,
    page_size: i64,
) -> Result<PageOf<Course>, StoreError> {
    let text = text
        .map(|text| text.trim().chars().take(MAX_SEARCH).collect::<String>())
        .filter(|text| !text.is_empty());
    if text.as_deref().is_some_and(is_odd) {
        return Ok(PageOf::nothing(page, page_size));
    }
    let (items, count) = ctx
        .db
        .read(move |tx| {
            let text = text.clone();
            Box::pin(async move {
                courses::found(tx, text.as_deref(), page_size, offset(page, page_size)).await
            })
        })
        .await?;
    Ok(PageOf {
        items,
        count,
        page,
        page_size,
    })
}

/// A page of all courses, for staff.
pub(in crate::courses) async fn shelf(
    ctx: &Context,
    page: i64,
    page_size: i64,
) -> Result<PageOf<Course>, StoreError> {
    let (items, count) = ctx
        .db
        .read(move |tx| {
            Box::pin(async move { courses::shelf(tx, page_size, offset(page, page_size)).await })
        })
        .await?;
    Ok(PageOf {
        items,
        count,
        page,
        page_size,
    })
}

/// A course, on sale or not, with its lessons.
pub(in crate::courses) async fn course(
    ctx: &Context,
    course_id: i64,
) -> Result<Option<(Course, Vec<Lesson>)>, StoreError> {
    ctx.db
        .read(move |tx| {
            Box::pin(async move {
                let Some(course) = courses::find(tx, course_id).await? else {
                    return Ok(None);
                };
                let lessons = lessons::of_course(tx, course_id).await?;
                Ok(Some((course, lessons)))
            })
        })
        .await
}

/// Sets what a course costs and whether it is sold; orders keep the price they were made at.
/// Returns `false` when there is no such course.
pub(in crate::courses) async fn change(
    ctx: &Context,
    course_id: i64,
    price: Fen,
    on_sale: bool,
) -> Result<bool, StoreError> {
    let now = ctx.clock.now();
    ctx.db
        .write(move |tx| {
            Box::pin(async move { courses::update(tx, course_id, price, on_sale, now).await })
        })
        .await
}

/// Longest text that is searched for, in characters.
const MAX_SEARCH: usize = 100;

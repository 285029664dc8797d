//! `GET /course/search/?search=`: the courses that have a text in name, brief or teacher.

use crate::courses::app::catalogue;
use crate::courses::context::Context;
use crate::courses::http::course::list::PAGE_SIZE;
use crate::courses::http::course::view::CourseView;
use crate::courses::http::error::ApiError;
use crate::courses::http::paging::{Listed, Paging};
use axum::Json;
use axum::extract::{RawQuery, State};

/// Search the courses. An empty text finds all.
pub(in crate::courses::http) async fn search(
    State(ctx): State<Context>,
    RawQuery(query): RawQuery,
) -> Result<Json<Listed<CourseView>>, ApiError> {
    let query = query.unwrap_or_default();
    let paging = Paging::read(&query, PAGE_SIZE)?;
    let text = form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "search")
        .map(|(_, value)| value.into_owned());
    let page = catalogue::browse(&ctx, text.as_deref(), paging.page, paging.page_size).await?;
    let base = format!("{}/course/search/", ctx.public_url);
    let show = |course| CourseView::new(course, &ctx.public_url);
    Ok(Json(Listed::new(page, &base, &query, show)?))
}

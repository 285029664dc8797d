//! `GET /course/free/`: every course on sale, page by page, for anybody.

use crate::courses::app::catalogue;
use crate::courses::context::Context;
use crate::courses::http::course::view::CourseView;
use crate::courses::http::error::ApiError;
use crate::courses::http::paging::{Listed, Paging};
use axum::Json;
use axum::extract::{RawQuery, State};

/// List the courses.
pub(in crate::courses::http) async fn list(
    State(ctx): State<Context>,
    RawQuery(query): RawQuery,
) -> Result<Json<Listed<CourseView>>, ApiError> {
    let query = query.unwrap_or_default();
    let paging = Paging::read(&query, PAGE_SIZE)?;
    let page = catalogue::browse(&ctx, None, paging.page, paging.page_size).await?;
    let base = format!("{}/course/free/", ctx.public_url);
    let show = |course| CourseView::new(course, &ctx.public_url);
    Ok(Json(Listed::new(page, &base, &query, show)?))
}

pub(super) const PAGE_SIZE: i64 = 10;

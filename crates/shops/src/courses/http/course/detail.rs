//! `GET /course/free/{id}/`: one course on sale with its outline, for anybody.

use crate::courses::app::catalogue;
use crate::courses::context::Context;
use crate::courses::http::course::view::CourseDetailView;
use crate::courses::http::error::ApiError;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};

/// Show a course.
pub(in crate::courses::http) async fn detail(
    State(ctx): State<Context>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<CourseDetailView>, ApiError> {
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    let found = catalogue::course(&ctx, id).await?;
    let (course, lessons) = found
        .filter(|(course, _)| course.on_sale)
        .ok_or_else(ApiError::not_found)?;
    Ok(Json(CourseDetailView::new(
        course,
        lessons,
        &ctx.public_url,
    )))
}

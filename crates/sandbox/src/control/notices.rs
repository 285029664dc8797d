//! Notices: which were sent when, what came back, and once more.

use super::page;
use super::views::NoticeView;
use crate::app::send_notice::{self, NoticeFilter};
use crate::context::Context;
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use service::Problem;
use utoipa::{IntoParams, ToSchema};

/// Which notices to list.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct ListQuery {
    out_trade_no: Option<String>,
    app_id: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

/// A page of notices.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoticeList {
    notices: Vec<NoticeView>,
    next_cursor: Option<String>,
}

/// Notices with their deliveries, newest first.
#[utoipa::path(get, path = "/sandbox/v1/notices", tag = "notices", params(ListQuery),
    responses((status = 200, body = NoticeList)))]
pub(super) async fn list(
    State(cx): State<Context>,
    Query(query): Query<ListQuery>,
) -> Result<Json<NoticeList>, Problem> {
    let limit = page::limit(query.limit.as_deref())?;
    let filter = NoticeFilter {
        out_trade_no: query.out_trade_no,
        app_id: query.app_id,
        before: query.cursor,
        limit: limit + 1,
    };
    let found = send_notice::list_notices(&cx, filter)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let notices = found.into_iter().map(NoticeView::new).collect();
    let (notices, next_cursor) = page::cut(notices, limit, NoticeView::cursor);
    Ok(Json(NoticeList {
        notices,
        next_cursor,
    }))
}

/// Sends a notice once more, now, beside its schedule.
#[utoipa::path(post, path = "/sandbox/v1/notices/{notify_id}/resend", tag = "notices",
    params(("notify_id" = String, Path)),
    responses((status = 200, body = NoticeView), (status = 404)))]
pub(super) async fn resend(
    State(cx): State<Context>,
    Path(notify_id): Path<String>,
) -> Result<Json<NoticeView>, Problem> {
    let story = send_notice::resend(&cx, &notify_id)
        .await
        .map_err(|error| Problem::internal(&error))?;
    story
        .map(|story| Json(NoticeView::new(story)))
        .ok_or_else(|| Problem::not_found(format!("There is no notice {notify_id}.")))
}

//! The gateway's last exchanges in full.

use super::page;
use crate::context::Context;
use crate::exchanges::Exchange;
use crate::faults::What;
use axum::Json;
use axum::extract::{Path, Query, State};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service::Problem;
use utoipa::{IntoParams, ToSchema};

/// One exchange.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RequestView {
    trace_id: String,
    #[schema(value_type = String)]
    at: Timestamp,
    app_id: Option<String>,
    /// The gateway's method.
    method: Option<String>,
    out_trade_no: Option<String>,
    /// `10000`, or the sub_code when there is one.
    code: String,
    /// In words what to change.
    explain: Option<String>,
    /// What the fault dial did to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    struck: Option<What>,
    request: WireRequest,
    /// The parameters as the gateway read them, in their order.
    #[schema(value_type = Vec<Vec<String>>)]
    params: Vec<(String, String)>,
    /// The text whose signature was checked.
    signed_text: Option<String>,
    answer: WireAnswer,
}

#[derive(Debug, Serialize, ToSchema)]
struct WireRequest {
    method: String,
    query: String,
    content_type: String,
    /// Bytes that are no UTF-8 are shown as U+FFFD.
    body: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct WireAnswer {
    status: u16,
    /// Bytes that are no UTF-8 are shown as U+FFFD.
    body: String,
}

impl RequestView {
    fn new(exchange: &Exchange) -> Self {
        Self {
            trace_id: exchange.trace_id.clone(),
            at: exchange.at,
            app_id: exchange.app_id.clone(),
            method: exchange.method.clone(),
            out_trade_no: exchange.out_trade_no.clone(),
            code: exchange.code.clone(),
            explain: exchange.explain.clone(),
            struck: exchange.struck,
            request: WireRequest {
                method: exchange.http_method.clone(),
                query: exchange.query.clone(),
                content_type: exchange.content_type.clone(),
                body: String::from_utf8_lossy(&exchange.body).into_owned(),
            },
            params: exchange.params.clone(),
            signed_text: exchange.signed_text.clone(),
            answer: WireAnswer {
                status: exchange.status,
                body: String::from_utf8_lossy(&exchange.answer).into_owned(),
            },
        }
    }
}

/// One exchange, by the `trace_id` in the answer's header.
#[utoipa::path(get, path = "/sandbox/v1/requests/{trace_id}", tag = "requests",
    params(("trace_id" = String, Path)), responses((status = 200, body = RequestView), (status = 404)))]
pub(super) async fn find(
    State(cx): State<Context>,
    Path(trace_id): Path<String>,
) -> Result<Json<RequestView>, Problem> {
    let found = cx.exchanges().find(&trace_id);
    found
        .map(|exchange| Json(RequestView::new(&exchange)))
        .ok_or_else(|| {
            Problem::not_found(
                "The sandbox keeps its last exchanges only, and this is none of them.",
            )
        })
}

/// Which exchanges to list.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct ListQuery {
    app_id: Option<String>,
    method: Option<String>,
    out_trade_no: Option<String>,
    code: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

/// A page of exchanges.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RequestList {
    requests: Vec<RequestView>,
    next_cursor: Option<String>,
}

/// Exchanges, newest first.
#[utoipa::path(get, path = "/sandbox/v1/requests", tag = "requests", params(ListQuery),
    responses((status = 200, body = RequestList)))]
pub(super) async fn list(
    State(cx): State<Context>,
    Query(query): Query<ListQuery>,
) -> Result<Json<RequestList>, Problem> {
    let limit = page::limit(query.limit.as_deref())?;
    let most = usize::try_from(limit + 1).unwrap_or(usize::MAX);
    let fits = |wanted: &Option<String>, is: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| Some(wanted) == is)
    };
    let found = cx
        .exchanges()
        .list(query.cursor.as_deref(), most, |exchange| {
            fits(&query.app_id, exchange.app_id.as_deref())
                && fits(&query.method, exchange.method.as_deref())
                && fits(&query.out_trade_no, exchange.out_trade_no.as_deref())
                && fits(&query.code, Some(&exchange.code))
        });
    let (found, next_cursor) = page::cut(found, limit, |exchange| exchange.trace_id.clone());
    let requests = found
        .iter()
        .map(|exchange| RequestView::new(exchange))
        .collect();
    Ok(Json(RequestList {
        requests,
        next_cursor,
    }))
}

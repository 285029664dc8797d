//! The two shapes of an answer: each front end gets the one it reads.

use crate::courses::domain::Dialect;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

/// A link to pay: a bare JSON string, or 201 with `{"code":1,"msg","data"}`.
pub(super) fn link(dialect: Dialect, url: &str) -> Response {
    match dialect {
        Dialect::Course => Json(url).into_response(),
        Dialect::CourseList => {
            let body = json!({"code": 1, "msg": "订单创建成功", "data": url});
            (StatusCode::CREATED, Json(body)).into_response()
        }
    }
}

/// Whether an order is paid: `true`/`false`, or `{"code":1|0,"msg"}`.
pub(super) fn paid(dialect: Dialect, is_paid: bool) -> Response {
    match dialect {
        Dialect::Course => Json(is_paid).into_response(),
        Dialect::CourseList if is_paid => Json(json!({"code": 1, "msg": "成功"})).into_response(),
        Dialect::CourseList => Json(json!({"code": 0, "msg": "失败"})).into_response(),
    }
}

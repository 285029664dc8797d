//! `GET /downloadBillFile.resource`: the ZIP of a bill, from an address that works for thirty
//! seconds of the business clock.

use crate::app::bill::{Fetched, fetch_bill};
use crate::context::Context;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

/// What the address says; all but the token is for people to read.
#[derive(Deserialize)]
pub(crate) struct FileQuery {
    #[serde(rename = "fileId", default)]
    token: String,
    #[serde(rename = "downloadFileName", default)]
    name: String,
}

/// Sends the ZIP, or says why there is none.
pub(crate) async fn download(
    State(cx): State<Context>,
    Query(query): Query<FileQuery>,
) -> Response {
    match fetch_bill(&cx, &query.token).await {
        Ok(Fetched::Zip(packed)) => {
            let mut response = packed.into_response();
            let headers = response.headers_mut();
            let kind = HeaderValue::from_static("application/octet-stream");
            headers.insert(header::CONTENT_TYPE, kind);
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'.';
            let name = if query.name.len() <= 64 && query.name.bytes().all(plain) {
                query.name
            } else {
                "bill.csv.zip".to_owned()
            };
            let disposition = format!("attachment; filename={name}");
            if let Ok(value) = HeaderValue::from_str(&disposition) {
                headers.insert(header::CONTENT_DISPOSITION, value);
            }
            response
        }
        Ok(Fetched::Expired(at)) => {
            let (at, now) = (at.china(), cx.now().china());
            let text = format!(
                "账单下载地址 30 秒内有效，{at} 已失效（沙箱时钟现在是 {now}），请重新查询。\nThe address of a bill works for 30 seconds and ended at {at}; the business clock shows {now}. Ask for another.\n"
            );
            (StatusCode::FORBIDDEN, text).into_response()
        }
        Ok(Fetched::Unknown) => {
            let text = "没有这个账单。\nThere is no such bill.\n";
            (StatusCode::NOT_FOUND, text).into_response()
        }
        Err(error) => service::Problem::internal(&error).into_response(),
    }
}

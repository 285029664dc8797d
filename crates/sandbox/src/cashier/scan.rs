//! A QR code's address, opened as the buyer's phone: the scan, from which a precreated trade begins.

use super::counter::{Asked, Counter};
use super::end::End;
use crate::app::agreement::find_agreement;
use crate::app::meet_trade::scan;
use crate::app::open_trade::OpenTradeError;
use crate::app::preauth::find_freeze::by_code;
use crate::domain::Refusal;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use service::problem::Problem;

/// Scans and goes on to pay.
pub(super) async fn open(
    State(counter): State<Counter>,
    Path(code): Path<String>,
    asked: Asked,
) -> Response {
    let lang = asked.lang;
    // A code may also ask for a hold or an agreement; those have pages of their own.
    match by_code(counter.cx(), &code).await {
        Ok(Some((freeze, _))) => {
            let page = format!("/consent/freeze/{}", freeze.code);
            return Redirect::to(&page).into_response();
        }
        Ok(None) => {}
        Err(error) => return Problem::from(error).into_response(),
    }
    match find_agreement::by_code(counter.cx(), &code).await {
        Ok(Some((agreement, _))) => {
            let page = format!("/consent/agreement/{}", agreement.code);
            return Redirect::to(&page).into_response();
        }
        Ok(None) => {}
        Err(error) => return Problem::from(error).into_response(),
    }
    let refusal = match scan(counter.cx(), &code).await {
        Ok(visit) => {
            return Redirect::to(&format!("/cashier/{}/pay", visit.visit_id)).into_response();
        }
        Err(OpenTradeError::Store(error)) => return Problem::from(error).into_response(),
        Err(OpenTradeError::Refused(refusal)) => refusal,
    };
    let (status, title, text) = match refusal {
        Refusal::Expired => (
            StatusCode::GONE,
            lang.pick("二维码已失效", "The code has expired"),
            lang.pick(
                "请让商家重新出示二维码。没有扣款。",
                "Ask the shop for a new code. Nothing was charged.",
            ),
        ),
        Refusal::Paid => (
            StatusCode::OK,
            lang.pick("这笔订单已经付过款", "This order is paid already"),
            lang.pick("请不要重复付款。", "Please do not pay twice."),
        ),
        Refusal::Closed => (
            StatusCode::GONE,
            lang.pick("交易已关闭", "The payment is closed"),
            lang.pick(
                "这笔交易已经结束，不能再付款。",
                "This payment is over and can no longer be made.",
            ),
        ),
        _ => (
            StatusCode::NOT_FOUND,
            lang.pick("没有这个二维码", "There is no such code"),
            lang.pick(
                "地址可能不完整，请重新扫描。",
                "The address may be cut off; scan it again.",
            ),
        ),
    };
    let class = if status == StatusCode::OK {
        "result-ok"
    } else {
        "result-warn"
    };
    let end = End {
        class,
        title,
        text,
        back: None,
    };
    end.page(status, &asked)
}

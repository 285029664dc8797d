//! `POST /order/pay/`: courses for a signed link to Alipay's cashier.

use crate::courses::app::place_order::{PlaceError, Placed, place_order};
use crate::courses::context::Context;
use crate::courses::domain::{BasketRefusal, Dialect, PayType, Wanted};
use crate::courses::http::auth::Bearer;
use crate::courses::http::device::device_of;
use crate::courses::http::error::ApiError;
use crate::courses::http::fields::Fields;
use crate::courses::http::order::answer;
use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Order and pay. A body with `course_list` is the second tutorial's and is answered its way.
pub(in crate::courses::http) async fn pay(
    State(ctx): State<Context>,
    Bearer(buyer): Bearer,
    request: Request,
) -> Result<Response, ApiError> {
    let device = device_of(request.headers());
    let wanted = read(&Fields::read(request).await?)?;
    let dialect = wanted.dialect;
    let placed = place_order(&ctx, &buyer, wanted, device)
        .await
        .map_err(|error| refuse(error, dialect))?;
    match placed {
        Placed::ToPay { url } => Ok(answer::link(dialect, &url)),
        Placed::Done { .. } if dialect == Dialect::Course => {
            Ok(Json(json!({"data": "购买成功"})).into_response())
        }
        Placed::Done { order } => {
            let ticket = ctx.tokens.ticket(&order.user_id, &order.out_trade_no);
            let ticket = ticket.map_err(|error| ApiError::internal(&error))?;
            let url = format!(
                "{}/pay/success?out_trade_no={}&ticket={ticket}",
                ctx.public_url, order.out_trade_no
            );
            Ok(answer::link(dialect, &url))
        }
    }
}

fn read(fields: &Fields) -> Result<Wanted, ApiError> {
    let (dialect, list) = match fields.raw("course_list") {
        Some(_) => (Dialect::CourseList, "course_list"),
        None => (Dialect::Course, "course"),
    };
    let pay_type = match fields.integer("pay_type")? {
        None => PayType::AlipayOne,
        Some(WECHAT) => return Err(ApiError::field("pay_type", "暂不支持微信支付")),
        Some(code) => PayType::from_code(code)
            .ok_or_else(|| ApiError::field("pay_type", format!("“{code}” 不是合法选项。")))?,
    };
    let subject = fields.text("subject")?;
    let total = fields.amount("total_amount")?;
    let course_ids = fields.numbers(list)?.map_err(|text| unknown(&text))?;
    Ok(Wanted {
        subject,
        total,
        pay_type,
        course_ids,
        dialect,
    })
}

fn refuse(error: PlaceError, dialect: Dialect) -> ApiError {
    match error {
        PlaceError::Refused(refusal) => refusal_of(refusal, dialect),
        PlaceError::NoUser => ApiError::unauthorized(),
        PlaceError::Till(error) => ApiError::internal(&error),
        PlaceError::Store(error) => error.into(),
    }
}

fn refusal_of(refusal: BasketRefusal, dialect: Dialect) -> ApiError {
    match refusal {
        BasketRefusal::Empty => ApiError::field("course", "该列表不能为空。"),
        BasketRefusal::TooMany => ApiError::field("course", "一次最多购买 50 门课程。"),
        BasketRefusal::Unknown(id) => unknown(&id.to_string()),
        BasketRefusal::Twice(id) => ApiError::field("course", format!("课程 {id} 重复。")),
        BasketRefusal::Owned { name, .. } => {
            ApiError::field("course", format!("您已购买过课程《{name}》。"))
        }
        BasketRefusal::Total { .. } => ApiError::whole(match dialect {
            Dialect::Course => "价格不合法",
            Dialect::CourseList => "订单总价错误!",
        }),
        BasketRefusal::TooExpensive => ApiError::whole("订单金额超过单笔上限。"),
        BasketRefusal::Subject => ApiError::field(
            "subject",
            "标题不能为空、不能超过 256 个字符，且不能包含控制字符。",
        ),
    }
}

fn unknown(id: &str) -> ApiError {
    ApiError::field("course", format!("无效主键 “{id}” － 对象不存在。"))
}

/// The number of WeChat Pay, which is no channel of this service.
const WECHAT: i64 = 2;

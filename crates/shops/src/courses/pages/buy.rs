//! 立即购买: one course, straight to the cashier. And what every way of ordering shares.

use crate::courses::app::catalogue;
use crate::courses::app::place_order::{PlaceError, Placed, place_order};
use crate::courses::domain::{BasketRefusal, Dialect, PayType, User, Wanted};
use crate::courses::http::device_of;
use crate::courses::pages::form::PostedForm;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::visitor::{Place, Visitor, local};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use money::Fen;

/// `POST /buy`: fields `course`, `price` as the page showed it, `back` for where that was.
pub(super) async fn buy(form: PostedForm) -> Result<Response, Instead> {
    let visitor = &form.visitor;
    let back = local(form.get("back"));
    let user = visitor.user_or_login(Some(back))?;
    let ids = form.numbers("course");
    order(visitor, user, ids, form.get("price"), back).await
}

/// Orders courses at the sum that the page showed, and sends the buyer to the cashier.
pub(super) async fn order(
    visitor: &Visitor,
    user: &User,
    course_ids: Vec<i64>,
    seen: &str,
    back: &str,
) -> Result<Response, Instead> {
    let Ok(total) = Fen::parse_yuan(seen) else {
        return Ok(refused(visitor, &BasketRefusal::Empty, back));
    };
    let wanted = Wanted {
        subject: subject(visitor, &course_ids).await?,
        total,
        pay_type: PayType::AlipayOne,
        course_ids,
        dialect: Dialect::Course,
    };
    let device = device_of(&visitor.headers);
    match place_order(&visitor.ctx, &user.id, wanted, device).await {
        Ok(Placed::ToPay { url }) => Ok(Redirect::to(&url).into_response()),
        Ok(Placed::Done { order }) => {
            let href = format!("/pay/success?out_trade_no={}", order.out_trade_no);
            Ok(Redirect::to(&href).into_response())
        }
        Err(PlaceError::Refused(refusal)) => Ok(refused(visitor, &refusal, back)),
        Err(PlaceError::Till(error)) => Err(Instead::broken(&error)),
        Err(gone @ PlaceError::NoUser) => Err(Instead::broken(&gone)),
        Err(PlaceError::Store(error)) => Err(error.into()),
    }
}

/// What Alipay shows: the course's name, and how many more.
async fn subject(visitor: &Visitor, ids: &[i64]) -> Result<String, Instead> {
    let first = match ids.first() {
        Some(id) => catalogue::course(&visitor.ctx, *id).await?,
        None => None,
    };
    let name = first.map_or_else(|| "课程".to_owned(), |(course, _)| course.name);
    Ok(match ids.len() {
        0 | 1 => name,
        count => format!("{name} 等 {count} 门课程"),
    })
}

fn refused(visitor: &Visitor, refusal: &BasketRefusal, back: &str) -> Response {
    let zh_en = match refusal {
        BasketRefusal::Empty => ("没有选择课程", "No course was chosen"),
        BasketRefusal::TooMany => ("一次最多购买 50 门课程", "At most 50 courses at once"),
        BasketRefusal::Unknown(_) => ("课程不存在或已下架", "The course is no longer on sale"),
        BasketRefusal::Twice(_) => ("同一门课程选了两次", "The same course twice"),
        BasketRefusal::Owned { .. } => ("您已购买过这门课程", "You have this course already"),
        BasketRefusal::Total { .. } => ("价格已变化", "The price has changed"),
        BasketRefusal::TooExpensive => ("订单金额超过单笔上限", "The order is too large"),
        BasketRefusal::Subject => ("订单标题不合法", "The order's title is not allowed"),
    };
    let text = match refusal {
        BasketRefusal::Total { seen, actual } => match visitor.lang {
            service::i18n::Lang::Zh => format!(
                "您看到的是 ¥{seen}，现在是 ¥{actual}。没有下单，也没有扣款；请返回确认新的价格。"
            ),
            service::i18n::Lang::En => format!(
                "You saw ¥{seen}, it is ¥{actual} now. Nothing was ordered or paid; go back and look at the new price."
            ),
        },
        BasketRefusal::Owned { .. } => visitor
            .pick("可以直接开始学习。", "You can start learning right away.")
            .to_owned(),
        _ => visitor
            .pick("没有下单，也没有扣款。", "Nothing was ordered or paid.")
            .to_owned(),
    };
    let (link, href) = match refusal {
        BasketRefusal::Owned { .. } => (visitor.pick("我的课程", "My courses"), "/my/courses"),
        _ => (visitor.pick("返回查看", "Go back"), back),
    };
    let title = visitor.pick(zh_en.0, zh_en.1);
    message::page_to(
        visitor,
        Place::Catalogue,
        StatusCode::BAD_REQUEST,
        (title, &text),
        (link, href),
    )
}

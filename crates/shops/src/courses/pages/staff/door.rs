//! Who may enter the back office.

use crate::courses::domain::User;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::visitor::{Place, Visitor};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;

/// `GET /staff`.
pub(in crate::courses::pages) async fn home() -> Response {
    Redirect::to("/staff/orders").into_response()
}

/// The member of staff, or what anybody else is told.
pub(super) fn staff<'a>(visitor: &'a Visitor, back: Option<&str>) -> Result<&'a User, Instead> {
    let user = visitor.user_or_login(back)?;
    if user.is_staff {
        return Ok(user);
    }
    let title = visitor.pick("没有权限", "Not for you");
    let text = visitor.pick(
        "后台只对本校员工开放。",
        "The back office is for the school's staff.",
    );
    Err(message::page(
        visitor,
        Place::Elsewhere,
        StatusCode::FORBIDDEN,
        title,
        text,
    )
    .into())
}

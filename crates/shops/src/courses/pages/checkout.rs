//! The last look before paying for what is in the cart.

use crate::courses::app::{cart, library};
use crate::courses::domain::Course;
use crate::courses::pages::buy;
use crate::courses::pages::cards::Card;
use crate::courses::pages::form::PostedForm;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::visitor::{Place, Visitor};
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use money::Fen;
use service::i18n::Lang;

#[derive(Template)]
#[template(path = "courses/checkout.html")]
struct CheckoutPage<'a> {
    lang: Lang,
    csrf: &'a str,
    cards: Vec<Card>,
    total: Fen,
}

/// `GET /checkout`. What the buyer has by now is left out.
pub(super) async fn show(visitor: Visitor) -> Result<Response, Instead> {
    let user = visitor.user_or_login(None)?;
    let owned = library::ids_of(&visitor.ctx, &user.id).await?;
    let mut courses: Vec<Course> = cart::items(&visitor.ctx, &user.id).await?;
    courses.retain(|course| !owned.contains(&course.id));
    if courses.is_empty() {
        return Ok(Redirect::to("/cart").into_response());
    }
    let page = CheckoutPage {
        lang: visitor.lang,
        csrf: visitor.csrf(),
        total: Fen::sum(courses.iter().map(|course| course.price)).unwrap_or_default(),
        cards: courses
            .iter()
            .map(|course| Card::new(course, visitor.lang, false))
            .collect(),
    };
    let title = visitor.pick("确认订单", "Check out");
    Ok(visitor.shell(Place::Cart, title).page(&page))
}

/// `POST /checkout`: fields `course` as often as needed, `total` as the page showed it.
pub(super) async fn confirm(form: PostedForm) -> Result<Response, Instead> {
    let visitor = &form.visitor;
    let user = visitor.user_or_login(Some("/checkout"))?;
    let ids = form.numbers("course");
    buy::order(visitor, user, ids, form.get("total"), "/cart").await
}

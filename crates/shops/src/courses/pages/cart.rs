//! The cart: courses put together, bought in one order.

use crate::courses::app::cart;
use crate::courses::pages::cards::Card;
use crate::courses::pages::form::PostedForm;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::visitor::{Place, Visitor, local};
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use money::Fen;
use service::i18n::Lang;

#[derive(Template)]
#[template(path = "courses/cart.html")]
struct CartPage<'a> {
    lang: Lang,
    csrf: &'a str,
    cards: Vec<Card>,
    total: Fen,
}

/// `GET /cart`.
pub(super) async fn show(visitor: Visitor) -> Result<Response, Instead> {
    let user = visitor.user_or_login(None)?;
    let courses = cart::items(&visitor.ctx, &user.id).await?;
    let page = CartPage {
        lang: visitor.lang,
        csrf: visitor.csrf(),
        total: Fen::sum(courses.iter().map(|course| course.price)).unwrap_or_default(),
        cards: courses
            .iter()
            .map(|course| Card::new(course, visitor.lang, false))
            .collect(),
    };
    let title = visitor.pick("购物车", "Cart");
    Ok(visitor.shell(Place::Cart, title).page(&page))
}

/// `POST /cart/add`.
pub(super) async fn add(form: PostedForm) -> Result<Response, Instead> {
    let visitor = &form.visitor;
    let back = local(form.get("back"));
    let user = visitor.user_or_login(Some(back))?;
    for id in form.numbers("course").into_iter().take(1) {
        cart::add(&visitor.ctx, &user.id, id).await?;
    }
    Ok(Redirect::to("/cart").into_response())
}

/// `POST /cart/remove`.
pub(super) async fn remove(form: PostedForm) -> Result<Response, Instead> {
    let visitor = &form.visitor;
    let user = visitor.user_or_login(Some("/cart"))?;
    for id in form.numbers("course").into_iter().take(1) {
        cart::remove(&visitor.ctx, &user.id, id).await?;
    }
    Ok(Redirect::to("/cart").into_response())
}

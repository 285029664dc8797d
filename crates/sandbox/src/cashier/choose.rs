//! The first page: the code for the phone, and beside it the login for this browser.

use super::counter::{Asked, Counter};
use super::login::LoginForm;
use super::visit::{self, Bill};
use super::watch;
use crate::app::find_trade::VisitStory;
use crate::app::precreate::qr_address;
use crate::domain::Product;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use service::html::Width;
use service::i18n::Lang;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "cashier/choose.html")]
struct ChoosePage {
    lang: Lang,
    visit_id: String,
    bill: Bill,
    qr: String,
    qr_address: String,
    buyer: Option<String>,
    login: LoginForm,
}

/// Shows what can still be paid; a phone's cashier has no code to scan and goes on to pay.
pub(super) async fn page(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let story = match visit::find(&counter, &visit_id, &asked).await? {
        Ok(story) => story,
        Err(page) => return Ok(page),
    };
    if let Some(ended) = visit::ended(&counter, &story, &asked).await? {
        return Ok(ended);
    }
    if story.visit.product != Product::Page {
        return Ok(Redirect::to(&format!("/cashier/{visit_id}/pay")).into_response());
    }
    let form = LoginForm::default();
    show(&counter, &story, form, &asked).await
}

/// The page with a login form that may say what was wrong.
pub(super) async fn show(
    counter: &Counter,
    story: &VisitStory,
    form: LoginForm,
    asked: &Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let buyer = counter.buyer(&asked.headers).await?;
    let token = counter.token(&asked.headers, buyer.as_ref());
    let qr_address = qr_address(counter.cx(), &story.trade);
    let status = form.status();
    let label = lang.pick("用手机打开付款的二维码", "QR code to pay by phone");
    let visit_id = story.visit.visit_id.clone();
    let action = format!("/cashier/{visit_id}/login");
    let page = ChoosePage {
        lang,
        visit_id,
        bill: Bill::of(story, lang),
        qr: service::qr::svg(&qr_address, label),
        qr_address,
        buyer: buyer.map(|buyer| buyer.account.logon_id.to_string()),
        login: form.ready(counter, action, token.value),
    };
    Ok(Counter::shell(lang, &asked.uri, lang.pick("付款", "Pay"))
        .width(Width::Normal)
        .status(status)
        .script(watch::SCRIPT_HREF)
        .cookie(token.set_cookie)
        .page(&page))
}

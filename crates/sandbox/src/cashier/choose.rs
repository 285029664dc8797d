//! The first page: the code for the phone, and beside it the login for this browser.

use super::counter::Counter;
use super::visit::{self, Bill};
use super::{login, qr, watch};
use crate::domain::Product;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Uri};
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
    login: login::LoginForm,
}

/// Shows what can still be paid; a phone's cashier has no code to scan and goes on to pay.
pub(super) async fn page(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    lang: Lang,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let story = match visit::find(&counter, &visit_id, lang, &uri).await {
        Ok(story) => story,
        Err(page) => return page,
    };
    if let Some(ended) = visit::ended(&story, lang, &uri) {
        return ended;
    }
    if story.visit.product != Product::Page {
        return Redirect::to(&format!("/cashier/{visit_id}/pay")).into_response();
    }
    show(
        &counter,
        story,
        login::LoginForm::default(),
        lang,
        &uri,
        &headers,
    )
    .await
    .unwrap_or_else(IntoResponse::into_response)
}

/// The page with a login form that may say what was wrong.
pub(super) async fn show(
    counter: &Counter,
    story: crate::app::find_trade::VisitStory,
    login: login::LoginForm,
    lang: Lang,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let buyer = counter
        .buyer(headers)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let token = counter.token(headers, buyer.as_ref());
    let qr_address = format!("{}/qr/{}", counter.cx().public_url(), story.trade.qr_code);
    let refused = login.problem.is_some();
    let page = ChoosePage {
        lang,
        visit_id: story.visit.visit_id.clone(),
        bill: Bill::of(&story),
        qr: qr::svg(
            &qr_address,
            lang.pick("用手机打开付款的二维码", "QR code to pay by phone"),
        ),
        qr_address,
        buyer: buyer.map(|buyer| buyer.account.logon_id.to_string()),
        login: login::LoginForm {
            csrf_token: token.value.clone(),
            demo: counter.cx().parts().demo,
            ..login
        },
    };
    let status = if refused {
        http::StatusCode::UNPROCESSABLE_ENTITY
    } else {
        http::StatusCode::OK
    };
    Ok(Counter::shell(lang, uri, lang.pick("付款", "Pay"))
        .width(Width::Normal)
        .status(status)
        .script(watch::SCRIPT_HREF)
        .cookie(token.set_cookie)
        .page(&page))
}

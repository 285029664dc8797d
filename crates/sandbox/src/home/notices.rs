//! All notices, newest first, each with its last try, to be sent once more.

use super::console::{Console, Said, back, said};
use super::desk::{Place, shell};
use super::notice_line::{NoticeLine, notice_line};
use crate::app::send_notice::{NoticeFilter, list_notices, resend};
use crate::cashier::Asked;
use crate::control::cut;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

/// Notices on a page.
const PAGE: i64 = 10;

#[derive(askama::Template)]
#[template(path = "home/notices.html")]
struct NoticesPage {
    lang: Lang,
    said: Option<Said>,
    csrf_token: String,
    notices: Vec<NoticeLine>,
    first_page: bool,
    older: Option<String>,
}

/// Which notices.
#[derive(Deserialize)]
pub(super) struct NoticesQuery {
    before: Option<String>,
    #[serde(default)]
    said: String,
}

/// A page of notices.
pub(super) async fn page(
    State(console): State<Console>,
    Query(query): Query<NoticesQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let token = console.token(&asked.headers);
    let filter = NoticeFilter {
        before: query.before.clone(),
        limit: PAGE + 1,
        ..NoticeFilter::default()
    };
    let found = list_notices(console.cx(), filter).await?;
    let (found, last) = cut(found, PAGE, |story| story.notice.notify_id.clone());
    let page = NoticesPage {
        lang,
        said: said(&query.said, lang),
        csrf_token: token.value,
        first_page: query.before.is_none(),
        older: last.map(|last| format!("/notices?before={last}")),
        notices: found
            .into_iter()
            .map(|story| notice_line(story, lang))
            .collect(),
    };
    let title = lang.pick("异步通知", "Notices");
    Ok(shell(lang, &asked.uri, Place::Notices, title)
        .cookie(token.set_cookie)
        .page(&page))
}

/// Where the form stands.
#[derive(Deserialize)]
pub(super) struct ResendFields {
    csrf_token: String,
    /// The trade's number of ours, when the form stands on its page.
    #[serde(default)]
    trade: String,
}

/// Sends a notice once more, now, beside its schedule.
pub(super) async fn send_again(
    State(console): State<Console>,
    Path(notify_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<ResendFields>,
) -> Result<Response, Problem> {
    console.check(&asked.headers, &fields.csrf_token)?;
    let sent = resend(console.cx(), &notify_id).await?;
    let code = if sent.is_some() { "sent" } else { "gone" };
    let is_trade = fields.trade.parse::<crate::domain::TradeId>().is_ok();
    let path = if is_trade {
        format!("/trades/{}", fields.trade)
    } else {
        "/notices".to_owned()
    };
    Ok(back(&path, code))
}

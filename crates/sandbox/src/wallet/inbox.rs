//! The sandbox's own inbox: what it would send to phones.

use super::frame;
use crate::app::wallet::messages::inbox;
use crate::cashier::{Asked, Counter};
use crate::domain::card::is_phone;
use crate::domain::message::Message;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use service::i18n::Lang;
use service::problem::Problem;

struct Line {
    content: String,
    code: String,
    phone: String,
    at: String,
}

#[derive(askama::Template)]
#[template(path = "wallet/inbox.html")]
struct InboxPage {
    lang: Lang,
    phone: String,
    messages: Vec<Line>,
}

/// Whose messages.
#[derive(Deserialize)]
pub(super) struct InboxQuery {
    phone: Option<String>,
}

/// The newest messages, of one phone or of all.
pub(super) async fn page(
    State(counter): State<Counter>,
    Query(query): Query<InboxQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let phone = query.phone.unwrap_or_default();
    // A number that is none shows everybody's.
    let wanted = is_phone(&phone).then_some(phone.as_str());
    let messages = inbox(counter.cx(), wanted).await?;
    let page = InboxPage {
        lang,
        messages: messages.iter().map(line).collect(),
        phone,
    };
    let title = lang.pick("短信收件箱", "Messages");
    Ok(frame::shell(lang, &asked.uri, title).page(&page))
}

fn line(message: &Message) -> Line {
    Line {
        content: message.content.clone(),
        code: message.code.clone(),
        phone: message.phone.clone(),
        at: frame::minute(message.sent_at),
    }
}

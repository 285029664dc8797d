//! Playing the buyer who is asked for a hold, an agreement or a login; and the agreements there are.

use super::console::{Console, Said, back, said};
use super::desk::{Place, shell};
use super::lab::SaidQuery;
use crate::app::accounts::list_after;
use crate::app::agreement::find_agreement::newest;
use crate::cashier::{Asked, grouped};
use crate::consent::play::{NotPlayed, Word, open};
use crate::domain::agreement::AgreementState;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

/// Buyers to choose from.
const BUYERS: i64 = 20;
/// Agreements on the page.
const AGREEMENTS: i64 = 50;

#[derive(askama::Template)]
#[template(path = "home/consents.html")]
struct ConsentsPage {
    lang: Lang,
    buyers: Vec<BuyerChoice>,
    agreements: Vec<Line>,
    said: Option<Said>,
    csrf_token: String,
}

struct BuyerChoice {
    user_id: String,
    logon_id: String,
}

struct Line {
    number: String,
    external: String,
    class: &'static str,
    state: &'static str,
    next: String,
    taken: String,
    asked_at: String,
}

/// The page.
pub(super) async fn page(
    State(console): State<Console>,
    Query(query): Query<SaidQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (cx, lang) = (console.cx(), asked.lang);
    let token = console.token(&asked.headers);
    let buyers = list_after(cx, "", BUYERS).await?;
    let found = newest(cx, AGREEMENTS).await?;
    let lines = found.into_iter().map(|agreement| {
        let (class, state) = state(agreement.state, lang);
        let plan = agreement.plan.as_ref();
        Line {
            external: agreement.number().to_owned(),
            class,
            state,
            next: plan
                .map(|plan| plan.next_day.to_string())
                .unwrap_or_default(),
            taken: grouped(agreement.taken),
            asked_at: agreement.asked_at.china(),
            number: agreement.agreement_no,
        }
    });
    let page = ConsentsPage {
        lang,
        buyers: buyers
            .into_iter()
            .map(|(account, _)| BuyerChoice {
                user_id: account.user_id,
                logon_id: account.logon_id.to_string(),
            })
            .collect(),
        agreements: lines.collect(),
        said: said(&query.said, lang),
        csrf_token: token.value,
    };
    let title = lang.pick("授权与签约", "Consents");
    Ok(shell(lang, &asked.uri, Place::Consents, title)
        .cookie(token.set_cookie)
        .page(&page))
}

fn state(state: AgreementState, lang: Lang) -> (&'static str, &'static str) {
    match state {
        AgreementState::Temp => ("tag-info", lang.pick("等待签约", "Waits")),
        AgreementState::Normal => ("tag-ok", lang.pick("生效中", "Holds")),
        AgreementState::Unsign => ("", lang.pick("已结束", "Over")),
        AgreementState::Closed => ("tag-warn", lang.pick("未签约", "Not signed")),
    }
}

/// Who answers what, and where.
#[derive(Deserialize)]
pub(super) struct AnswerFields {
    csrf_token: String,
    url: String,
    user_id: String,
    /// `agree` or `refuse`.
    word: String,
}

/// Answers, without asking for a password.
pub(super) async fn answer(
    State(console): State<Console>,
    asked: Asked,
    FormBody(fields): FormBody<AnswerFields>,
) -> Result<Response, Problem> {
    console.check(&asked.headers, &fields.csrf_token)?;
    let cx = console.cx();
    let Ok(consent) = open(cx, &fields.url, asked.lang).await else {
        return Ok(back("/consents", "no-consent"));
    };
    let word = if fields.word == "agree" {
        Word::Agree {
            user_id: &fields.user_id,
            pay_password: None,
        }
    } else {
        Word::Refuse
    };
    match consent.answer(cx, word).await {
        Ok(_) if fields.word == "agree" => Ok(back("/consents", "agreed")),
        Ok(_) => Ok(back("/consents", "refused")),
        Err(NotPlayed::Store(error)) => Err(error.into()),
        Err(_) => Ok(back("/consents", "not-agreed")),
    }
}

//! What the wallet's owner signed: what each says, what was taken by it, and its end.

use super::frame::{self, Banner, Nothing, Open, Sent};
use crate::app::agreement::ask_agreement::AgreementError;
use crate::app::agreement::end_agreement::end_by_signer;
use crate::app::agreement::find_agreement::{Signed, signed_by};
use crate::app::find_trade::list_apps;
use crate::cashier::{grouped, seller_name};
use crate::consent::what_is_agreed;
use crate::domain::App;
use crate::domain::agreement::{AgreementRefusal, AgreementState};
use axum::extract::Path;
use axum::response::Response;
use service::i18n::Lang;
use service::problem::Problem;

/// How many are shown.
const MOST: i64 = 50;

#[derive(askama::Template)]
#[template(path = "wallet/agreements.html")]
struct AgreementsPage {
    lang: Lang,
    banner: Banner,
    agreements: Vec<Card>,
    csrf_token: String,
}

/// An agreement, as its signer reads it.
struct Card {
    number: String,
    with: String,
    holds: bool,
    state: &'static str,
    facts: Vec<(&'static str, String)>,
    deductions: Vec<Taken>,
}

struct Taken {
    amount: String,
    at: String,
}

/// The list.
pub(super) async fn page(open: Open) -> Result<Response, Problem> {
    show(&open, Banner::default()).await
}

/// Ends an agreement.
pub(super) async fn end(
    Path(agreement_no): Path<String>,
    Sent { open, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let lang = open.lang();
    let user_id = open.user_id();
    let banner = match end_by_signer(open.cx(), &agreement_no, user_id).await {
        // Sent twice, it is ended as well.
        Ok(_) | Err(AgreementError::Refused(AgreementRefusal::Ended)) => Banner::done(lang.pick(
            "已解约，商家不能再扣款。",
            "It is ended; the shop can take no more money.",
        )),
        Err(AgreementError::Store(error)) => return Err(error.into()),
        Err(_) => Banner::problem(lang.pick(
            "这份协议已经结束，或不是您签的。",
            "The agreement is over already, or not yours.",
        )),
    };
    show(&open, banner).await
}

async fn show(open: &Open, banner: Banner) -> Result<Response, Problem> {
    let (lang, cx) = (open.lang(), open.cx());
    let apps = list_apps(cx).await?;
    let signed = signed_by(cx, open.user_id(), MOST).await?;
    let token = open.token();
    let status = banner.status();
    let page = AgreementsPage {
        lang,
        banner,
        agreements: signed
            .iter()
            .map(|signed| card(signed, &apps, lang))
            .collect(),
        csrf_token: token.value,
    };
    let title = lang.pick("扣款协议", "Agreements");
    Ok(open
        .shell(title)
        .status(status)
        .cookie(token.set_cookie)
        .page(&page))
}

fn card((agreement, deductions): &Signed, apps: &[App], lang: Lang) -> Card {
    let app = apps.iter().find(|app| app.app_id == agreement.app_id);
    let mut facts = what_is_agreed(&agreement.terms, agreement.invalid_at, lang);
    let holds = agreement.state == AgreementState::Normal;
    if holds && let Some(plan) = &agreement.plan {
        let next = plan.next_day.to_string();
        facts.push((lang.pick("下次扣款日", "Next day"), next));
    }
    Card {
        number: agreement.agreement_no.clone(),
        with: app.map(|app| seller_name(app, lang)).unwrap_or_default(),
        holds,
        state: if holds {
            lang.pick("生效中", "Holds")
        } else {
            lang.pick("已结束", "Over")
        },
        facts,
        deductions: deductions
            .iter()
            .map(|taken| Taken {
                amount: grouped(taken.amount),
                at: frame::minute(taken.taken_at),
            })
            .collect(),
    }
}

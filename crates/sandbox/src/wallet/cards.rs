//! Bank cards: what there is, a test card, a card bound by a code, a card taken out.

use super::frame::{self, Banner, Open, Sent};
use super::words;
use crate::app::wallet::cards::{self, Held, IssueError, NewCard};
use crate::cashier::grouped;
use crate::domain::card::{Bank, CARD_BEGINS_WITH, is_phone, masked_phone};
use axum::response::Response;
use serde::Deserialize;
use service::i18n::Lang;
use service::problem::Problem;

/// The phone of a card whose owner has none.
const DEFAULT_PHONE: &str = "13800138000";

/// A card as pages show it to its owner.
pub(super) struct CardLine {
    pub(super) bank: String,
    pub(super) number: String,
    pub(super) tail: String,
    pub(super) phone: String,
    pub(super) balance: String,
}

impl CardLine {
    pub(super) fn of(held: &Held, lang: Lang) -> Self {
        let (zh, en) = held.card.bank.names();
        Self {
            bank: lang.pick(zh, en).to_owned(),
            number: held.card.card_no.to_string(),
            tail: held.card.card_no.tail().to_owned(),
            phone: held.card.phone.clone(),
            balance: grouped(held.balance),
        }
    }
}

/// The second step of binding.
struct Confirm {
    card_no: String,
    phone: String,
    phone_full: String,
}

#[derive(Default)]
struct Showing {
    banner: Banner,
    confirm: Option<Confirm>,
    typed_card: String,
    typed_phone: String,
}

#[derive(askama::Template)]
#[template(path = "wallet/cards.html")]
struct CardsPage {
    lang: Lang,
    banner: Banner,
    cards: Vec<CardLine>,
    banks: Vec<(&'static str, &'static str)>,
    phone: String,
    typed_card: String,
    typed_phone: String,
    confirm: Option<Confirm>,
    csrf_token: String,
    form_no: String,
}

/// The cards of the open wallet.
pub(super) async fn page(open: Open) -> Result<Response, Problem> {
    show(&open, Showing::default()).await
}

async fn show(open: &Open, showing: Showing) -> Result<Response, Problem> {
    let lang = open.lang();
    let held = cards::of_user(open.cx(), open.user_id()).await?;
    let token = open.token();
    let own = open.buyer.account.logon_id.as_str();
    let status = showing.banner.status();
    let bank = |bank: Bank| {
        let (zh, en) = bank.names();
        (bank.as_str(), lang.pick(zh, en))
    };
    let page = CardsPage {
        lang,
        banner: showing.banner,
        cards: held.iter().map(|held| CardLine::of(held, lang)).collect(),
        banks: Bank::ALL.map(bank).to_vec(),
        phone: if is_phone(own) { own } else { DEFAULT_PHONE }.to_owned(),
        typed_card: showing.typed_card,
        typed_phone: showing.typed_phone,
        confirm: showing.confirm,
        csrf_token: token.value,
        form_no: open.form_no(),
    };
    let title = lang.pick("我的银行卡", "My bank cards");
    Ok(open
        .shell(title)
        .status(status)
        .cookie(token.set_cookie)
        .page(&page))
}

/// What asks for a test card.
#[derive(Deserialize)]
pub(super) struct IssueFields {
    #[serde(default)]
    form_no: String,
    bank: String,
    phone: String,
}

/// Issues a test card into the open wallet.
pub(super) async fn issue(Sent { open, fields }: Sent<IssueFields>) -> Result<Response, Problem> {
    let lang = open.lang();
    let phone = fields.phone.trim().to_owned();
    let form_no = frame::form_no(&fields.form_no, lang);
    let banner = match (fields.bank.parse::<Bank>(), form_no) {
        (_, Err(text)) => Banner::problem(text),
        (Ok(bank), Ok(form_no)) if is_phone(&phone) => {
            let user_id = open.user_id();
            let new = NewCard {
                bank,
                phone,
                user_id: Some(user_id.to_owned()),
                balance: CARD_BEGINS_WITH,
            };
            match cards::issue_to(open.cx(), user_id, &form_no, new).await {
                Ok(card) => Banner::done(issued(card.card_no.tail(), lang)),
                Err(IssueError::OtherContent) => Banner::problem(frame::other_content(lang)),
                Err(IssueError::Store(error)) => return Err(error.into()),
            }
        }
        _ => Banner::problem(no_phone(lang)),
    };
    let showing = Showing {
        banner,
        ..Showing::default()
    };
    show(&open, showing).await
}

fn issued(tail: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("已领到尾号 {tail} 的银行卡。"),
        Lang::En => format!("The card ending in {tail} is yours."),
    }
}

fn no_phone(lang: Lang) -> &'static str {
    lang.pick(
        "请选择银行，并填写 11 位手机号。",
        "Choose a bank and give a phone number of 11 digits.",
    )
}

/// What binds a card.
#[derive(Deserialize)]
pub(super) struct BindFields {
    card_no: String,
    phone: String,
    code: Option<String>,
}

/// Sends the code that binds a card.
pub(super) async fn bind(Sent { open, fields }: Sent<BindFields>) -> Result<Response, Problem> {
    let lang = open.lang();
    let user_id = open.user_id();
    let asked_for = cards::ask_to_bind(open.cx(), user_id, &fields.card_no, &fields.phone).await;
    let showing = match asked_for {
        Ok(card) => Showing {
            confirm: Some(Confirm {
                card_no: card.card_no.to_string(),
                phone: masked_phone(&card.phone),
                phone_full: card.phone,
            }),
            ..Showing::default()
        },
        Err(error) => Showing {
            banner: Banner::problem(words::bind_problem(error, lang)?),
            typed_card: fields.card_no,
            typed_phone: fields.phone,
            ..Showing::default()
        },
    };
    show(&open, showing).await
}

/// Binds a card by its code.
pub(super) async fn confirm(Sent { open, fields }: Sent<BindFields>) -> Result<Response, Problem> {
    let lang = open.lang();
    let (user_id, code) = (open.user_id(), fields.code.unwrap_or_default());
    let bound = cards::bind(open.cx(), user_id, &fields.card_no, &fields.phone, &code);
    let showing = match bound.await {
        Ok(card) => {
            let tail = card.card_no.tail();
            let text = match lang {
                Lang::Zh => format!("尾号 {tail} 的银行卡已绑定。"),
                Lang::En => format!("The card ending in {tail} is bound."),
            };
            Showing {
                banner: Banner::done(text),
                ..Showing::default()
            }
        }
        Err(error) => Showing {
            banner: Banner::problem(words::bind_problem(error, lang)?),
            confirm: Some(Confirm {
                card_no: fields.card_no,
                phone: masked_phone(&fields.phone),
                phone_full: fields.phone,
            }),
            ..Showing::default()
        },
    };
    show(&open, showing).await
}

/// Which card is taken out.
#[derive(Deserialize)]
pub(super) struct UnbindFields {
    card_no: String,
}

/// Takes a card out of the open wallet.
pub(super) async fn unbind(Sent { open, fields }: Sent<UnbindFields>) -> Result<Response, Problem> {
    let lang = open.lang();
    let user_id = open.user_id();
    let banner = if cards::unbind(open.cx(), user_id, &fields.card_no).await? {
        Banner::done(lang.pick("已解绑。", "The card is unbound."))
    } else {
        Banner::problem(lang.pick("这张卡不在您的钱包里。", "The card is not in your wallet."))
    };
    let showing = Showing {
        banner,
        ..Showing::default()
    };
    show(&open, showing).await
}

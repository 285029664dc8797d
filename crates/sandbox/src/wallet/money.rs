//! Putting money in from a card, and taking it out onto one.

use super::cards::CardLine;
use super::frame::{self, Banner, Open, Sent};
use super::words;
use crate::app::accounts::balance;
use crate::app::wallet::cards;
use crate::app::wallet::move_money::{MoveMoney, MoveMoneyError, Way, move_money};
use crate::cashier::grouped;
use axum::response::Response;
use serde::Deserialize;
use service::i18n::Lang;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "wallet/money.html")]
struct MoneyPage {
    lang: Lang,
    banner: Banner,
    title: &'static str,
    action: &'static str,
    balance: String,
    cards: Vec<CardLine>,
    typed_card: String,
    typed_amount: String,
    csrf_token: String,
    form_no: String,
    demo: bool,
}

/// What is sent.
#[derive(Deserialize)]
pub(super) struct MoneyFields {
    #[serde(default)]
    form_no: String,
    card_no: String,
    amount: String,
    pay_password: String,
}

#[derive(Default)]
struct Showing {
    banner: Banner,
    typed_card: String,
    typed_amount: String,
}

/// The form that puts money in.
pub(super) async fn top_up_page(open: Open) -> Result<Response, Problem> {
    show(&open, Way::In, Showing::default()).await
}

/// The form that takes money out.
pub(super) async fn withdraw_page(open: Open) -> Result<Response, Problem> {
    show(&open, Way::Out, Showing::default()).await
}

/// Puts money in.
pub(super) async fn top_up(sent: Sent<MoneyFields>) -> Result<Response, Problem> {
    submit(sent, Way::In).await
}

/// Takes money out.
pub(super) async fn withdraw(sent: Sent<MoneyFields>) -> Result<Response, Problem> {
    submit(sent, Way::Out).await
}

async fn show(open: &Open, way: Way, showing: Showing) -> Result<Response, Problem> {
    let (lang, cx) = (open.lang(), open.cx());
    let held = cards::of_user(cx, open.user_id()).await?;
    let token = open.token();
    let (title, action) = match way {
        Way::In => (lang.pick("充值", "Top up"), "/wallet/top-up"),
        Way::Out => (lang.pick("提现", "Withdraw"), "/wallet/withdraw"),
    };
    let status = showing.banner.status();
    let page = MoneyPage {
        lang,
        banner: showing.banner,
        title,
        action,
        balance: grouped(balance(cx, open.user_id()).await?),
        cards: held.iter().map(|held| CardLine::of(held, lang)).collect(),
        typed_card: showing.typed_card,
        typed_amount: showing.typed_amount,
        csrf_token: token.value,
        form_no: open.form_no(),
        demo: cx.parts().demo,
    };
    Ok(open
        .shell(title)
        .status(status)
        .cookie(token.set_cookie)
        .page(&page))
}

async fn submit(Sent { open, fields }: Sent<MoneyFields>, way: Way) -> Result<Response, Problem> {
    let lang = open.lang();
    let form_no = frame::form_no(&fields.form_no, lang);
    let moved = match (form_no, frame::amount(&fields.amount, lang)) {
        (Ok(form_no), Ok(amount)) => {
            let wish = MoveMoney {
                form_no,
                way,
                card_no: fields.card_no.clone(),
                amount,
                pay_password: fields.pay_password,
            };
            let moved = move_money(open.cx(), &open.buyer.account, wish).await;
            moved.map(|()| amount).map_err(|error| why(error, lang))
        }
        (Err(text), _) | (_, Err(text)) => Err(Ok(text)),
    };
    let showing = match moved {
        Ok(amount) => Showing {
            banner: Banner::done(match (lang, way) {
                (Lang::Zh, Way::In) => format!("已充值 {amount} 元。"),
                (Lang::Zh, Way::Out) => format!("已提现 {amount} 元。"),
                (Lang::En, Way::In) => format!("{amount} yuan were put in."),
                (Lang::En, Way::Out) => format!("{amount} yuan were taken out."),
            }),
            typed_card: fields.card_no,
            typed_amount: String::new(),
        },
        Err(problem) => Showing {
            banner: Banner::problem(problem?),
            typed_card: fields.card_no,
            typed_amount: fields.amount,
        },
    };
    show(&open, way, showing).await
}

fn why(error: MoveMoneyError, lang: Lang) -> Result<String, Problem> {
    Ok(match error {
        MoveMoneyError::Store(error) => return Err(error.into()),
        MoveMoneyError::Amount => lang.pick("金额不对。", "The amount is none.").to_owned(),
        MoveMoneyError::OtherContent => frame::other_content(lang),
        MoveMoneyError::Password(denied) => words::denied(lang, denied),
        MoveMoneyError::Card(refusal) => words::card_words(refusal, lang),
        MoveMoneyError::BalanceNotEnough => lang
            .pick(
                "余额不足，没有扣款。",
                "The balance is too small; nothing was taken.",
            )
            .to_owned(),
    })
}

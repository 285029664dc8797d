//! Giving somebody money: a wallet, a card, a phone's number.

use super::frame::{self, Banner, Open, Sent};
use super::words;
use crate::app::accounts::balance;
use crate::app::wallet::claim::given_by;
use crate::app::wallet::give::{Give, GiveError, MESSAGE_MAX, give};
use crate::cashier::grouped;
use crate::domain::gift::{Gift, GiftState, TargetKind};
use axum::response::Response;
use serde::Deserialize;
use service::i18n::Lang;
use service::problem::Problem;

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    kind: String,
    target: String,
    amount: String,
    message: String,
}

struct GiftLine {
    to: String,
    amount: String,
    at: String,
    state: &'static str,
}

#[derive(askama::Template)]
#[template(path = "wallet/give.html")]
struct GivePage {
    lang: Lang,
    banner: Banner,
    balance: String,
    kinds: [(&'static str, &'static str); 3],
    typed: Typed,
    given: Vec<GiftLine>,
    csrf_token: String,
    form_no: String,
    demo: bool,
}

/// What is sent.
#[derive(Deserialize)]
pub(super) struct GiveFields {
    #[serde(default)]
    form_no: String,
    #[serde(default)]
    kind: String,
    target: String,
    amount: String,
    #[serde(default)]
    message: String,
    pay_password: String,
}

/// The form.
pub(super) async fn page(open: Open) -> Result<Response, Problem> {
    let typed = Typed {
        kind: TargetKind::Account.as_str().to_owned(),
        ..Typed::default()
    };
    show(&open, Banner::default(), typed).await
}

async fn show(open: &Open, banner: Banner, typed: Typed) -> Result<Response, Problem> {
    let (lang, cx) = (open.lang(), open.cx());
    let user_id = open.user_id();
    let given = given_by(cx, user_id).await?;
    let token = open.token();
    let status = banner.status();
    let page = GivePage {
        lang,
        banner,
        balance: grouped(balance(cx, user_id).await?),
        kinds: [
            (
                TargetKind::Account.as_str(),
                lang.pick("支付宝账户", "A wallet"),
            ),
            (
                TargetKind::Card.as_str(),
                lang.pick("银行卡", "A bank card"),
            ),
            (
                TargetKind::Phone.as_str(),
                lang.pick(
                    "手机号（对方 24 小时内收款）",
                    "A phone (to be taken within 24 hours)",
                ),
            ),
        ],
        typed,
        given: given.iter().map(|gift| line(gift, lang)).collect(),
        csrf_token: token.value,
        form_no: open.form_no(),
        demo: cx.parts().demo,
    };
    Ok(open
        .shell(lang.pick("转账", "Transfer"))
        .status(status)
        .cookie(token.set_cookie)
        .page(&page))
}

fn line(gift: &Gift, lang: Lang) -> GiftLine {
    GiftLine {
        to: gift.target.clone(),
        amount: grouped(gift.amount),
        at: frame::minute(gift.created_at),
        state: match gift.state {
            GiftState::Waiting => lang.pick("等待收款", "waiting"),
            GiftState::Done => lang.pick("已到账", "arrived"),
            GiftState::Returned => lang.pick("已退回", "went back"),
        },
    }
}

/// Gives.
pub(super) async fn submit(Sent { open, fields }: Sent<GiveFields>) -> Result<Response, Problem> {
    let lang = open.lang();
    let typed = Typed {
        kind: fields.kind.clone(),
        target: fields.target.clone(),
        amount: fields.amount.clone(),
        message: fields.message.clone(),
    };
    let form_no = frame::form_no(&fields.form_no, lang);
    let amount = frame::amount(&fields.amount, lang);
    let given = match (fields.kind.parse(), form_no, amount) {
        (Ok(kind), Ok(form_no), Ok(amount)) => {
            let wish = Give {
                form_no,
                kind,
                target: fields.target,
                amount,
                message: fields.message,
                pay_password: fields.pay_password,
            };
            let given = give(open.cx(), &open.buyer.account, wish).await;
            given.map_err(|error| why(error, lang))
        }
        (_, Err(text), _) | (_, _, Err(text)) => Err(Ok(text)),
        (Err(_), _, _) => Err(Ok(lang
            .pick("请选择转给谁。", "Choose whom to give it to.")
            .to_owned())),
    };
    let (banner, typed) = match given {
        Ok(gift) => (
            Banner::done(done_words(&gift, lang)),
            Typed {
                kind: typed.kind,
                ..Typed::default()
            },
        ),
        Err(problem) => (Banner::problem(problem?), typed),
    };
    show(&open, banner, typed).await
}

fn done_words(gift: &Gift, lang: Lang) -> String {
    let (amount, to) = (gift.amount, &gift.target);
    match (lang, gift.kind) {
        (Lang::Zh, TargetKind::Phone) => {
            format!("已转出 {amount} 元，{to} 在 24 小时内收款，逾期退回。")
        }
        (Lang::En, TargetKind::Phone) => {
            format!("{amount} yuan wait for {to} for 24 hours, then they come back.")
        }
        (Lang::Zh, _) => format!("已转给 {to} {amount} 元。"),
        (Lang::En, _) => format!("{amount} yuan went to {to}."),
    }
}

fn why(error: GiveError, lang: Lang) -> Result<String, Problem> {
    Ok(match error {
        GiveError::Store(error) => return Err(error.into()),
        GiveError::Amount => lang.pick("金额不对。", "The amount is none.").to_owned(),
        GiveError::Message => match lang {
            Lang::Zh => format!("留言最多 {MESSAGE_MAX} 个字。"),
            Lang::En => format!("A message has at most {MESSAGE_MAX} characters."),
        },
        GiveError::NoSuchTarget => lang
            .pick(
                "找不到收款方：请核对账号、卡号或 11 位手机号。",
                "There is no such taker: check the account, the card or the phone number.",
            )
            .to_owned(),
        GiveError::Same => lang
            .pick("不能转给自己。", "You cannot give to yourself.")
            .to_owned(),
        GiveError::OtherContent => frame::other_content(lang),
        GiveError::Password(denied) => words::denied(lang, denied),
        GiveError::BalanceNotEnough => lang
            .pick(
                "余额不足，没有扣款。",
                "The balance is too small; nothing was taken.",
            )
            .to_owned(),
        GiveError::DayLimit { left } => match lang {
            Lang::Zh => format!("超过您设置的每日限额，今天还可以用 {left} 元。"),
            Lang::En => format!("Over your daily limit; {left} yuan are left today."),
        },
    })
}

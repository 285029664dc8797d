//! Passwords and the daily limit.

use super::frame::{self, Banner, Open, Sent};
use super::words;
use crate::app::wallet::limits::{self, SetLimitError};
use crate::app::wallet::passwords::{ChangePassword, ChangePasswordError, change};
use crate::cashier::grouped;
use crate::domain::account::Secret;
use axum::response::Response;
use money::Fen;
use serde::Deserialize;
use service::i18n::Lang;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "wallet/settings.html")]
struct SettingsPage {
    lang: Lang,
    banner: Banner,
    limit_words: String,
    typed_amount: String,
    csrf_token: String,
    login_form_no: String,
    form_no: String,
    demo: bool,
}

/// The forms.
pub(super) async fn page(open: Open) -> Result<Response, Problem> {
    show(&open, Banner::default(), None).await
}

async fn show(
    open: &Open,
    banner: Banner,
    typed_amount: Option<String>,
) -> Result<Response, Problem> {
    let (lang, cx) = (open.lang(), open.cx());
    let limit = limits::of_user(cx, open.user_id()).await?;
    let token = open.token();
    let status = banner.status();
    let limit_words = match (limit, lang) {
        (None, _) => lang
            .pick("现在没有限额。", "There is no limit now.")
            .to_owned(),
        (Some(limit), Lang::Zh) => format!(
            "每天最多 {} 元，今天已用 {} 元（付款和转账）。",
            grouped(limit.amount),
            grouped(limit.spent)
        ),
        (Some(limit), Lang::En) => format!(
            "{} yuan a day at most; {} left the balance today (payments and transfers).",
            grouped(limit.amount),
            grouped(limit.spent)
        ),
    };
    let now = limit.map(|limit| limit.amount.to_string());
    let page = SettingsPage {
        lang,
        banner,
        limit_words,
        typed_amount: typed_amount.or(now).unwrap_or_default(),
        csrf_token: token.value,
        login_form_no: open.form_no(),
        form_no: open.form_no(),
        demo: cx.parts().demo,
    };
    let title = lang.pick("安全设置", "Security");
    Ok(open
        .shell(title)
        .status(status)
        .cookie(token.set_cookie)
        .page(&page))
}

/// What changes a password.
#[derive(Deserialize)]
pub(super) struct PasswordFields {
    #[serde(default)]
    form_no: String,
    old: String,
    new: String,
}

/// Changes the login password.
pub(super) async fn login_password(
    Sent { open, fields }: Sent<PasswordFields>,
) -> Result<Response, Problem> {
    change_password(&open, Secret::Login, fields).await
}

/// Changes the payment password.
pub(super) async fn pay_password(
    Sent { open, fields }: Sent<PasswordFields>,
) -> Result<Response, Problem> {
    change_password(&open, Secret::Pay, fields).await
}

async fn change_password(
    open: &Open,
    secret: Secret,
    fields: PasswordFields,
) -> Result<Response, Problem> {
    let lang = open.lang();
    let form_no = match frame::form_no(&fields.form_no, lang) {
        Ok(form_no) => form_no,
        Err(text) => return show(open, Banner::problem(text), None).await,
    };
    let wish = ChangePassword {
        form_no,
        secret,
        old: fields.old,
        new: fields.new,
    };
    let banner = match change(open.cx(), &open.buyer.account, wish).await {
        Ok(()) => Banner::done(lang.pick("密码已修改。", "The password is changed.")),
        Err(ChangePasswordError::Shape) => Banner::problem(match secret {
            Secret::Login => lang.pick(
                "新的登录密码要 6 到 64 个字符。",
                "A login password has 6 to 64 characters.",
            ),
            Secret::Pay => lang.pick(
                "新的支付密码是六位数字。",
                "A payment password is six digits.",
            ),
        }),
        Err(ChangePasswordError::OtherContent) => Banner::problem(frame::other_content(lang)),
        Err(ChangePasswordError::Old(denied)) => Banner::problem(words::denied(lang, denied)),
        Err(ChangePasswordError::Store(error)) => return Err(error.into()),
        Err(error @ ChangePasswordError::Hash(_)) => return Err(Problem::internal(&error)),
    };
    show(open, banner, None).await
}

/// What changes the limit.
#[derive(Deserialize)]
pub(super) struct LimitFields {
    /// Empty for no limit.
    amount: String,
    pay_password: String,
}

/// Sets the daily limit, or takes it away.
pub(super) async fn limit(Sent { open, fields }: Sent<LimitFields>) -> Result<Response, Problem> {
    let lang = open.lang();
    let typed = fields.amount.trim();
    let amount = match typed {
        "" => Ok(None),
        typed => Fen::parse_yuan(typed).map(Some),
    };
    let banner = match amount {
        Err(_) => Banner::problem(no_limit(lang)),
        Ok(amount) => {
            let set = limits::set(open.cx(), &open.buyer.account, amount, &fields.pay_password);
            match set.await {
                Ok(()) => Banner::done(lang.pick("限额已保存。", "The limit is saved.")),
                Err(SetLimitError::Amount) => Banner::problem(no_limit(lang)),
                Err(SetLimitError::Password(denied)) => {
                    Banner::problem(words::denied(lang, denied))
                }
                Err(SetLimitError::Store(error)) => return Err(error.into()),
            }
        }
    };
    let typed = banner.problem.is_some().then(|| typed.to_owned());
    show(&open, banner, typed).await
}

fn no_limit(lang: Lang) -> &'static str {
    lang.pick(
        "限额从 0.00 到 100000000.00 元，最多两位小数。",
        "A limit is from 0.00 to 100000000.00 yuan, with two decimals at most.",
    )
}

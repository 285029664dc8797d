//! A login with Alipay: an application asks who somebody is.

use super::kind::{Answered, Looked, Wish, asker, missing};
use crate::app::oauth::answer_login::{agree_login, refuse_login};
use crate::app::oauth::ask_login::find_ask;
use crate::context::Context;
use crate::domain::Account;
use crate::domain::oauth::tells_all;
use service::i18n::Lang;
use store::StoreError;
use url::Url;

pub(super) async fn look(cx: &Context, token: &str, lang: Lang) -> Result<Looked, StoreError> {
    let Some((ask, app)) = find_ask(cx, token).await? else {
        return Ok(Looked::Over(missing(lang)));
    };
    let host = Url::parse(&ask.redirect_uri)
        .ok()
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default();
    let mut points = vec![lang.pick("您的支付宝用户号", "Your Alipay user number")];
    if tells_all(&ask.scope) {
        points.push(lang.pick("您的昵称、性别和所在地", "Your nickname, gender and place"));
    }
    Ok(Looked::Open(Wish {
        title: lang.pick("登录授权", "Log in with Alipay"),
        lead: match lang {
            Lang::Zh => format!("{} 申请获得：", asker(&app, lang)),
            Lang::En => format!("{} asks to know:", asker(&app, lang)),
        },
        amount: None,
        facts: vec![
            (lang.pick("应用", "Application"), app.app_id.clone()),
            (lang.pick("授权范围", "Scope"), ask.scope.clone()),
            (lang.pick("返回地址", "Goes back to"), host),
        ],
        points,
        agree: lang.pick("同意", "Agree"),
        with_password: false,
        qr_address: None,
    }))
}

pub(super) async fn agree(
    cx: &Context,
    token: &str,
    account: &Account,
    lang: Lang,
) -> Result<Answered, StoreError> {
    let Some((ask, _)) = find_ask(cx, token).await? else {
        return Ok(Answered::Over(missing(lang)));
    };
    Ok(match agree_login(cx, &ask, &account.user_id).await? {
        Some(address) => Answered::Go(address),
        None => Answered::Over(missing(lang)),
    })
}

pub(super) async fn refuse(cx: &Context, token: &str, lang: Lang) -> Result<Answered, StoreError> {
    match find_ask(cx, token).await? {
        Some((ask, _)) => Ok(Answered::Go(refuse_login(cx, &ask).await?)),
        None => Ok(Answered::Over(missing(lang))),
    }
}

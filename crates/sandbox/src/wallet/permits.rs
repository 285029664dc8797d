//! Which applications may log the wallet's owner in, what each may know, and the end of it.

use super::frame::{self, Banner};
use crate::app::find_trade::list_apps;
use crate::app::oauth::permits::{permits_of, revoke};
use crate::cashier::{Asked, Buyer, Counter, LeaveFields, seller_name};
use crate::domain::App;
use crate::domain::oauth::{Permit, tells_all};
use axum::extract::{Path, State};
use axum::response::Response;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

/// How many are shown.
const MOST: usize = 50;

#[derive(askama::Template)]
#[template(path = "wallet/permits.html")]
struct PermitsPage {
    lang: Lang,
    banner: Banner,
    permits: Vec<Card>,
    csrf_token: String,
}

/// An application's leave, as its owner reads it.
struct Card {
    app_id: String,
    name: String,
    scope: String,
    knows: &'static str,
    since: String,
    last: String,
    until: String,
}

/// The list.
pub(super) async fn page(
    State(counter): State<Counter>,
    asked: Asked,
) -> Result<Response, Problem> {
    match frame::visitor(&counter, &asked).await? {
        Ok(buyer) => show(&counter, &buyer, Banner::default(), &asked).await,
        Err(login) => Ok(login),
    }
}

/// Takes an application's leave away.
pub(super) async fn end(
    State(counter): State<Counter>,
    Path(app_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<LeaveFields>,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let buyer = match frame::owner(&counter, &asked, &fields.csrf_token).await? {
        Ok(buyer) => buyer,
        Err(login) => return Ok(login),
    };
    let banner = if revoke(counter.cx(), &buyer.account.user_id, &app_id).await? {
        Banner::done(lang.pick(
            "已取消授权。这个应用手里的令牌从现在起无效，再次登录要重新征得您的同意。",
            "Taken back. The tokens it holds no longer work; for another login it must ask you again.",
        ))
    } else {
        Banner::problem(lang.pick(
            "这个应用没有您的登录授权，或已经取消。",
            "You do not let this application log you in, or not any more.",
        ))
    };
    show(&counter, &buyer, banner, &asked).await
}

async fn show(
    counter: &Counter,
    buyer: &Buyer,
    banner: Banner,
    asked: &Asked,
) -> Result<Response, Problem> {
    let (lang, cx) = (asked.lang, counter.cx());
    let apps = list_apps(cx).await?;
    let permits = permits_of(cx, &buyer.account.user_id, MOST).await?;
    let token = counter.token(&asked.headers, Some(buyer));
    let status = banner.status();
    let page = PermitsPage {
        lang,
        banner,
        permits: permits
            .iter()
            .map(|permit| card(permit, &apps, lang))
            .collect(),
        csrf_token: token.value,
    };
    let title = lang.pick("授权管理", "Login authorisations");
    Ok(frame::shell(lang, &asked.uri, title)
        .status(status)
        .cookie(token.set_cookie)
        .page(&page))
}

fn card(permit: &Permit, apps: &[App], lang: Lang) -> Card {
    let app = apps.iter().find(|app| app.app_id == permit.app_id);
    Card {
        app_id: permit.app_id.clone(),
        name: app.map_or_else(|| permit.app_id.clone(), |app| seller_name(app, lang)),
        scope: permit.scope.clone(),
        knows: if tells_all(&permit.scope) {
            lang.pick(
                "您的支付宝用户号、昵称、性别和所在地",
                "Your Alipay user number, nickname, gender and place",
            )
        } else {
            lang.pick("您的支付宝用户号", "Your Alipay user number")
        },
        since: frame::minute(permit.began_at),
        last: frame::minute(permit.last_at),
        until: frame::minute(permit.until),
    }
}

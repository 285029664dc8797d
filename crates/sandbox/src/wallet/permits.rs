//! Which applications may log the wallet's owner in, what each may know, and the end of it.

use super::frame::{self, Banner, Nothing, Open, Sent};
use crate::app::find_trade::list_apps;
use crate::app::oauth::permits::{permits_of, revoke};
use crate::cashier::seller_name;
use crate::domain::App;
use crate::domain::oauth::{Permit, tells_all};
use axum::extract::Path;
use axum::response::Response;
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
pub(super) async fn page(open: Open) -> Result<Response, Problem> {
    show(&open, Banner::default()).await
}

/// Takes an application's leave away.
pub(super) async fn end(
    Path(app_id): Path<String>,
    Sent { open, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let lang = open.lang();
    let banner = if revoke(open.cx(), open.user_id(), &app_id).await? {
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
    show(&open, banner).await
}

async fn show(open: &Open, banner: Banner) -> Result<Response, Problem> {
    let (lang, cx) = (open.lang(), open.cx());
    let apps = list_apps(cx).await?;
    let permits = permits_of(cx, open.user_id(), MOST).await?;
    let token = open.token();
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
    Ok(open
        .shell(title)
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

//! Applications: all of them, and another one.

use super::console::{Console, Said, back, said};
use super::desk::{Place, shell};
use crate::app::find_trade::list_apps;
use crate::app::register_app::{MakeApp, RegisterAppError, make_app};
use crate::cashier::Asked;
use crate::domain::AppSettings;
use alipay::sign::SignType;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::pager::Pager;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "home/apps.html")]
struct AppsPage {
    lang: Lang,
    said: Option<Said>,
    csrf_token: String,
    apps: Vec<AppLine>,
    pager: Pager,
    profiles: [&'static str; 3],
}

/// Applications on a page.
const PAGE: usize = 20;

/// Which page, and what is said about the last form.
#[derive(Deserialize)]
pub(super) struct AppsQuery {
    #[serde(default)]
    said: String,
    page: Option<String>,
}

struct AppLine {
    name: String,
    app_id: String,
    seller_id: String,
    sign_type: String,
    mode: &'static str,
    profile: &'static str,
}

/// The names of the profiles.
pub(super) const PROFILES: [&str; 3] = ["production", "strict", "alipay-sandbox"];

/// All applications.
pub(super) async fn page(
    State(console): State<Console>,
    Query(query): Query<AppsQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let token = console.token(&asked.headers);
    let apps = list_apps(console.cx()).await?;
    let (size, total) = (u64_of(PAGE), u64_of(apps.len()));
    // A page that is none shows the first.
    let wanted = query.page.and_then(|page| page.parse().ok()).unwrap_or(1);
    let pager = Pager::new(lang, &asked.uri, wanted, size, total);
    let before = (pager.page() - 1).saturating_mul(size);
    let page = AppsPage {
        lang,
        said: said(&query.said, lang),
        csrf_token: token.value,
        apps: apps
            .into_iter()
            .skip(usize::try_from(before).unwrap_or(usize::MAX))
            .take(PAGE)
            .map(|app| AppLine {
                name: app.name,
                app_id: app.app_id,
                seller_id: app.seller_id,
                sign_type: app.sign_type,
                mode: app.settings.mode.as_str(),
                profile: app.profile.as_str(),
            })
            .collect(),
        pager,
        profiles: PROFILES,
    };
    let title = lang.pick("应用", "Applications");
    Ok(shell(lang, &asked.uri, Place::Apps, title)
        .cookie(token.set_cookie)
        .page(&page))
}

fn u64_of(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// An application to make.
#[derive(Deserialize)]
pub(super) struct NewFields {
    csrf_token: String,
    name: String,
    #[serde(default)]
    profile: String,
    #[serde(default)]
    app_public_key: String,
}

/// Makes one, and leads to it.
pub(super) async fn create(
    State(console): State<Console>,
    asked: Asked,
    FormBody(fields): FormBody<NewFields>,
) -> Result<Response, Problem> {
    console.check(&asked.headers, &fields.csrf_token)?;
    let cx = console.cx();
    let name = fields.name.trim().to_owned();
    if list_apps(cx).await?.iter().any(|app| app.name == name) {
        return Ok(back("/apps", "app-exists"));
    }
    let key = fields.app_public_key.trim().to_owned();
    let make = MakeApp {
        app_id: None,
        seller_id: None,
        name,
        app_public_key: (!key.is_empty()).then_some(key),
        profile: fields.profile.parse().unwrap_or_default(),
        sign_type: SignType::default(),
        settings: AppSettings::default(),
    };
    match make_app(cx, make).await {
        Ok(app) => Ok(back(&format!("/apps/{}", app.app_id), "made")),
        Err(RegisterAppError::Store(error)) => Err(error.into()),
        Err(RegisterAppError::Key { .. }) => Ok(back("/apps", "key-wrong")),
        Err(RegisterAppError::Taken(_)) => Ok(back("/apps", "app-exists")),
        Err(_) => Ok(back("/apps", "app-name")),
    }
}

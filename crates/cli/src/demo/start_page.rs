//! The first page: what runs where, and what to click, in three steps.

use askama::Template;
use axum::Router;
use axum::extract::OriginalUri;
use axum::response::Response;
use axum::routing::get;
use service::html::{PageShell, Site, Theme, Width};
use service::i18n::Lang;
use std::sync::Arc;

/// The site of the start page.
const SITE: Site = Site { name_zh: "通宝", name_en: "Tongbao", theme: Theme::Console, home: "/" };

/// One address and what is there.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// In Chinese.
    pub(crate) zh: &'static str,
    /// In English.
    pub(crate) en: &'static str,
    /// Where.
    pub(crate) url: String,
}

/// Everything that the page and the table on the terminal say.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The addresses, the first page first.
    pub(crate) places: Vec<Place>,
    /// Where the course shop is.
    pub(crate) courses_url: String,
    /// Who shops there.
    pub(crate) shop_user: &'static str,
    /// With which password.
    pub(crate) shop_password: &'static str,
    /// Who pays.
    pub(crate) buyer: String,
    /// With which password, for login and payment.
    pub(crate) buyer_password: String,
    /// The data folder.
    pub(crate) folder: String,
    /// Where an SDK learns the sandbox's addresses and keys.
    pub(crate) sandbox_file: String,
    /// Where a program learns the merchant service's.
    pub(crate) merchant_file: String,
}

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage<'a> {
    lang: Lang,
    facts: &'a Facts,
}

/// The page at `/`.
pub(crate) fn router(facts: Facts) -> Router {
    let facts = Arc::new(facts);
    let page = Router::new().route(
        "/",
        get(move |lang: Lang, OriginalUri(uri): OriginalUri| {
            let facts = Arc::clone(&facts);
            async move { page(lang, &uri, &facts) }
        }),
    );
    page.merge(service::assets::router()).layer(axum::middleware::from_fn(service::i18n::remember))
}

fn page(lang: Lang, uri: &axum::http::Uri, facts: &Facts) -> Response {
    PageShell::new(lang, &SITE, uri, lang.pick("从这里开始", "Start here"))
        .width(Width::Normal)
        .page(&StartPage { lang, facts })
}

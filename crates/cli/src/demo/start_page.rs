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
const SITE: Site = Site {
    name_zh: "通宝",
    name_en: "Tongbao",
    theme: Theme::Console,
    home: "/",
};

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
    page.merge(service::assets::router())
        .layer(axum::middleware::from_fn(service::i18n::remember))
}

fn page(lang: Lang, uri: &axum::http::Uri, facts: &Facts) -> Response {
    PageShell::new(lang, &SITE, uri, lang.pick("从这里开始", "Start here"))
        .width(Width::Normal)
        .page(&StartPage { lang, facts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_page_says_the_steps_in_both_languages() {
        let facts = Facts {
            places: vec![Place {
                zh: "课程商店",
                en: "course shop",
                url: "http://x.example/".to_owned(),
            }],
            courses_url: "http://x.example".to_owned(),
            shop_user: "root",
            shop_password: "secret",
            buyer: "buyer@sandbox.com".to_owned(),
            buyer_password: "111111".to_owned(),
            folder: "/data".to_owned(),
            sandbox_file: "/data/sandbox/sandbox.json".to_owned(),
            merchant_file: "/data/merchant.json".to_owned(),
        };
        let uri = "/".parse().expect("a path");
        for (lang, says, other) in [
            (Lang::Zh, "三步买一门课", "Buy"),
            (Lang::En, "Buy a course", "买"),
        ] {
            let answer = page(lang, &uri, &facts);
            assert_eq!(answer.status(), 200);
            let body = axum::body::to_bytes(answer.into_body(), 1 << 20)
                .await
                .expect("a page");
            let html = String::from_utf8(body.to_vec()).expect("UTF-8");
            assert!(
                html.contains(says) && html.contains("http://x.example/"),
                "{html}"
            );
            let main = html.split("<main").nth(1).expect("a main part");
            assert!(
                !main
                    .split("</main>")
                    .next()
                    .expect("its end")
                    .contains(other)
            );
        }
    }
}

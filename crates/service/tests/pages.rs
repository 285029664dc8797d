//! Pages: the shell, every template in both languages, problems for people, assets.

#![expect(clippy::unwrap_used, reason = "a test ends where something is wrong")]

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderMap, StatusCode, Uri, header};
use http_body_util::BodyExt;
use kernel::SeededRng;
use service::edge::{EdgeParts, guard};
use service::html::{Logout, NavLink, PageShell, Site, THEMES, Theme, User};
use service::{Lang, assets};
use std::sync::Arc;
use tower::ServiceExt;

fn router() -> Router {
    let parts = EdgeParts::new("test", Arc::new(SeededRng::new(1))).site(SITE);
    let router = Router::new()
        .route(
            "/panic",
            get(async || -> &str { panic!("as the test wants it") }),
        )
        .route("/lang", get(async |lang: Lang| lang.tag()))
        .fallback(service::problem::no_such_path)
        .merge(assets::router());
    guard(router, parts)
}

async fn see(accept: &str, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder()
        .uri(path)
        .header(header::ACCEPT, accept)
        .header(header::ACCEPT_LANGUAGE, "zh-CN")
        .body(Body::empty())
        .unwrap();
    read(router().oneshot(request).await.unwrap()).await
}

async fn read(response: Response) -> (StatusCode, HeaderMap, String) {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    (parts.status, parts.headers, text)
}

const SITE: Site = Site {
    name_zh: "通宝学堂",
    name_en: "Tongbao School",
    theme: Theme::Courses,
    home: "/",
};

#[tokio::test]
async fn a_page_carries_its_policy_and_its_parts() {
    let uri: Uri = "/order/?page=2".parse().unwrap();
    let user = User {
        name: "<root>".to_owned(),
        href: Some("/me".to_owned()),
        logout: Some(Logout {
            action: "/logout".to_owned(),
            csrf_token: "abc".to_owned(),
        }),
    };
    let page = PageShell::new(Lang::En, &SITE, &uri, "My <orders>")
        .nav(vec![
            NavLink::new("Courses", "/", false),
            NavLink::new("Orders", "/order/", true),
        ])
        .user(Some(user))
        .form_origin("http://127.0.0.1:8609")
        .form_origin("https://evil.example; script-src *")
        .refresh_to(3, "/done")
        .page_html("<h1>Inside</h1>");
    let (status, headers, html) = read(page).await;
    assert_eq!(status, StatusCode::OK);
    let shown = [
        "content-security-policy",
        "cache-control",
        "refresh",
        "referrer-policy",
        "x-frame-options",
        "content-language",
    ]
    .map(|name| format!("{name}: {}", headers[name].to_str().unwrap()))
    .join("\n");
    insta::assert_snapshot!(shown, @r#"
    content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' http://127.0.0.1:8609
    cache-control: no-store
    refresh: 3; url=/done
    referrer-policy: same-origin
    x-frame-options: DENY
    content-language: en
    "#);
    insta::assert_snapshot!(html.replace(assets::css_href(), "CSS").replace(assets::icon_href(), "ICON"), @r##"
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <meta name="color-scheme" content="light dark">
    <title>My &#60;orders&#62; · Tongbao School</title>
    <link rel="icon" type="image/svg+xml" href="ICON">
    <link rel="stylesheet" href="CSS">
    </head>
    <body class="theme-courses">
    <a class="skip" href="#main">Skip to content</a>
    <header class="site-header">
      <div class="site-header-inner">
        <a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span>Tongbao School</a>
        <nav class="site-nav" aria-label="Main">
          <a href="/">Courses</a>
          <a href="/order/" aria-current="page">Orders</a>
        </nav>
        <div class="site-user">
          <a class="user-name" href="/me">&#60;root&#62;</a>
          <form method="post" action="/logout">
            <input type="hidden" name="csrf_token" value="abc">
            <button class="button button-quiet button-small" type="submit">Log out</button>
          </form>
        </div>
      </div>
    </header>
    <main id="main" class="page page-normal" tabindex="-1">
    <h1>Inside</h1>
    </main>
    <footer class="site-footer">
      <div class="site-footer-inner">
        <span>Tongbao School</span>
        <a class="lang-switch" href="/order/?page=2&#38;lang=zh" hreflang="zh-CN" lang="zh-CN">中文</a>
      </div>
    </footer>
    </body>
    </html>
    "##);
}

#[derive(askama::Template)]
#[template(path = "styleguide.html")]
struct StyleGuide {
    lang: Lang,
    pager: service::pager::Pager,
}

#[tokio::test]
async fn every_template_renders_in_both_languages_and_every_theme() {
    let uri: Uri = "/".parse().unwrap();
    for theme in THEMES {
        for lang in [Lang::Zh, Lang::En] {
            let site = Site { theme, ..SITE };
            let inside = StyleGuide {
                lang,
                pager: service::pager::Pager::new(lang, &uri, 3, 10, 95),
            };
            let page = PageShell::new(lang, &site, &uri, lang.pick("样张", "Guide")).page(&inside);
            let (status, headers, html) = read(page).await;
            assert_eq!(status, StatusCode::OK);
            assert_eq!(headers["content-language"], lang.tag());
            assert!(html.contains(theme.class()));
            assert!(html.contains(&format!(r#"<html lang="{}">"#, lang.tag())));
            assert_eq!(html.contains("支付成功"), lang == Lang::Zh);
            assert!(!html.contains("<script") && !html.contains(" style="));
        }
    }
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_their_hash() {
    let (status, headers, css) = see("*/*", assets::css_href()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert_eq!(
        headers[header::CACHE_CONTROL],
        "public, max-age=31536000, immutable"
    );
    let (_, headers, same) = see("*/*", "/assets/tongbao.css").await;
    assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
    assert_eq!(css, same);
    let (_, headers, _) = see("*/*", "/favicon.ico").await;
    assert_eq!(headers[header::CONTENT_TYPE], "image/svg+xml");
}

#[tokio::test]
async fn a_browser_sees_a_problem_as_a_page_and_a_program_the_document() {
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    let (status, headers, html) = see(browser, "/nowhere").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(headers.contains_key("content-security-policy"));
    assert!(
        html.contains("<h1>没有这个页面</h1>") && html.contains("通宝学堂"),
        "{html}"
    );
    let (status, _, html) = see(browser, "/panic?lang=en").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        html.contains("<h1>Something went wrong on our side</h1>"),
        "{html}"
    );
    let (_, headers, _) = see("application/json, */*", "/nowhere").await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    let (status, _, text) = see(browser, "/lang").await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "zh-CN"));
}

//! Writes the style guide as files, one per theme and language, for a browser to open:
//! `cargo run -p tongbao-service --example styleguide -- DIR`.

use askama::Template;
use service::html::{NavLink, PageShell, Site, THEMES, User};
use service::i18n::Lang;
use service::pager::Pager;
use std::path::PathBuf;

#[derive(Template)]
#[template(path = "styleguide.html")]
struct StyleGuide {
    lang: Lang,
    pager: Pager,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("tongbao.css"), service::assets::css())?;
    for theme in THEMES {
        for lang in [Lang::Zh, Lang::En] {
            let site = Site {
                name_zh: "通宝学堂",
                name_en: "Tongbao School",
                theme,
                home: "/",
            };
            let uri = "/styleguide".parse()?;
            let inside = StyleGuide {
                lang,
                pager: Pager::new(lang, &uri, 3, 10, 95),
            };
            let nav = vec![
                NavLink::new(lang.pick("课程", "Courses"), "#", true),
                NavLink::new(lang.pick("我的订单", "My orders"), "#", false),
                NavLink::new(lang.pick("购物车", "Cart"), "#", false),
            ];
            let user = User {
                name: "root".to_owned(),
                href: Some("#".to_owned()),
                logout: None,
            };
            let page = PageShell::new(lang, &site, &uri, "Style guide")
                .nav(nav)
                .user(Some(user))
                .width(service::html::Width::Wide)
                .page(&inside);
            let html = axum::body::to_bytes(page.into_body(), usize::MAX).await?;
            let html = String::from_utf8(html.to_vec())?;
            let html = html.replace(service::assets::css_href(), "tongbao.css");
            let name = format!("{}-{}.html", theme.class(), lang.code());
            std::fs::write(folder.join(name), html)?;
        }
    }
    Ok(())
}

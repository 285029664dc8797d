//! The front page with all courses, and the search.

use crate::courses::app::{catalogue, library};
use crate::courses::pages::cards::Card;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::visitor::{Place, Visitor};
use askama::Template;
use axum::response::Response;
use service::html::Width;
use service::i18n::Lang;
use service::pager::Pager;

#[derive(Template)]
#[template(path = "courses/catalogue.html")]
struct CataloguePage<'a> {
    lang: Lang,
    csrf: &'a str,
    search: Option<&'a str>,
    count: i64,
    cards: Vec<Card>,
    pager: Pager,
}

/// What a list's address may say.
#[derive(Default)]
struct Asked {
    page: Option<String>,
    q: String,
}

/// `GET /`.
pub(super) async fn list(visitor: Visitor) -> Result<Response, Instead> {
    let asked = Asked::of(&visitor);
    show(&visitor, &asked, None).await
}

/// `GET /search?q=`.
pub(super) async fn search(visitor: Visitor) -> Result<Response, Instead> {
    let asked = Asked::of(&visitor);
    show(&visitor, &asked, Some(asked.q.trim())).await
}

async fn show(visitor: &Visitor, asked: &Asked, text: Option<&str>) -> Result<Response, Instead> {
    let page = asked.page();
    let found = catalogue::browse(&visitor.ctx, text, page, PAGE_SIZE).await?;
    let owned = match &visitor.user {
        Some(user) => library::ids_of(&visitor.ctx, &user.id).await?,
        None => Vec::new(),
    };
    let cards = found
        .items
        .iter()
        .map(|course| Card::new(course, visitor.lang, owned.contains(&course.id)));
    let title = match text {
        Some(_) => visitor.pick("搜索课程", "Search"),
        None => visitor.pick("全部课程", "All courses"),
    };
    let page = CataloguePage {
        lang: visitor.lang,
        csrf: visitor.csrf(),
        search: text,
        count: found.count,
        cards: cards.collect(),
        pager: pager(visitor, found.page, found.page_size, found.count),
    };
    Ok(visitor
        .shell(Place::Catalogue, title)
        .width(Width::Wide)
        .page(&page))
}

impl Asked {
    fn of(visitor: &Visitor) -> Self {
        let query = visitor.uri.query().unwrap_or_default();
        let mut asked = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "page" => asked.page = Some(value.into_owned()),
                "q" => asked.q = value.into_owned(),
                _ => {}
            }
        }
        asked
    }

    fn page(&self) -> i64 {
        page_of(self.page.as_deref())
    }
}

/// A page number from an address; what is none is the first.
pub(super) fn page_of(text: Option<&str>) -> i64 {
    text.and_then(|text| text.parse().ok())
        .filter(|page| (1..=MAX_PAGE).contains(page))
        .unwrap_or(1)
}

/// The links under a list.
pub(super) fn pager(visitor: &Visitor, page: i64, size: i64, count: i64) -> Pager {
    let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
    Pager::new(
        visitor.lang,
        &visitor.uri,
        unsigned(page),
        unsigned(size),
        unsigned(count),
    )
}

const PAGE_SIZE: i64 = 8;
const MAX_PAGE: i64 = 1_000_000;

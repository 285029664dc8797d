//! Pages of lists: `?page=&page_size=`, and the links to the pages beside.

use crate::courses::app::catalogue::PageOf;
use crate::courses::http::error::ApiError;
use serde::Serialize;

/// Which page a query asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::courses::http) struct Paging {
    pub(super) page: i64,
    pub(super) page_size: i64,
}

/// A page of a list with its neighbours.
#[derive(Serialize)]
pub(in crate::courses::http) struct Listed<T> {
    count: i64,
    next: Option<String>,
    previous: Option<String>,
    results: Vec<T>,
}

impl Paging {
    /// Reads a query. A size that is none is the usual one; a page that is none does not exist.
    pub(super) fn read(query: &str, usual_size: i64) -> Result<Self, ApiError> {
        let mut paging = Self {
            page: 1,
            page_size: usual_size,
        };
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let number = value.parse::<i64>().ok().filter(|number| *number > 0);
            match (&*key, number) {
                ("page", None) => return Err(no_such_page()),
                ("page", Some(page)) => paging.page = page,
                ("page_size", Some(size)) => paging.page_size = size.min(MAX_PAGE_SIZE),
                _ => {}
            }
        }
        Ok(paging)
    }
}

impl<T> Listed<T> {
    /// A page with links to its neighbours, which are under `base` and keep the rest of `query`.
    pub(super) fn new<S>(
        page: PageOf<S>,
        base: &str,
        query: &str,
        show: impl Fn(S) -> T,
    ) -> Result<Self, ApiError> {
        if page.page > page.pages() {
            return Err(no_such_page());
        }
        let beside = |number: i64| {
            let mut pairs = form_urlencoded::Serializer::new(String::new());
            for (key, value) in form_urlencoded::parse(query.as_bytes()) {
                if key != "page" {
                    pairs.append_pair(&key, &value);
                }
            }
            pairs.append_pair("page", &number.to_string());
            format!("{base}?{}", pairs.finish())
        };
        Ok(Self {
            next: (page.page < page.pages()).then(|| beside(page.page + 1)),
            previous: (page.page > 1).then(|| beside(page.page - 1)),
            count: page.count,
            results: page.items.into_iter().map(show).collect(),
        })
    }
}

fn no_such_page() -> ApiError {
    ApiError::detail(http::StatusCode::NOT_FOUND, "无效页面。")
}

const MAX_PAGE_SIZE: i64 = 100;

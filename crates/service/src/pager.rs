//! Links to the pages of a long list, rendered into a page by `{{ pager|safe }}`.

use crate::i18n::Lang;
use askama::Template;
use http::Uri;

/// The links under one page of a list; empty when there is only one.
#[derive(Clone, Debug, Template)]
#[template(path = "pager.html")]
pub struct Pager {
    lang: Lang,
    uri: Uri,
    page: u64,
    pages: u64,
}

impl Pager {
    /// The links of page `page` (from 1) of a list of `total` things, `size` to a page, at the
    /// address `uri`, whose other query fields are kept.
    #[must_use]
    pub fn new(lang: Lang, uri: &Uri, page: u64, size: u64, total: u64) -> Self {
        let pages = total.div_ceil(size.max(1)).max(1);
        Self {
            lang,
            uri: uri.clone(),
            page: page.clamp(1, pages),
            pages,
        }
    }

    /// How many pages there are, at least one.
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// The page that is shown.
    pub fn page(&self) -> u64 {
        self.page
    }

    fn href(&self, page: u64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes())
        {
            if key != "page" {
                query.append_pair(&key, &value);
            }
        }
        query.append_pair("page", &page.to_string());
        format!("{}?{}", self.uri.path(), query.finish())
    }

    /// First, last and the neighbours; 0 stands for a gap.
    fn numbers(&self) -> Vec<u64> {
        let mut numbers = Vec::new();
        let mut last = 0;
        for number in 1..=self.pages.min(100_000) {
            let near = number.abs_diff(self.page) <= 1;
            if near || number == 1 || number == self.pages {
                if number > last + 1 {
                    numbers.push(0);
                }
                numbers.push(number);
                last = number;
            }
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_has_no_links_and_a_long_one_has_gaps() {
        let uri: Uri = "/orders?state=paid&page=5".parse().unwrap();
        let pager = |page, total| Pager::new(Lang::En, &uri, page, 10, total);
        assert_eq!(pager(1, 10).render().unwrap(), "");
        assert_eq!(pager(5, 95).numbers(), [1, 0, 4, 5, 6, 0, 10]);
        assert_eq!(pager(1, 25).numbers(), [1, 2, 3]);
        assert_eq!(pager(99, 25).page(), 3);
        let html = pager(2, 25).render().unwrap();
        assert!(
            html.contains(r#"href="/orders?state=paid&#38;page=3" rel="next""#),
            "{html}"
        );
        assert!(
            html.contains(r#"<span aria-current="page">2</span>"#),
            "{html}"
        );
    }
}

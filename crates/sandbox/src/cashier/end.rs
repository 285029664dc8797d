//! Pages that end here: what became of it, and the way back to whoever sent the browser.

use super::counter::{Asked, Counter};
use super::visit::Bill;
use axum::http::StatusCode;
use axum::response::Response;
use service::html::PageShell;
use service::i18n::Lang;

/// What a page that ends says.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// `result-ok` or `result-warn`.
    pub(crate) class: &'static str,
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    /// Where the shop is.
    pub(crate) back: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "cashier/ended.html")]
struct EndPage {
    lang: Lang,
    end: End,
    bill: Option<Bill>,
    /// Whether the way back is the way on.
    goes_on: bool,
}

impl End {
    /// The page, of something that is no trade.
    pub(crate) fn page(self, status: StatusCode, asked: &Asked) -> Response {
        let shell = Counter::shell(asked.lang, &asked.uri, self.title).status(status);
        self.inside(shell, None, true, asked.lang)
    }

    /// The page, of a trade; `is_paid` when the way back tells the shop so.
    pub(super) fn page_of(self, bill: Bill, is_paid: bool, asked: &Asked) -> Response {
        let shell = Counter::shell(asked.lang, &asked.uri, self.title);
        self.inside(shell, Some(bill), is_paid, asked.lang)
    }

    /// On to whoever asked. A form may not lead to another host, so the page goes on by itself.
    pub(crate) fn on_to(address: String, asked: &Asked) -> Response {
        let lang = asked.lang;
        let end = Self {
            class: "result-ok",
            title: lang.pick("正在返回", "Going back"),
            text: lang.pick(
                "页面会自动返回；没有的话，请点下面的按钮。",
                "The page goes on by itself; if it does not, use the button.",
            ),
            back: Some(address.clone()),
        };
        let shell = Counter::shell(lang, &asked.uri, end.title).refresh_to(0, address);
        end.inside(shell, None, true, lang)
    }

    fn inside(self, shell: PageShell, bill: Option<Bill>, goes_on: bool, lang: Lang) -> Response {
        shell.page(&EndPage {
            lang,
            end: self,
            bill,
            goes_on,
        })
    }
}

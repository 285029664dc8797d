//! A browser without a screen: keeps cookies, follows redirects of ours, fills forms, and holds
//! every page that it sees to the same budget.

use crate::support::{Bench, Reply};
use axum::body::Body;
use http::{Request, StatusCode, header};
use scraper::{ElementRef, Html, Selector};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The most bytes that a page may have.
const MOST_BYTES: usize = 48_000;

pub(crate) struct Browser<'a> {
    bench: &'a Bench,
    lang: &'static str,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// A page that was seen.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) status: StatusCode,
    pub(crate) refresh: Option<String>,
    html: Html,
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

fn text_of(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

impl<'a> Browser<'a> {
    pub(crate) fn new(bench: &'a Bench, lang: &'static str) -> Self {
        Self {
            bench,
            lang,
            cookies: RefCell::default(),
        }
    }

    /// Opens an address, follows redirects, and looks at the page.
    pub(crate) async fn open(&self, address: &str) -> Page {
        let path = address.trim_start_matches("http://127.0.0.1:8609");
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        let reply = self.bench.send(request).await;
        self.arrive(path.to_owned(), reply).await
    }

    /// Sends the form whose action ends with `action`, its own fields and those given, and looks
    /// at the page that it leads to.
    pub(crate) async fn submit(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let (target, body) = page.form(action, fields);
        let reply = self.post(&target, body).await;
        self.arrive(target, reply).await
    }

    /// The bare answer to a form's body.
    pub(crate) async fn post(&self, path: &str, body: String) -> Reply {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.bench.send(request).await
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let cookies = self.cookies.borrow();
        let cookies: Vec<_> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:8609")
            .header(header::ACCEPT, "text/html,application/xhtml+xml")
            .header(header::ACCEPT_LANGUAGE, self.lang)
            .header(header::COOKIE, cookies.join("; "))
    }

    /// Opens the wallet at the login form of `page`.
    pub(crate) async fn log_in(&self, page: &Page, logon_id: &str) -> Page {
        let fields = [("logon_id", logon_id), ("password", "111111")];
        self.submit(page, "/login", &fields).await
    }

    pub(crate) async fn arrive(&self, mut path: String, mut reply: Reply) -> Page {
        loop {
            if let Some(cookie) = reply.header("set-cookie") {
                let pair = cookie.split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                let mut cookies = self.cookies.borrow_mut();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            if !reply.status.is_redirection() {
                break;
            }
            path = reply.header("location").unwrap().to_owned();
            assert!(path.starts_with('/'), "{path} is not ours");
            let request = self.request("GET", &path).body(Body::empty()).unwrap();
            reply = self.bench.send(request).await;
        }
        let page = Page {
            path,
            status: reply.status,
            refresh: reply.header("refresh").map(str::to_owned),
            html: Html::parse_document(&reply.text()),
        };
        self.check(&page, &reply);
        page
    }

    /// What every page must keep to.
    fn check(&self, page: &Page, reply: &Reply) {
        let at = format!("{} ({})", page.path, page.status);
        assert_eq!(
            reply.header("content-type"),
            Some("text/html; charset=utf-8"),
            "{at}: {}",
            reply.text()
        );
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{at}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self'"), "{at}");
        assert!(reply.body.len() <= MOST_BYTES, "{at}: {}", reply.body.len());

        let lang = page.html.root_element().attr("lang").unwrap_or_default();
        assert!(lang.starts_with(self.lang), "{at}: lang is `{lang}`");
        assert_eq!(page.all("h1").len(), 1, "{at}: one h1");
        assert_eq!(page.all("main").len(), 1, "{at}: one main");
        assert!(!page.all("title")[0].is_empty(), "{at}: a title");
        for banned in [
            "[style]",
            "[onclick]",
            "script:not([src])",
            "img:not([alt])",
        ] {
            assert!(page.all(banned).is_empty(), "{at}: {banned}");
        }
        let mut ids = BTreeSet::new();
        for element in page.html.select(&selector("[id]")) {
            let id = element.attr("id").unwrap();
            assert!(ids.insert(id.to_owned()), "{at}: two #{id}");
        }
        for name in ["aria-labelledby", "aria-describedby", "for"] {
            for element in page.html.select(&selector(&format!("[{name}]"))) {
                let id = element.attr(name).unwrap();
                assert!(ids.contains(id), "{at}: {name} means no #{id}");
            }
        }
        for input in page.html.select(&selector("input, select, textarea")) {
            if input.attr("type") == Some("hidden") {
                continue;
            }
            let id = input.attr("id").unwrap_or_default();
            let labels = page.all(&format!("label[for='{id}']"));
            assert!(labels.iter().any(|text| !text.is_empty()), "{at}: #{id}");
        }
        for text in page.all("a, button, label, h1, h2, th") {
            assert!(!text.is_empty(), "{at}: something without a name");
        }
        for form in page.html.select(&selector("form[method=post]")) {
            let token = selector("input[name=csrf_token]");
            assert!(form.select(&token).next().is_some(), "{at}: a form's token");
        }
        if self.lang == "en" {
            for text in
                page.all("h1:not(.anywhere), h2, label, button, dt, thead th, summary, .hint")
            {
                assert!(!is_chinese(&text), "{at}: `{text}` is not English");
            }
        } else {
            for text in page.all("button, label, h2, summary") {
                assert!(is_chinese(&text), "{at}: `{text}` is not Chinese");
            }
        }
    }
}

impl Page {
    /// The texts of everything that fits.
    pub(crate) fn all(&self, which: &str) -> Vec<String> {
        self.html.select(&selector(which)).map(text_of).collect()
    }

    /// The text of the page's inside.
    pub(crate) fn text(&self) -> String {
        self.all("main").concat()
    }

    /// The first title.
    pub(crate) fn title(&self) -> String {
        self.all("h1").concat()
    }

    /// Panics unless the page says it.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        let text = self.text();
        assert!(
            text.contains(words),
            "{} does not say `{words}`: {text}",
            self.path
        );
    }

    /// Where the link of that name leads.
    pub(crate) fn link(&self, name: &str) -> Option<String> {
        let links = selector("a[href]");
        let mut links = self.html.select(&links);
        let link = links.find(|link| text_of(*link) == name)?;
        link.attr("href").map(str::to_owned)
    }

    pub(crate) fn has(&self, which: &str) -> bool {
        self.html.select(&selector(which)).next().is_some()
    }

    /// Where a form is sent, and what.
    pub(crate) fn form(&self, action: &str, fields: &[(&str, &str)]) -> (String, String) {
        let forms = selector(&format!("form[action$='{action}']"));
        let form = self.html.select(&forms).next();
        let form = form.unwrap_or_else(|| panic!("{} has no form {action}", self.path));
        let mut body = form_urlencoded::Serializer::new(String::new());
        for input in form.select(&selector("input[name]")) {
            let name = input.attr("name").unwrap();
            let unticked =
                input.attr("type") == Some("checkbox") && input.attr("checked").is_none();
            if !unticked && !fields.iter().any(|(given, _)| *given == name) {
                body.append_pair(name, input.attr("value").unwrap_or_default());
            }
        }
        body.extend_pairs(fields);
        (form.attr("action").unwrap().to_owned(), body.finish())
    }
}

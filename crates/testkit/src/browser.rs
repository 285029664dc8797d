//! A browser without a window: reads pages, fills forms, keeps cookies, follows redirects.

use crate::net::{Answer, Network, Request, Unreached};
use http::{Method, StatusCode};
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;
use url::Url;

/// How many redirects one step follows.
const REDIRECTS_MAX: usize = 10;

/// Why a step could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The address is none.
    #[error("`{0}` is no address")]
    Address(String),
    /// Nobody answered.
    #[error("nobody answers at {url}")]
    Unreached {
        /// The address.
        url: String,
        /// Why.
        why: Unreached,
    },
    /// It redirects in circles.
    #[error("too many redirects, the last to {0}")]
    Redirects(String),
    /// The page has no such thing.
    #[error("no {what} on {url}; the page says: {text}")]
    Missing {
        /// What was looked for.
        what: String,
        /// The page.
        url: String,
        /// What a person would read there.
        text: String,
    },
}

/// A page as it arrived.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address, after redirects.
    pub url: Url,
    /// Its status.
    pub status: StatusCode,
    /// Its source.
    pub html: String,
}

/// A form to be filled in and sent.
#[derive(Clone, Debug)]
pub struct Form {
    action: Url,
    method: Method,
    fields: Vec<(String, String)>,
}

fn selector(text: &str) -> Option<Selector> {
    Selector::parse(text).ok()
}

fn words(element: &ElementRef<'_>) -> String {
    let text: String = element.text().collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Page {
    /// What a person would read on it.
    #[must_use]
    pub fn text(&self) -> String {
        let html = Html::parse_document(&self.html);
        let body = selector("body").and_then(|body| html.select(&body).next());
        body.map(|body| words(&body)).unwrap_or_default()
    }

    /// The text of the first element that a CSS selector finds.
    #[must_use]
    pub fn find(&self, css: &str) -> Option<String> {
        let html = Html::parse_document(&self.html);
        html.select(&selector(css)?)
            .next()
            .map(|found| words(&found))
    }

    /// An attribute of the first element that a CSS selector finds.
    #[must_use]
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let html = Html::parse_document(&self.html);
        let found = html.select(&selector(css)?).next()?;
        found.value().attr(name).map(str::to_owned)
    }

    /// The address of the first link whose text contains `text`.
    #[must_use]
    pub fn link(&self, text: &str) -> Option<Url> {
        let html = Html::parse_document(&self.html);
        let links = selector("a[href]")?;
        let found = html
            .select(&links)
            .find(|link| words(link).contains(text))?;
        self.url.join(found.value().attr("href")?).ok()
    }

    /// The first form that a CSS selector finds, with what is filled in already.
    ///
    /// # Errors
    /// When there is none.
    pub fn form(&self, css: &str) -> Result<Form, BrowserError> {
        let html = Html::parse_document(&self.html);
        let found = selector(css).and_then(|css| html.select(&css).next());
        let Some(form) = found else {
            return Err(self.missing(&format!("form `{css}`")));
        };
        let action = form.value().attr("action").unwrap_or("");
        let action = self.url.join(action);
        let action = action.map_err(|_| BrowserError::Address(self.url.to_string()))?;
        let post = form
            .value()
            .attr("method")
            .is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let mut fields = Vec::new();
        if let Some(inputs) = selector("input[name], textarea[name], select[name]") {
            fields.extend(form.select(&inputs).filter_map(|input| filled_in(&input)));
        }
        Ok(Form {
            action,
            method: if post { Method::POST } else { Method::GET },
            fields,
        })
    }

    fn missing(&self, what: &str) -> BrowserError {
        BrowserError::Missing {
            what: what.to_owned(),
            url: self.url.to_string(),
            text: self.text().chars().take(300).collect(),
        }
    }
}

/// What a browser would send for an input that nobody touched.
fn filled_in(input: &ElementRef<'_>) -> Option<(String, String)> {
    let element = input.value();
    let name = element.attr("name")?.to_owned();
    let kind = element.attr("type").unwrap_or("text");
    if matches!(kind, "checkbox" | "radio") && element.attr("checked").is_none()
        || matches!(kind, "submit" | "button" | "image" | "file")
        || element.attr("disabled").is_some()
    {
        return None;
    }
    let value = match element.name() {
        "textarea" => input.text().collect(),
        "select" => {
            let chosen = selector("option[selected]").and_then(|css| input.select(&css).next());
            let first = selector("option").and_then(|css| input.select(&css).next());
            let option = chosen.or(first)?;
            option
                .value()
                .attr("value")
                .map_or_else(|| words(&option), str::to_owned)
        }
        _ => element.attr("value").unwrap_or("").to_owned(),
    };
    Some((name, value))
}

impl Form {
    /// Fills in a field, whether the page has it or not.
    #[must_use]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What a field would send.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Where it would be sent.
    #[must_use]
    pub fn action(&self) -> &Url {
        &self.action
    }

    fn request(&self) -> Request {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.fields)
            .finish();
        if self.method == Method::POST {
            return Request::form(self.action.as_str(), body);
        }
        let mut action = self.action.clone();
        action.set_query(Some(&body));
        Request::get(action.as_str())
    }
}

/// A browser of one person: cookies by origin.
#[derive(Clone, Debug)]
pub struct Browser {
    network: Network,
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

impl Browser {
    /// A browser without cookies.
    #[must_use]
    pub fn new(network: Network) -> Self {
        Self {
            network,
            cookies: BTreeMap::new(),
        }
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When nobody answers there.
    pub async fn open(&mut self, url: &str) -> Result<Page, BrowserError> {
        self.visit(Request::get(url)).await
    }

    /// Sends a form.
    ///
    /// # Errors
    /// When nobody answers there.
    pub async fn submit(&mut self, form: &Form) -> Result<Page, BrowserError> {
        let origin = form.action.origin().ascii_serialization();
        let request = form.request().header("origin", &origin);
        self.visit(request).await
    }

    /// Follows the first link whose text contains `text`.
    ///
    /// # Errors
    /// When there is none, or nobody answers there.
    pub async fn click(&mut self, page: &Page, text: &str) -> Result<Page, BrowserError> {
        let link = page.link(text);
        let link = link.ok_or_else(|| page.missing(&format!("link `{text}`")))?;
        self.open(link.as_str()).await
    }

    /// One exchange with this browser's cookies, no redirect followed.
    ///
    /// # Errors
    /// When nobody answers there.
    pub async fn exchange(&mut self, request: Request) -> Result<Answer, BrowserError> {
        let origin = request.origin();
        let request = match self.cookie_header(&origin) {
            Some(cookies) => request.header("cookie", &cookies),
            None => request,
        };
        let answer = self.network.call(&request).await;
        let answer = answer.map_err(|why| BrowserError::Unreached {
            url: request.url.clone(),
            why,
        })?;
        self.keep_cookies(&origin, &answer);
        Ok(answer)
    }

    async fn visit(&mut self, request: Request) -> Result<Page, BrowserError> {
        let address =
            |text: &str| Url::parse(text).map_err(|_| BrowserError::Address(text.to_owned()));
        let mut url = address(&request.url)?;
        let mut request = request;
        for _ in 0..REDIRECTS_MAX {
            let answer = self.exchange(request).await?;
            let target = answer
                .header("location")
                .filter(|_| answer.status.is_redirection());
            let Some(target) = target else {
                return Ok(Page {
                    url,
                    status: answer.status,
                    html: answer.text(),
                });
            };
            url = url
                .join(target)
                .map_err(|_| BrowserError::Address(target.to_owned()))?;
            request = Request::get(url.as_str());
        }
        Err(BrowserError::Redirects(url.to_string()))
    }

    /// The value of a cookie that a site has set.
    #[must_use]
    pub fn cookie(&self, origin: &str, name: &str) -> Option<&str> {
        self.cookies.get(origin)?.get(name).map(String::as_str)
    }

    fn cookie_header(&self, origin: &str) -> Option<String> {
        let cookies = self.cookies.get(origin).filter(|jar| !jar.is_empty())?;
        let pairs: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Some(pairs.join("; "))
    }

    fn keep_cookies(&mut self, origin: &str, answer: &Answer) {
        let jar = self.cookies.entry(origin.to_owned()).or_default();
        for line in answer.headers.get_all("set-cookie") {
            let Ok(line) = line.to_str() else { continue };
            let mut parts = line.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let ends = parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
            if ends || value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

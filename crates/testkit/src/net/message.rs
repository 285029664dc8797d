//! A request and its answer, as whole values: what can be kept, repeated and changed.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use std::net::SocketAddr;
use tower::ServiceExt;

/// A request on its way.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST`…
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// What else it says.
    pub headers: Vec<(String, String)>,
    /// What it carries.
    pub body: Vec<u8>,
}

impl Request {
    /// A GET.
    #[must_use]
    pub fn get(url: &str) -> Self {
        Self {
            method: Method::GET,
            url: url.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A POST of a form.
    #[must_use]
    pub fn form(url: &str, body: impl Into<Vec<u8>>) -> Self {
        let form = "application/x-www-form-urlencoded;charset=utf-8";
        Self::post(url, form, body)
    }

    /// A POST of JSON.
    #[must_use]
    pub fn json(url: &str, body: &serde_json::Value) -> Self {
        Self::post(url, "application/json", body.to_string())
    }

    fn post(url: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: Method::POST,
            url: url.to_owned(),
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// The same with one header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Scheme, host and port of the address.
    #[must_use]
    pub fn origin(&self) -> String {
        url::Url::parse(&self.url)
            .map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
    }

    pub(crate) async fn send_to(&self, site: &Router) -> Answer {
        let path = url::Url::parse(&self.url).map_or_else(
            |_| "/".to_owned(),
            |url| match url.query() {
                Some(query) => format!("{}?{query}", url.path()),
                None => url.path().to_owned(),
            },
        );
        let host = self.origin();
        let host = host.rsplit('/').next().unwrap_or_default().to_owned();
        let mut builder = http::Request::builder()
            .method(self.method.clone())
            .uri(path)
            .header("host", host);
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (
                HeaderName::try_from(name.as_str()),
                HeaderValue::try_from(value.as_str()),
            ) {
                builder = builder.header(name, value);
            }
        }
        let Ok(mut request) = builder.body(Body::from(self.body.clone())) else {
            return Answer::empty(StatusCode::BAD_REQUEST);
        };
        let peer = SocketAddr::from(([127, 0, 0, 1], 49_152));
        request.extensions_mut().insert(ConnectInfo(peer));
        let Ok(response) = site.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .map(|collected| collected.to_bytes().to_vec())
            .unwrap_or_default();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

/// An answer that arrived.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// What else it says.
    pub headers: HeaderMap,
    /// What it carries.
    pub body: Vec<u8>,
}

impl Answer {
    fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Vec::new(),
        }
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

//! The real network: reqwest over rustls with aws-lc-rs.

use super::{
    BoxFuture, HttpRequest, HttpResponse, MAX_RESPONSE_BYTES, Transport, TransportError,
    TransportErrorKind,
};
use std::time::Duration;

/// Sends over HTTP/1.1 or HTTP/2 with kept connections. Clones share them.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    /// For gateways on this very machine, which no proxy could reach.
    direct: reqwest::Client,
}

impl HttpTransport {
    /// With a connect timeout of five seconds and no redirects. The system's proxy is used, but
    /// not for `localhost` and the like.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, TransportError> {
        let builder = || {
            reqwest::Client::builder()
                .connect_timeout(Duration::from_millis(CONNECT_TIMEOUT_MS))
                .redirect(reqwest::redirect::Policy::none())
                // A retry is the caller's decision: only he knows whether it is safe.
                .retry(reqwest::retry::never())
        };
        Ok(Self {
            client: builder().build().map_err(|error| failed(&error))?,
            direct: builder()
                .no_proxy()
                .build()
                .map_err(|error| failed(&error))?,
        })
    }

    /// With a client of one's own: a proxy, other roots. It must not follow redirects or retry.
    #[must_use]
    pub fn with_client(client: reqwest::Client) -> Self {
        Self {
            direct: client.clone(),
            client,
        }
    }

    /// The proxy, if there is one, is for addresses elsewhere.
    pub(super) fn client_for(&self, url: &str) -> &reqwest::Client {
        if is_loopback(url) {
            &self.direct
        } else {
            &self.client
        }
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let method = match request.method {
            "GET" => reqwest::Method::GET,
            _ => reqwest::Method::POST,
        };
        let mut builder = self
            .client_for(&request.url)
            .request(method, &request.url)
            .timeout(Duration::from_millis(request.timeout_ms))
            .body(request.body);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let mut response = builder.send().await.map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
            if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
                return Err(TransportError {
                    kind: TransportErrorKind::Lost,
                    detail: format!("the answer has more than {MAX_RESPONSE_BYTES} bytes"),
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpResponse {
            status,
            headers,
            body,
        })
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

/// A failure to connect comes before any byte; everything later may have arrived.
pub(super) fn failed(error: &reqwest::Error) -> TransportError {
    let kind = if error.is_connect() || error.is_builder() {
        TransportErrorKind::NotSent
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Lost
    };
    // The address holds the signed parameters; the innermost cause says enough.
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    TransportError {
        kind,
        detail: without_query(&cause.to_string()),
    }
}

/// The text without the query of any address in it.
fn without_query(text: &str) -> String {
    match text.find('?') {
        Some(query) => text[..query].to_owned(),
        None => text.to_owned(),
    }
}

fn is_loopback(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

const CONNECT_TIMEOUT_MS: u64 = 5_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_no_proxy_can_reach() {
        for url in [
            "http://127.0.0.1:8609/gateway.do?x=1",
            "http://localhost/",
            "http://pay.localhost:1/",
            "http://[::1]:8609/",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "https://openapi.alipay.com/gateway.do",
            "http://192.168.1.5/",
            "",
            "localhost",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }
}

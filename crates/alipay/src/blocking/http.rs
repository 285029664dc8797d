//! The real network, blocking: reqwest over rustls with aws-lc-rs.

use super::Transport;
use crate::transport::{
    HttpRequest, HttpResponse, MAX_RESPONSE_BYTES, TransportError, TransportErrorKind,
    network::{CONNECT_TIMEOUT_MS, failed, is_loopback, too_long, verb},
};
use std::{fmt, io::Read, time::Duration};

/// Sends over HTTP/1.1 or HTTP/2 with kept connections. Must not be made or dropped inside an
/// async runtime.
#[derive(Clone)]
pub struct HttpTransport {
    client: reqwest::blocking::Client,
    /// For gateways on this very machine, which no proxy could reach.
    direct: reqwest::blocking::Client,
}

impl HttpTransport {
    /// With a connect timeout of five seconds and no redirects. The system's proxy is used, but
    /// not for `localhost` and the like.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, TransportError> {
        Self::built(None)
    }

    /// The same through this proxy: `http://proxy.example:3128`.
    ///
    /// # Errors
    /// When the address is none, or TLS cannot be set up on this machine.
    pub fn through_proxy(proxy_url: &str) -> Result<Self, TransportError> {
        let proxy = reqwest::Proxy::all(proxy_url).map_err(|error| failed(&error))?;
        Self::built(Some(proxy))
    }

    fn built(proxy: Option<reqwest::Proxy>) -> Result<Self, TransportError> {
        let builder = || {
            reqwest::blocking::Client::builder()
                .connect_timeout(Duration::from_millis(CONNECT_TIMEOUT_MS))
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
        };
        let outward = match proxy {
            Some(proxy) => builder().proxy(proxy),
            None => builder(),
        };
        Ok(Self {
            client: outward.build().map_err(|error| failed(&error))?,
            direct: builder()
                .no_proxy()
                .build()
                .map_err(|error| failed(&error))?,
        })
    }

    pub(super) fn client_for(&self, url: &str) -> &reqwest::blocking::Client {
        if is_loopback(url) {
            &self.direct
        } else {
            &self.client
        }
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut builder = self
            .client_for(&request.url)
            .request(verb(request.method), &request.url)
            .timeout(Duration::from_millis(request.timeout_ms))
            .body(request.body);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let response = builder.send().map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let mut body = Vec::new();
        let most = u64::try_from(MAX_RESPONSE_BYTES).unwrap_or(u64::MAX);
        let mut limited = response.take(most.saturating_add(1));
        // What breaks off here had begun to arrive; a read that takes too long among it.
        limited
            .read_to_end(&mut body)
            .map_err(|error| broken_off(&error))?;
        if body.len() > MAX_RESPONSE_BYTES {
            return Err(too_long());
        }
        Ok(HttpResponse {
            status,
            headers,
            body,
        })
    }
}

/// What a failure means in the middle of a body.
pub(super) fn broken_off(error: &std::io::Error) -> TransportError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    inner.map_or_else(
        || TransportError {
            kind: TransportErrorKind::Lost,
            detail: error.kind().to_string(),
        },
        failed,
    )
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

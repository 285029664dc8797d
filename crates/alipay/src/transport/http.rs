//! The real network: reqwest over rustls with aws-lc-rs.

use super::{
    BoxFuture, HttpRequest, HttpResponse, MAX_RESPONSE_BYTES, Transport, TransportError,
    network::{CONNECT_TIMEOUT_MS, failed, is_loopback, too_long, verb},
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
            reqwest::Client::builder()
                .connect_timeout(Duration::from_millis(CONNECT_TIMEOUT_MS))
                .redirect(reqwest::redirect::Policy::none())
                // A retry is the caller's decision: only he knows whether it is safe.
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
        let mut builder = self
            .client_for(&request.url)
            .request(verb(request.method), &request.url)
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
                return Err(too_long());
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

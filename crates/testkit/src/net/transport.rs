//! The way of a merchant's server to Alipay's gateway.

use super::{Link, Network, Request, Unreached};
use alipay::transport::{
    BoxFuture, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use http::Method;

/// Carries calls to the gateway over the network.
#[derive(Clone, Debug)]
pub struct GatewayLink(pub Network);

impl Transport for GatewayLink {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let post = request.method == "POST";
            let outgoing = Request {
                method: if post { Method::POST } else { Method::GET },
                url: request.url,
                headers: request
                    .headers
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
                body: request.body,
            };
            match self.0.exchange(Link::Gateway, &outgoing).await {
                Ok(answer) => Ok(HttpResponse {
                    status: answer.status.as_u16(),
                    headers: answer
                        .headers
                        .iter()
                        .filter_map(|(name, value)| {
                            Some((name.to_string(), value.to_str().ok()?.to_owned()))
                        })
                        .collect(),
                    body: answer.body,
                }),
                Err(why) => Err(TransportError {
                    kind: match why {
                        Unreached::NoSite => TransportErrorKind::NotSent,
                        Unreached::Silence => TransportErrorKind::Timeout,
                    },
                    detail: "the simulated network".to_owned(),
                }),
            }
        })
    }
}

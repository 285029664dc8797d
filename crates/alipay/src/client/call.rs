//! One call: signed, sent once, judged.

use super::{Exchange, judge, options::Options};
use crate::{
    AlipayTime, App, Gateway, Outcome,
    answers::{
        Answered, ApiMethod, CloseResponse, PrecreateResponse, QueryResponse, RefundQueryResponse,
        RefundResponse,
    },
    app::Urls,
    form,
    outcome::{Refusal, Unknown, Why},
    params::Params,
    requests::{Close, Precreate, Query, Refund, RefundQuery, RequestError},
    transport::{HttpRequest, Transport},
};
use std::{fmt, sync::Arc};

/// How long a call may take when nothing else is said, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u64 = 15_000;

/// Calls the gateway for one application. Clones share the transport.
///
/// System parameters go into the URL's query (`charset` has to stand there), `biz_content` into
/// the body. Nothing is sent twice unless [`Client::with_retry`] asks for it, and then only where
/// repeating is safe.
#[derive(Clone)]
pub struct Client {
    pub(super) app: App,
    pub(super) transport: Arc<dyn Transport>,
    timeout_ms: u64,
    pub(super) options: Options,
}

impl Client {
    /// A client of `app` over `transport`, with [`DEFAULT_TIMEOUT_MS`].
    #[must_use]
    pub fn new(app: App, transport: Arc<dyn Transport>) -> Self {
        Self {
            app,
            transport,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            options: Options::default(),
        }
    }

    /// The same client with another timeout, for one call or all: it is cheap to clone.
    #[must_use]
    pub fn with_timeout_ms(&self, timeout_ms: u64) -> Self {
        Self {
            timeout_ms,
            ..self.clone()
        }
    }

    /// Whose calls these are.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Asks where a trade stands.
    pub async fn query(&self, request: &Query, now: AlipayTime) -> Outcome<QueryResponse> {
        self.call(request, None, now).await
    }

    /// Makes an order as a QR code. `notify_url` is where its notices go.
    pub async fn precreate(
        &self,
        request: &Precreate,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Outcome<PrecreateResponse> {
        self.call(request, notify_url, now).await
    }

    /// Closes a trade that nobody has paid. After an unknown outcome, query.
    pub async fn close(&self, request: &Close, now: AlipayTime) -> Outcome<CloseResponse> {
        self.call(request, None, now).await
    }

    /// Refunds. After an unknown outcome, repeat with the same `out_request_no` or ask with
    /// [`Client::refund_query`]; a new number could refund twice.
    pub async fn refund(&self, request: &Refund, now: AlipayTime) -> Outcome<RefundResponse> {
        self.call(request, None, now).await
    }

    /// Asks whether a refund went through.
    pub async fn refund_query(
        &self,
        request: &RefundQuery,
        now: AlipayTime,
    ) -> Outcome<RefundQueryResponse> {
        self.call(request, None, now).await
    }

    /// How long a call may take, in milliseconds.
    pub(crate) const fn timeout_ms(&self) -> u64 {
        self.timeout_ms
    }

    /// Calls any method that has a type, with notices to this `notify_url`, through the gateway
    /// that this client was told to use; what v3 lacks goes through v2 all the same.
    pub async fn call<M: ApiMethod + Sync>(
        &self,
        request: &M,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Outcome<M::Answer> {
        let biz_content = match request.biz_content() {
            Ok(biz_content) => biz_content,
            Err(error) => return Outcome::Refused(Refusal::ours(&error)),
        };
        let outcome = if self.gateway() == Gateway::V3 && M::V3.is_some() {
            self.call_v3(request, &biz_content, notify_url, now).await
        } else {
            let urls = Urls {
                return_url: None,
                notify_url,
                more: &request.params(),
            };
            self.call_with(M::METHOD, &biz_content, urls, &request.echoes(), now)
                .await
        };
        match outcome {
            Outcome::Done(node) => match M::answer(node) {
                Ok(answer) => Outcome::Done(answer),
                Err(field) => Outcome::Unknown(Unknown {
                    why: Why::Field(field),
                }),
            },
            Outcome::Refused(refusal) => Outcome::Refused(refusal),
            Outcome::Unknown(unknown) => Outcome::Unknown(unknown),
        }
    }

    /// Calls any method by its name through v2, with its `biz_content` as JSON text. `echoes` are fields of
    /// the answer that must equal these values where they are present.
    pub async fn call_raw(
        &self,
        method: &str,
        biz_content: &str,
        notify_url: Option<&str>,
        echoes: &[(&'static str, &str)],
        now: AlipayTime,
    ) -> Outcome<Answered> {
        let urls = Urls {
            notify_url,
            ..Urls::default()
        };
        self.call_with(method, biz_content, urls, echoes, now).await
    }

    pub(super) async fn call_with(
        &self,
        method: &str,
        biz_content: &str,
        urls: Urls<'_>,
        echoes: &[(&'static str, &str)],
        now: AlipayTime,
    ) -> Outcome<Answered> {
        self.exchange(Exchange {
            method,
            biz_content,
            now,
            make: &|| self.request_with(method, biz_content, urls, now),
            judge: &|response| judge(&self.app, method, echoes, response),
        })
        .await
    }

    /// The request that a call sends, for those who send it themselves.
    ///
    /// # Errors
    /// When the request cannot be signed or a text is not in the application's character set.
    pub fn request(
        &self,
        method: &str,
        biz_content: &str,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Result<HttpRequest, RequestError> {
        let urls = Urls {
            notify_url,
            ..Urls::default()
        };
        self.request_with(method, biz_content, urls, now)
    }

    /// The same with whatever stands beside `biz_content`.
    ///
    /// # Errors
    /// When the request cannot be signed or a text is not in the application's character set.
    pub fn request_with(
        &self,
        method: &str,
        biz_content: &str,
        urls: Urls<'_>,
        now: AlipayTime,
    ) -> Result<HttpRequest, RequestError> {
        let mut system = self.app.signed_call(method, biz_content, urls, now)?;
        let mut business = Params::new();
        // Tokens and codes do not belong into an address, which logs keep.
        let more = urls.more.iter().map(|(name, _)| *name);
        for name in ["biz_content"].into_iter().chain(more) {
            if let Some(value) = system.remove(name) {
                business.set(name, &value);
            }
        }
        let charset = self.app.charset;
        Ok(HttpRequest {
            method: "POST",
            url: self.app.gateway_with(&form::encode(&system, charset)?),
            headers: vec![(
                "content-type",
                format!("application/x-www-form-urlencoded;charset={charset}"),
            )],
            body: form::encode(&business, charset)?.into_bytes(),
            timeout_ms: self.timeout_ms,
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("app", &self.app)
            .field("timeout_ms", &self.timeout_ms)
            .finish_non_exhaustive()
    }
}

//! The client that returns when it is done.

use super::wait::wait;
use crate::{
    AlipayTime, App, Call, Gateway, Hook, Outcome, Retry,
    answers::{
        Answered, ApiMethod, CloseResponse, PrecreateResponse, QueryResponse, RefundQueryResponse,
        RefundResponse,
    },
    poll::{self, Patience, PayEnd, RefundEnd, Timer, Waited},
    requests::{Close, Pay, Precreate, Query, Refund, RefundQuery},
    transport::{BoxFuture, HttpRequest, HttpResponse, TransportError},
};
use serde::Serialize;
use std::{future::Future, sync::Arc};

/// Sends one request and returns its answer, blocking the thread meanwhile. The rules are those of
/// [`crate::transport::Transport`].
pub trait Transport: Send + Sync {
    /// Sends `request`.
    ///
    /// # Errors
    /// Says what can be said about what happened to the request.
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}

/// A blocking transport where an async one is asked for: its future is done at the first look.
struct AtOnce(Arc<dyn Transport>);

impl crate::transport::Transport for AtOnce {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move { self.0.send(request) })
    }
}

/// Calls the gateway for one application and returns when there is an outcome. Clones share the
/// transport. Everything that [`crate::Client`] says holds here, too.
#[derive(Clone, Debug)]
pub struct Client {
    inner: crate::Client,
}

impl Client {
    /// A client of `app` over `transport`.
    #[must_use]
    pub fn new(app: App, transport: Arc<dyn Transport>) -> Self {
        Self {
            inner: crate::Client::new(app, Arc::new(AtOnce(transport))),
        }
    }

    /// The same client with another timeout.
    #[must_use]
    pub fn with_timeout_ms(&self, timeout_ms: u64) -> Self {
        Self {
            inner: self.inner.with_timeout_ms(timeout_ms),
        }
    }

    /// The same client over that gateway.
    #[must_use]
    pub fn with_gateway(&self, gateway: Gateway) -> Self {
        Self {
            inner: self.inner.with_gateway(gateway),
        }
    }

    /// The same client, sending again where that is safe.
    #[must_use]
    pub fn with_retry(&self, retry: Retry) -> Self {
        Self {
            inner: self.inner.with_retry(retry),
        }
    }

    /// The same client with somebody who is told of every attempt.
    #[must_use]
    pub fn with_hook(&self, hook: Arc<dyn Hook>) -> Self {
        Self {
            inner: self.inner.with_hook(hook),
        }
    }

    /// The same client, calling for the merchant who gave this `app_auth_token`.
    #[must_use]
    pub fn on_behalf_of(&self, app_auth_token: &str) -> Self {
        Self {
            inner: self.inner.on_behalf_of(app_auth_token),
        }
    }

    /// Whose calls these are.
    #[must_use]
    pub fn app(&self) -> &App {
        self.inner.app()
    }

    /// Which gateway is called.
    #[must_use]
    pub const fn gateway(&self) -> Gateway {
        self.inner.gateway()
    }

    /// Anything that the async client can do, done before this returns:
    ///
    /// ```no_run
    /// # use alipay::{AlipayTime, blocking::Client, requests::Query};
    /// # fn example(client: &Client, query: &Query, now: AlipayTime) {
    /// let outcome = client.wait(|client| client.query(query, now));
    /// # let _ = outcome;
    /// # }
    /// ```
    pub fn wait<'a, F: Future>(&'a self, run: impl FnOnce(&'a crate::Client) -> F) -> F::Output {
        wait(run(&self.inner))
    }

    /// Asks where a trade stands.
    pub fn query(&self, request: &Query, now: AlipayTime) -> Outcome<QueryResponse> {
        self.call(request, None, now)
    }

    /// Makes an order as a QR code. `notify_url` is where its notices go.
    pub fn precreate(
        &self,
        request: &Precreate,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Outcome<PrecreateResponse> {
        self.call(request, notify_url, now)
    }

    /// Closes a trade that nobody has paid.
    pub fn close(&self, request: &Close, now: AlipayTime) -> Outcome<CloseResponse> {
        self.call(request, None, now)
    }

    /// Refunds. After an unknown outcome, repeat with the same `out_request_no`.
    pub fn refund(&self, request: &Refund, now: AlipayTime) -> Outcome<RefundResponse> {
        self.call(request, None, now)
    }

    /// Asks whether a refund went through.
    pub fn refund_query(
        &self,
        request: &RefundQuery,
        now: AlipayTime,
    ) -> Outcome<RefundQueryResponse> {
        self.call(request, None, now)
    }

    /// Calls a method that has a type, through the gateway that this client was told to use. Notices
    /// go to the request's own `notify_url`.
    pub fn execute<R: ApiMethod + Sync>(&self, request: &R, now: AlipayTime) -> Outcome<R::Answer> {
        wait(self.inner.execute(request, now))
    }

    /// The same with notices to this `notify_url`.
    pub fn call<M: ApiMethod + Sync>(
        &self,
        request: &M,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Outcome<M::Answer> {
        wait(self.inner.call(request, notify_url, now))
    }

    /// Calls any method by its name with anything that becomes a JSON object.
    pub fn call_method<B: Serialize + Sync + ?Sized>(
        &self,
        method: &str,
        biz_content: &B,
        now: AlipayTime,
    ) -> Outcome<Answered> {
        wait(self.inner.call_method(method, biz_content, now))
    }

    /// Calls any method with anything beside its `biz_content`.
    pub fn send(&self, call: &Call, now: AlipayTime) -> Outcome<Answered> {
        wait(self.inner.send(call, now))
    }

    /// Calls any method by its name through v2, with its `biz_content` as JSON text.
    pub fn call_raw(
        &self,
        method: &str,
        biz_content: &str,
        notify_url: Option<&str>,
        echoes: &[(&'static str, &str)],
        now: AlipayTime,
    ) -> Outcome<Answered> {
        let call = self
            .inner
            .call_raw(method, biz_content, notify_url, echoes, now);
        wait(call)
    }
    /// Takes a payment by code and asks until it is known; cancels when it is not. See
    /// [`poll::pay`].
    pub fn pay(&self, request: &Pay, patience: Patience, timer: &dyn Timer) -> PayEnd {
        wait(poll::pay(&self.inner, request, patience, timer))
    }

    /// The second half of [`Client::pay`], for what a dead process left behind. See
    /// [`poll::settle`].
    pub fn settle(&self, out_trade_no: &str, patience: Patience, timer: &dyn Timer) -> PayEnd {
        wait(poll::settle(&self.inner, out_trade_no, patience, timer))
    }

    /// Asks until the trade is paid or closed, or until patience is at its end. See
    /// [`poll::wait_until_paid`].
    pub fn wait_until_paid(&self, trade: &Query, patience: Patience, timer: &dyn Timer) -> Waited {
        wait(poll::wait_until_paid(&self.inner, trade, patience, timer))
    }

    /// Refunds and asks until it is known whether money moved. See [`poll::refund`].
    pub fn refund_until_known(
        &self,
        request: &Refund,
        patience: Patience,
        timer: &dyn Timer,
    ) -> RefundEnd {
        wait(poll::refund(&self.inner, request, patience, timer))
    }
}

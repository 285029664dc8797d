//! Calling anything: requests that have a type, and methods by their name.

use super::Client;
use crate::{
    AlipayTime, Gateway, Outcome,
    answers::{Answered, ApiMethod},
    app::Urls,
    outcome::Refusal,
    requests::RequestError,
    v3::{self, ByName, Rest},
};
use serde::Serialize;
use std::fmt;

impl Client {
    /// Calls a method that has a type: [`crate::requests`] has them all. Notices go to the
    /// request's own `notify_url`. The same request goes through either gateway, see
    /// [`Client::with_gateway`].
    pub async fn execute<R: ApiMethod + Sync>(
        &self,
        request: &R,
        now: AlipayTime,
    ) -> Outcome<R::Answer> {
        self.call(request, request.notify_url(), now).await
    }

    /// Calls any method by its name with anything that becomes a JSON object.
    ///
    /// ```no_run
    /// # async fn example(client: alipay::Client, now: alipay::AlipayTime) {
    /// use alipay::Outcome;
    /// use serde_json::json;
    ///
    /// let biz_content = json!({"out_trade_no": "20260821001"});
    /// let outcome = client.call_method("alipay.trade.query", &biz_content, now).await;
    /// if let Outcome::Done(answer) = outcome {
    ///     println!("{:?} over {:?}", answer.text("trade_status"), answer.yuan("total_amount"));
    /// }
    /// # }
    /// ```
    pub async fn call_method<B: Serialize + Sync + ?Sized>(
        &self,
        method: &str,
        biz_content: &B,
        now: AlipayTime,
    ) -> Outcome<Answered> {
        match Call::new(method).biz_content(biz_content) {
            Ok(call) => self.send(&call, now).await,
            Err(error) => Outcome::Refused(Refusal::ours(&error)),
        }
    }

    /// Calls any method with anything beside its `biz_content`, through the gateway that this
    /// client was told to use. What is not known to be in v3 goes through v2, unless
    /// [`Call::rest`] says how v3 has it.
    pub async fn send(&self, call: &Call, now: AlipayTime) -> Outcome<Answered> {
        let more = call.more();
        let urls = Urls {
            return_url: None,
            notify_url: call.notify_url.as_deref(),
            more: &more,
        };
        let echoes = call
            .echoes
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let echoes = echoes.collect::<Vec<_>>();
        let rest = call.rest.or_else(|| v3::rest_of(&call.method));
        if let Some(rest) = rest.filter(|_| self.gateway() == Gateway::V3) {
            let call = ByName {
                method: &call.method,
                rest,
                biz_content: &call.biz_content,
                urls,
                echoes: &echoes,
            };
            return self.send_v3(call, now).await;
        }
        self.call_with(&call.method, &call.biz_content, urls, &echoes, now)
            .await
    }
}

/// A call of any method, piece by piece.
///
/// ```no_run
/// # async fn example(client: alipay::Client, now: alipay::AlipayTime) {
/// use alipay::Call;
///
/// let call = Call::new("alipay.user.info.share").param("auth_token", "authusrB…");
/// let outcome = client.send(&call, now).await;
/// # }
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Call {
    method: String,
    biz_content: String,
    params: Vec<(String, String)>,
    notify_url: Option<String>,
    rest: Option<Rest>,
    echoes: Vec<(&'static str, String)>,
}

impl Call {
    /// A call of that method without any `biz_content`.
    #[must_use]
    pub fn new(method: &str) -> Self {
        Self {
            method: method.to_owned(),
            biz_content: String::new(),
            params: Vec::new(),
            notify_url: None,
            rest: None,
            echoes: Vec::new(),
        }
    }

    /// With this as `biz_content`. Write amounts as strings of yuan: a float is not exact.
    ///
    /// # Errors
    /// When it does not become JSON.
    pub fn biz_content<B: Serialize + ?Sized>(
        mut self,
        biz_content: &B,
    ) -> Result<Self, RequestError> {
        self.biz_content = serde_json::to_string(biz_content).map_err(|_| RequestError::NotJson)?;
        Ok(self)
    }

    /// With a parameter beside `biz_content`: `auth_token`, `app_auth_token`, `grant_type`, …
    #[must_use]
    pub fn param(mut self, name: &str, value: &str) -> Self {
        self.params.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With notices to that address.
    #[must_use]
    pub fn notify_url(mut self, notify_url: &str) -> Self {
        self.notify_url = Some(notify_url.to_owned());
        self
    }

    /// How v3 has the method, for those that [`v3::rest_of`] does not know.
    #[must_use]
    pub fn rest(mut self, rest: Rest) -> Self {
        self.rest = Some(rest);
        self
    }

    /// The answer's field of that name has to be this where it is there. A signature says who
    /// answered, not to which question.
    #[must_use]
    pub fn about(mut self, name: &'static str, value: &str) -> Self {
        self.echoes.push((name, value.to_owned()));
        self
    }

    fn more(&self) -> Vec<(&str, &str)> {
        let pairs = self.params.iter();
        pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

/// The method and the names of the parameters: values may be tokens.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.params.iter().map(|(name, _)| name);
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("params", &names.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

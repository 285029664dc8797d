//! One call, sent as often as is safe.

use super::{Client, Repeat, hook};
use crate::{
    AlipayTime, Outcome,
    answers::Answered,
    outcome::{Refusal, Unknown, Why},
    requests::RequestError,
    transport::{HttpRequest, HttpResponse},
};

/// A call: how its request is made and how its answer is judged.
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a str,
    pub(crate) biz_content: &'a str,
    pub(crate) now: AlipayTime,
    /// Makes the request, signed anew for every attempt.
    pub(crate) make: &'a (dyn Fn() -> Result<HttpRequest, RequestError> + Send + Sync),
    /// Judges an answer. Is asked twice when a certificate had to be fetched in between.
    pub(crate) judge: &'a (dyn Fn(&HttpResponse) -> Outcome<Answered> + Send + Sync),
}

impl Client {
    pub(crate) async fn exchange(&self, call: Exchange<'_>) -> Outcome<Answered> {
        let retry = &self.options.retry;
        let repeatable = Repeat::of(call.method).allows(call.biz_content);
        let mut attempt = 1;
        loop {
            let outcome = self.attempt(&call, attempt).await;
            if !retry.goes_on(attempt, &outcome, repeatable) {
                return outcome;
            }
            retry.wait(attempt).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, call: &Exchange<'_>, attempt: u32) -> Outcome<Answered> {
        let request = match (call.make)() {
            Ok(request) => request,
            Err(error) => return Outcome::Refused(Refusal::ours(&error)),
        };
        let watched = self.options.hook.as_ref();
        if let Some(hook) = watched {
            hook.sending(&hook::Sending::new(call.method, attempt, &request));
        }
        let answer = self.transport.send(request).await;
        let outcome = match &answer {
            Ok(response) => self.judged(call, response).await,
            Err(error) => Outcome::Unknown(Unknown {
                why: Why::Transport(error.clone()),
            }),
        };
        if let Some(hook) = watched {
            let response = answer.as_ref().ok();
            hook.ended(&hook::Ended::new(call.method, attempt, response, &outcome));
        }
        outcome
    }

    /// Judges an answer; when it was signed with a certificate that is not known, fetches that and
    /// judges again. The call itself is not sent again for it.
    async fn judged(&self, call: &Exchange<'_>, response: &HttpResponse) -> Outcome<Answered> {
        let outcome = (call.judge)(response);
        let Outcome::Unknown(Unknown {
            why: Why::UnknownCert(sn),
        }) = &outcome
        else {
            return outcome;
        };
        if self.fetch_certificate(sn, call.now).await {
            (call.judge)(response)
        } else {
            outcome
        }
    }

    /// Fetches Alipay's certificate of that serial number and admits it when it is genuine.
    #[cfg(feature = "cert")]
    async fn fetch_certificate(&self, sn: &str, now: AlipayTime) -> bool {
        const METHOD: &str = "alipay.open.app.alipaycert.download";
        let Some(mode) = self.app.cert_mode.as_ref().filter(|mode| mode.can_fetch()) else {
            return false;
        };
        // The number stands unsigned in an answer: nothing else may come with it.
        if sn.len() != 32 || !sn.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return false;
        }
        let content = format!("{{\"alipay_cert_sn\":\"{sn}\"}}");
        let Ok(request) = self.request(METHOD, &content, None, now) else {
            return false;
        };
        let watched = self.options.hook.as_ref();
        if let Some(hook) = watched {
            hook.sending(&hook::Sending::new(METHOD, 1, &request));
        }
        let answer = self.transport.send(request).await;
        let response = answer.as_ref().ok();
        let admitted = response.is_some_and(|response| {
            let content = certificate_in(METHOD, response);
            content.is_some_and(|content| mode.admit(sn, &content, now).is_ok())
        });
        if let Some(hook) = watched {
            hook.ended(&hook::Ended::of_certificate(METHOD, response, admitted));
        }
        admitted
    }

    #[cfg(not(feature = "cert"))]
    #[expect(clippy::unused_async, reason = "with the feature it waits")]
    async fn fetch_certificate(&self, _sn: &str, _now: AlipayTime) -> bool {
        false
    }
}

/// The certificate in the answer to a download. The answer may be signed with the very certificate
/// that it brings, so its signature says nothing: what it brings is believed because of its own
/// chain, and for nothing else.
#[cfg(feature = "cert")]
fn certificate_in(method: &str, response: &HttpResponse) -> Option<String> {
    let name = crate::response::node_name(method);
    let node = crate::response::cut(&response.body, &name).ok()?;
    let fields = crate::response::parse_strict(node.raw)?;
    Some(fields.get("alipay_cert_content")?.as_str()?.to_owned())
}

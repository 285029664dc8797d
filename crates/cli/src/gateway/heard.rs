//! The network, and what an answer says beside itself: the sandbox explains a refusal in a header.

use crate::printer;
use alipay::transport::{
    BoxFuture, HttpRequest, HttpResponse, HttpTransport, Transport, TransportError,
};
use alipay::{CallResult, Ended, Hook, Sending};
use std::sync::{Mutex, PoisonError};

/// The header by which our sandbox says what to change.
const EXPLAIN: &str = "x-sandbox-explain";

/// Sends, and remembers what the last answer explained.
#[derive(Debug)]
pub(super) struct Heard {
    inner: HttpTransport,
    explained: Mutex<Option<String>>,
}

impl Heard {
    pub(super) fn new(inner: HttpTransport) -> Self {
        Self {
            inner,
            explained: Mutex::default(),
        }
    }

    /// The network itself.
    pub(super) fn network(&self) -> &HttpTransport {
        &self.inner
    }

    /// What the last answer explained.
    pub(super) fn explained(&self) -> Option<String> {
        let explained = self
            .explained
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        explained.clone()
    }

    async fn exchange(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        request.headers.push(("accept-language", "en".to_owned()));
        let response = self.inner.send(request).await?;
        let said = response.header(EXPLAIN).map(decoded);
        *self
            .explained
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = said;
        Ok(response)
    }
}

impl Transport for Heard {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

/// Headers hold ASCII, so the words are percent-encoded.
fn decoded(value: &str) -> String {
    percent_encoding::percent_decode_str(value)
        .decode_utf8_lossy()
        .into_owned()
}

/// Tells the person at the terminal what is sent and answered.
#[derive(Debug)]
pub(super) struct Watching;

impl Hook for Watching {
    fn sending(&self, sending: &Sending<'_>) {
        printer::say(format_args!(
            "> {} (attempt {}): {}, {} bytes behind it",
            sending.method, sending.attempt, sending.url, sending.body_bytes
        ));
    }

    fn ended(&self, ended: &Ended<'_>) {
        let status = ended
            .status
            .map_or("no answer".to_owned(), |status| format!("HTTP {status}"));
        let trace = ended.trace_id.map_or(String::new(), |id| {
            format!(", trace {}", printer::clean(id))
        });
        let result = match ended.result {
            CallResult::Done => "done".to_owned(),
            CallResult::Refused { code, sub_code } => {
                format!(
                    "refused, {} {}",
                    printer::clean(code),
                    printer::clean(sub_code)
                )
            }
            CallResult::Unknown(why) => format!("unknown: {why}"),
        };
        printer::say(format_args!("< {status}{trace}: {result}"));
    }
}

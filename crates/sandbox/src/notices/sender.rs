//! The way of a notice to the merchant's server.

use futures::future::BoxFuture;
use std::time::Duration;

/// How much of an answer is read: `success` is seven bytes.
const ANSWER_BYTES: usize = 16 * 1024;
/// How long a merchant may take to answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// One delivery, as it goes onto the wire.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The merchant's `notify_url`.
    pub url: String,
    /// The value of `Content-Type`.
    pub content_type: String,
    /// The value of `User-Agent`.
    pub user_agent: &'static str,
    /// The signed form.
    pub body: Vec<u8>,
}

/// What a merchant answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The HTTP status. A redirect is not followed.
    pub status: u16,
    /// The body, at most its first 16 KiB.
    pub body: Vec<u8>,
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The address is none that can be called.
    #[error("`{0}` is no http or https address")]
    Address(String),
    /// The connection failed, or nothing came back in time.
    #[error("no answer: {0}")]
    Failed(String),
}

/// Posts notices.
pub trait NoticeSender: Send + Sync {
    /// Posts one and returns the answer, whatever it says.
    fn post(&self, outgoing: Outgoing) -> BoxFuture<'_, Result<Answer, SendError>>;
}

/// Posts notices over HTTP/1.1, follows no redirect, sends no credentials.
#[derive(Clone, Debug)]
pub struct HttpSender(reqwest::Client);

impl HttpSender {
    /// A sender with a connection pool of its own.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, SendError> {
        reqwest::Client::builder()
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(5))
            .no_proxy()
            .build()
            .map(Self)
            .map_err(|error| SendError::Failed(chain(&error)))
    }
}

impl NoticeSender for HttpSender {
    fn post(&self, outgoing: Outgoing) -> BoxFuture<'_, Result<Answer, SendError>> {
        Box::pin(async move {
            let address: reqwest::Url = outgoing
                .url
                .parse()
                .map_err(|_| SendError::Address(outgoing.url.clone()))?;
            if !matches!(address.scheme(), "http" | "https") {
                return Err(SendError::Address(outgoing.url));
            }
            let mut response = self
                .0
                .post(address)
                .header("content-type", outgoing.content_type)
                .header("user-agent", outgoing.user_agent)
                .body(outgoing.body)
                .send()
                .await
                .map_err(|error| SendError::Failed(chain(&error)))?;
            let status = response.status().as_u16();
            let mut body = Vec::new();
            while let Some(piece) = response
                .chunk()
                .await
                .map_err(|error| SendError::Failed(chain(&error)))?
            {
                let room = ANSWER_BYTES - body.len();
                body.extend_from_slice(&piece[..piece.len().min(room)]);
                if body.len() == ANSWER_BYTES {
                    break;
                }
            }
            Ok(Answer { status, body })
        })
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

//! The `authorization` header: what it says, and what its signature covers.

use super::Verb;
use crate::{
    AlipayTime, App, Charset,
    requests::RequestError,
    sign::{SignError, SignType},
};
use aws_lc_rs::rand;
use std::fmt::Write;

/// A number used once: Alipay may refuse one that it has seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Nonce(String);

impl Nonce {
    /// 32 random hexadecimal digits.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn random() -> Result<Self, SignError> {
        let mut bytes = [0_u8; 16];
        rand::fill(&mut bytes).map_err(|_| SignError::Failed)?;
        let mut text = String::with_capacity(32);
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Self(text))
    }

    /// One of one's own: letters, digits, `-` and `_`, at most 32. `None` for anything else.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = !text.is_empty() && text.len() <= 32 && text.bytes().all(plain);
        fits.then(|| Self(text.to_owned()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is signed of a request.
#[derive(Clone, Copy, Debug)]
pub struct Unsigned<'a> {
    /// The HTTP method.
    pub verb: Verb,
    /// Path and query as they are sent: `/v3/alipay/trade/query`.
    pub path_and_query: &'a str,
    /// The body as it is sent (the ciphertext, when it is encrypted); empty for `GET`.
    pub body: &'a str,
    /// Used once.
    pub nonce: &'a Nonce,
    /// When. Alipay refuses what is older than ten minutes.
    pub now: AlipayTime,
}

/// The value of the `authorization` header.
///
/// # Errors
/// When the application is not one of RSA2 and UTF-8, or its signer fails.
pub fn authorization(app: &App, request: &Unsigned<'_>) -> Result<String, RequestError> {
    if app.sign_type != SignType::Rsa2 {
        return Err(SignError::Sha1InV3.into());
    }
    if app.charset != Charset::Utf8 {
        return Err(RequestError::Rule(
            "v3 has UTF-8 only; this application sends GBK",
        ));
    }
    let auth = auth_text(app, request);
    let text = text(app, request, &auth);
    let signature = app.signer.sign(app.sign_type, text.as_bytes())?;
    Ok(format!("{SCHEME} {auth},sign={signature}"))
}

/// `app_id=…,app_cert_sn=…,nonce=…,timestamp=…`
fn auth_text(app: &App, request: &Unsigned<'_>) -> String {
    let mut text = format!("app_id={}", app.app_id);
    if let Some(mode) = &app.cert_mode {
        let _ = write!(text, ",app_cert_sn={}", mode.app_cert_sn());
    }
    let nonce = request.nonce.as_str();
    let timestamp = request.now.unix_ms();
    let _ = write!(text, ",nonce={nonce},timestamp={timestamp}");
    text
}

/// The text that is signed: each part on a line of its own, the last one, too.
fn text(app: &App, request: &Unsigned<'_>, auth: &str) -> String {
    let mut text = String::with_capacity(auth.len() + request.body.len() + 256);
    let token = app.app_auth_token.as_ref();
    for line in [
        Some(auth),
        Some(request.verb.as_str()),
        Some(request.path_and_query),
        Some(request.body),
        token.map(crate::Secret::expose),
    ]
    .into_iter()
    .flatten()
    {
        text.push_str(line);
        text.push('\n');
    }
    text
}

const SCHEME: &str = "ALIPAY-SHA256withRSA";

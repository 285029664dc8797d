//! Signed notices and answers, and a transport that says what it was told to say.

use crate::{
    Charset, Params, canonical, form,
    keys::PrivateKey,
    response,
    sign::{self, SignType},
    transport::{
        BoxFuture, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
    },
    v3,
};
use serde_json::Value;
use std::{collections::VecDeque, fmt, sync::Mutex};

/// The content type that Alipay's notices really have. Strict parsers refuse it.
pub const NOTICE_CONTENT_TYPE: &str = "application/x-www-form-urlencoded; text/html; charset=UTF-8";

/// The fields of a genuine notice of a paid trade, with these four filled in and no signature yet.
#[must_use]
pub fn paid_notice(app_id: &str, seller_id: &str, out_trade_no: &str, yuan: &str) -> Params {
    Params::from([
        ("gmt_create", "2026-08-21 09:30:00"),
        ("charset", "utf-8"),
        ("gmt_payment", "2026-08-21 09:30:10"),
        ("notify_time", "2026-08-21 09:30:12"),
        ("subject", "Rust 入门+ 第 1 课"),
        ("buyer_id", "2088722003899169"),
        ("invoice_amount", yuan),
        ("version", "1.0"),
        ("notify_id", "2026082101222093010199160501632046"),
        ("notify_type", "trade_status_sync"),
        ("out_trade_no", out_trade_no),
        ("total_amount", yuan),
        ("trade_status", "TRADE_SUCCESS"),
        ("trade_no", "2026082122001499160501589436"),
        ("auth_app_id", app_id),
        ("receipt_amount", yuan),
        ("point_amount", "0.00"),
        ("buyer_pay_amount", yuan),
        ("app_id", app_id),
        ("sign_type", "RSA2"),
        ("seller_id", seller_id),
    ])
}

/// The body of a notice with these fields, signed as Alipay would: RSA2, in the charset that the
/// fields name. Fields may be wrong on purpose; the signature is right.
///
/// # Panics
/// When a text does not exist in the charset.
#[must_use]
pub fn signed_notice(alipay_private_key: &PrivateKey, fields: &Params) -> Vec<u8> {
    signed_notice_as(alipay_private_key, SignType::Rsa2, fields)
}

/// The same for an application that is signed for in another way: [`SignType::Rsa`] is one from
/// before 2018 (feature `rsa1`).
///
/// # Panics
/// When a text does not exist in the charset, and for `RSA` without the feature.
#[must_use]
pub fn signed_notice_as(
    alipay_private_key: &PrivateKey,
    sign_type: SignType,
    fields: &Params,
) -> Vec<u8> {
    let charset = fields.get("charset").and_then(Charset::parse);
    let charset = charset.unwrap_or_default();
    let mut fields = fields.clone();
    fields.set("sign_type", sign_type.as_str());
    fields.remove("sign");
    canonical::sign_notice(&mut fields, alipay_private_key, charset)
        .expect("an RSA key of 2048 bits signs, and the charset has the texts");
    form::encode(&fields, charset)
        .expect("the charset has the texts, or they could not have been signed")
        .into_bytes()
}

/// The answer to a call of `method` with this node, signed as Alipay would.
#[must_use]
pub fn signed_answer(alipay_private_key: &PrivateKey, method: &str, node: &Value) -> HttpResponse {
    signed_answer_as(alipay_private_key, SignType::Rsa2, method, node)
}

/// The same for an application that is answered with another signature: [`SignType::Rsa`] is one
/// from before 2018 (feature `rsa1`).
///
/// # Panics
/// For `RSA` without the feature.
#[must_use]
pub fn signed_answer_as(
    alipay_private_key: &PrivateKey,
    sign_type: SignType,
    method: &str,
    node: &Value,
) -> HttpResponse {
    let text = response::write_node(node);
    let sign = canonical::sign_node(&text, alipay_private_key, sign_type, Charset::Utf8)
        .expect("an RSA key of 2048 bits signs");
    answer(&response::write_envelope(
        &response::node_name(method),
        &text,
        None,
        Some(&sign),
    ))
}

/// The answer of v3 with this status and body, signed in its headers as Alipay would sign it at
/// that time. A refusal comes unsigned in v3: [`answer`] with another status.
///
/// # Panics
/// Never for keys that this crate reads.
#[must_use]
pub fn signed_v3_answer(
    alipay_private_key: &PrivateKey,
    status: u16,
    body: &Value,
    unix_ms: i64,
) -> HttpResponse {
    let body = body.to_string();
    let (timestamp, nonce) = (unix_ms.to_string(), "0123456789abcdef0123456789abcdef");
    let text = v3::signed_text(&timestamp, nonce, &body);
    let sign = sign::sign(alipay_private_key, SignType::Rsa2, text.as_bytes())
        .expect("an RSA key of 2048 bits signs");
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    HttpResponse {
        status,
        headers: vec![
            header("content-type", "application/json;charset=utf-8"),
            header("alipay-timestamp", &timestamp),
            header("alipay-nonce", nonce),
            header("alipay-signature", &sign),
        ],
        body: body.into_bytes(),
    }
}

/// An answer with status 200 and this body.
#[must_use]
pub fn answer(body: &str) -> HttpResponse {
    HttpResponse {
        status: 200,
        headers: vec![(
            "content-type".to_owned(),
            "text/html;charset=utf-8".to_owned(),
        )],
        body: body.as_bytes().to_vec(),
    }
}

/// A transport that gives the answers it was given, in their order, and keeps the requests. When
/// the answers are used up, every call times out.
#[derive(Default)]
pub struct ScriptedTransport {
    answers: Mutex<VecDeque<Result<HttpResponse, TransportError>>>,
    requests: Mutex<Vec<HttpRequest>>,
}

impl ScriptedTransport {
    /// With these answers.
    #[must_use]
    pub fn new(answers: impl IntoIterator<Item = Result<HttpResponse, TransportError>>) -> Self {
        Self {
            answers: Mutex::new(answers.into_iter().collect()),
            requests: Mutex::default(),
        }
    }

    /// Adds an answer at the end.
    pub fn then(&self, answer: Result<HttpResponse, TransportError>) {
        lock(&self.answers).push_back(answer);
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<HttpRequest> {
        lock(&self.requests).clone()
    }
}

impl Transport for ScriptedTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        lock(&self.requests).push(request);
        let next = lock(&self.answers).pop_front();
        let answer = next.unwrap_or_else(|| {
            Err(TransportError {
                kind: TransportErrorKind::Timeout,
                detail: "the script is at its end".to_owned(),
            })
        });
        Box::pin(async move { answer })
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedTransport")
            .field("left", &lock(&self.answers).len())
            .field("requests", &lock(&self.requests).len())
            .finish()
    }
}

/// A panicking test must not hide its reason behind a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

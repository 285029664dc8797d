//! What an answer of v3 means.

use crate::{
    App, Outcome,
    answers::Answered,
    client::{alipay_key, echoed},
    codes,
    content::ContentError,
    outcome::{Refusal, RefusedBy, Unknown, Why},
    response, sign,
    transport::HttpResponse,
};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The headers that sign an answer: time, nonce, signature, serial number of the certificate.
pub const SIGNATURE_HEADERS: [&str; 4] = [
    "alipay-timestamp",
    "alipay-nonce",
    "alipay-signature",
    "alipay-sn",
];

/// The text that an answer's signature covers: time, nonce and body, each on a line of its own.
#[must_use]
pub fn signed_text(timestamp: &str, nonce: &str, body: &str) -> String {
    format!("{timestamp}\n{nonce}\n{body}\n")
}

/// Judges the answer to a v3 call, verifying it before anything in it is read.
///
/// - 200, signed, about the right trade: done.
/// - 400 to 499 with Alipay's code: refused, unless the code says that Alipay does not know.
///   Signed ones are refused by Alipay, unsigned ones (the rule in v3) by the unsigned gateway.
/// - Signed 202, which is v2's `10003`: unknown, with what was accepted in [`Why::Accepted`].
/// - Everything else, 5xx among it: unknown.
pub fn judge(
    app: &App,
    echoes: &[(&'static str, &str)],
    response: &HttpResponse,
) -> Outcome<Answered> {
    match read(app, echoes, response) {
        Ok(outcome) => outcome,
        Err(why) => Outcome::Unknown(Unknown { why }),
    }
}

fn read(
    app: &App,
    echoes: &[(&'static str, &str)],
    response: &HttpResponse,
) -> Result<Outcome<Answered>, Why> {
    let body = std::str::from_utf8(&response.body).map_err(|_| Why::NotText)?;
    let signature = verified(app, response, body)?;
    match response.status {
        200 => {}
        202 if signature.is_some() => {}
        400..=499 => return refused(app, response.status, body, signature.is_some()),
        status => return Err(unclear(app, status, body)),
    }
    let signature = signature.ok_or(Why::Unsigned)?;
    let content = opened(app, body)?;
    let fields = response::parse_strict(&content).ok_or(Why::Field("body"))?;
    echoed(echoes, &fields)?;
    let answered = Answered {
        raw: body.to_owned(),
        sign: signature.to_owned(),
        fields,
    };
    if response.status == 202 {
        return Err(Why::Accepted(Box::new(answered)));
    }
    Ok(Outcome::Done(answered))
}

/// The signature when there is one that holds; `None` when there is none.
fn verified<'a>(app: &App, response: &'a HttpResponse, body: &str) -> Result<Option<&'a str>, Why> {
    let [timestamp, nonce, signature, sn] =
        SIGNATURE_HEADERS.map(|name| response.header(name).filter(|value| !value.is_empty()));
    let Some(signature) = signature else {
        return Ok(None);
    };
    let text = signed_text(
        timestamp.ok_or(Why::Field("alipay-timestamp"))?,
        nonce.ok_or(Why::Field("alipay-nonce"))?,
        body,
    );
    let key = alipay_key(app, sn)?;
    sign::verify(&key, app.sign_type, text.as_bytes(), signature).map_err(Why::Signature)?;
    Ok(Some(signature))
}

fn opened<'a>(app: &App, body: &'a str) -> Result<Cow<'a, str>, Why> {
    if body.trim_start().starts_with('{') {
        return Ok(Cow::Borrowed(body));
    }
    let key = app.content_key.as_ref();
    let key = key.ok_or(Why::Field("body"))?;
    let content = key.decrypt(body.trim()).map_err(Why::Content)?;
    String::from_utf8(content)
        .map(Cow::Owned)
        .map_err(|_| Why::Content(ContentError::NotText))
}

fn refused(app: &App, status: u16, body: &str, signed: bool) -> Result<Outcome<Answered>, Why> {
    let by = if signed {
        RefusedBy::Alipay
    } else {
        RefusedBy::UnsignedGateway
    };
    let refusal = refusal(app, status, body, by).ok_or(Why::Status(status))?;
    if is_unclear(&refusal.sub_code) {
        return Err(Why::Busy(refusal));
    }
    Ok(Outcome::Refused(refusal))
}

fn unclear(app: &App, status: u16, body: &str) -> Why {
    match refusal(app, status, body, RefusedBy::UnsignedGateway) {
        Some(refusal) => Why::Busy(refusal),
        None => Why::Status(status),
    }
}

/// `{"code":"ACQ.TRADE_NOT_EXIST","message":"…","links":[…]}`; `None` when it is something else,
/// a proxy's page for example.
fn refusal(app: &App, status: u16, body: &str, by: RefusedBy) -> Option<Refusal> {
    let fields = response::parse_strict(&opened(app, body).ok()?)?;
    let sub_code = text(&fields, "code")?;
    Some(Refusal {
        code: status.to_string(),
        msg: String::new(),
        sub_msg: text(&fields, "message").unwrap_or_default(),
        sub_code,
        by,
    })
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let text = fields.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// v3 writes the gateway's codes without `aop.` and `isp.` in front.
fn is_unclear(code: &str) -> bool {
    code == "unknow-error" || codes::is_unclear(code)
}

//! What an answer means. The one place that decides between done, refused and unknown.

use crate::{
    App, Charset, Outcome,
    answers::Answered,
    codes,
    content::ContentError,
    keys::PublicKey,
    outcome::{Refusal, RefusedBy, Unknown, Why},
    response::{self, Node},
    sign,
    transport::HttpResponse,
};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Judges the answer to a call of `method`, verifying it over its raw text before anything in it
/// is read. `echoes` must equal the answer's fields of that name where they are present.
///
/// - Signed `10000` about the right trade: done.
/// - Signed `10003`: unknown, with what was accepted in [`Why::Accepted`].
/// - Signed error: refused, unless Alipay itself does not know (`20000`,
///   `ACQ.SYSTEM_ERROR`, `aop.unknow-error`, …).
/// - Unsigned: refused only for the gateway's own errors before authentication; an unsigned
///   success or business error means nothing.
/// - Everything else: unknown.
pub fn judge(
    app: &App,
    method: &str,
    echoes: &[(&'static str, &str)],
    response: &HttpResponse,
) -> Outcome<Answered> {
    match read(app, method, echoes, response) {
        Ok(outcome) => outcome,
        Err(why) => Outcome::Unknown(Unknown { why }),
    }
}

fn read(
    app: &App,
    method: &str,
    echoes: &[(&'static str, &str)],
    response: &HttpResponse,
) -> Result<Outcome<Answered>, Why> {
    if response.status != 200 {
        return Err(Why::Status(response.status));
    }
    let text = decode(app.charset, &response.body)?;
    let name = response::node_name(method);
    let node = response::cut(text.as_bytes(), &name).map_err(Why::Malformed)?;
    let Some(signature) = node.sign else {
        return unsigned(&node);
    };
    let signed = app.charset.encode(node.raw).map_err(|_| Why::NotText)?;
    let key = alipay_key(app, node.cert_sn)?;
    sign::verify(&key, app.sign_type, &signed, signature).map_err(Why::Signature)?;
    let content = opened(app, node.raw)?;
    let fields = response::parse_strict(&content).ok_or(Why::Field("code"))?;
    echoed(echoes, &fields)?;
    let refusal = refusal(&fields, RefusedBy::Alipay);
    if refusal.code == "10000" || has_no_code(method, &fields) {
        return Ok(Outcome::Done(Answered {
            raw: node.raw.to_owned(),
            sign: signature.to_owned(),
            fields,
        }));
    }
    if refusal.code == "10003" {
        return Err(Why::Accepted(Box::new(Answered {
            raw: node.raw.to_owned(),
            sign: signature.to_owned(),
            fields,
        })));
    }
    if is_unclear(&refusal) {
        return Err(Why::Busy(refusal));
    }
    Ok(Outcome::Refused(refusal))
}

/// The key that an answer is verified with. An answer in certificate mode names its certificate;
/// the name is not signed, but a wrong one only leads to a key that does not fit.
pub(crate) fn alipay_key<'a>(
    app: &'a App,
    cert_sn: Option<&str>,
) -> Result<Cow<'a, PublicKey>, Why> {
    match (&app.cert_mode, cert_sn) {
        (Some(mode), Some(sn)) => {
            let unknown = || Why::UnknownCert(sn.to_owned());
            mode.key_of(sn).map(Cow::Owned).ok_or_else(unknown)
        }
        _ => Ok(Cow::Borrowed(&app.alipay_public_key)),
    }
}

/// The node's content: itself, or what its ciphertext says. Errors come unencrypted even when the
/// request was encrypted; a ciphertext that cannot be decrypted means nothing.
fn opened<'a>(app: &App, raw: &'a str) -> Result<Cow<'a, str>, Why> {
    let Some(secret) = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) else {
        return Ok(Cow::Borrowed(raw));
    };
    let key = app.content_key.as_ref();
    let key = key.ok_or(Why::Content(ContentError::Key))?;
    // Base64 needs no escape in JSON, but Alipay escapes every slash.
    let content = key.decrypt(&secret.replace("\\/", "/"));
    let content = content.map_err(Why::Content)?;
    match app.charset.decode(&content) {
        Ok(text) => Ok(Cow::Owned(text.into_owned())),
        Err(_) => Err(Why::Content(ContentError::NotText)),
    }
}

/// Compares the fields of an answer with what was asked about.
pub(crate) fn echoed(
    echoes: &[(&'static str, &str)],
    fields: &Map<String, Value>,
) -> Result<(), Why> {
    for (name, value) in echoes {
        let other = |field: &Value| match field {
            Value::Null => false,
            Value::String(text) => !text.is_empty() && text != value,
            _ => true,
        };
        if fields.get(*name).is_some_and(other) {
            return Err(Why::OtherTrade(name));
        }
    }
    Ok(())
}

/// The gateway answers in the request's charset, and some of its own failures in GBK all the same.
fn decode(charset: Charset, body: &[u8]) -> Result<Cow<'_, str>, Why> {
    charset
        .decode(body)
        .or_else(|_| match charset {
            Charset::Utf8 => Charset::Gbk.decode(body),
            Charset::Gbk => Charset::Utf8.decode(body),
        })
        .map_err(|_| Why::NotText)
}

/// The one answer that has no `code` when it went well: its token says so.
fn has_no_code(method: &str, fields: &Map<String, Value>) -> bool {
    method == "alipay.system.oauth.token"
        && !fields.contains_key("code")
        && !fields.contains_key("sub_code")
        && fields.contains_key("access_token")
}

fn unsigned(node: &Node<'_>) -> Result<Outcome<Answered>, Why> {
    let fields = response::parse_strict(node.raw).ok_or(Why::Unsigned)?;
    let refusal = refusal(&fields, RefusedBy::UnsignedGateway);
    if is_unclear(&refusal) {
        return Err(Why::Busy(refusal));
    }
    if codes::GATEWAY_CODES.contains(&refusal.code.as_str()) {
        return Ok(Outcome::Refused(refusal));
    }
    Err(Why::Unsigned)
}

fn refusal(fields: &Map<String, Value>, by: RefusedBy) -> Refusal {
    let text = |name: &str| {
        let text = fields.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    Refusal {
        code: text("code"),
        msg: text("msg"),
        sub_code: text("sub_code"),
        sub_msg: text("sub_msg"),
        by,
    }
}

/// Returns `true` for answers by which Alipay says that it does not know, and for those without
/// any code, which say nothing.
fn is_unclear(refusal: &Refusal) -> bool {
    let refused =
        refusal.code.len() == 5 && refusal.code.starts_with('4') || refusal.code == "20001";
    let clear = refused || refusal.code == "10000";
    !clear || codes::is_unclear(&refusal.sub_code)
}

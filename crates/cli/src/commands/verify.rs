//! `tongbao verify`: whether a message was signed by whom it says, and by which rule.

use super::keys;
use crate::args::VerifyArgs;
use crate::exit::Failure;
use crate::{input, message, printer};
use alipay::keys::PublicKey;
use alipay::sign::{
    SignType, notice_text, notice_text_v2, request_text, request_text_keeping_empties, verify,
};
use alipay::{Charset, Params, response};
use anyhow::Context as _;
use serde_json::{Map, Value};

/// Prints the verified fields, or says why they are none.
pub(crate) fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let bytes = input::message(args.message.as_deref())?;
    if let Some(file) = &args.app_public_key {
        let key = keys::public(file)?;
        return form(&key, &parameters(&bytes)?, &REQUEST_RULES);
    }
    let file = args
        .alipay_public_key
        .as_ref()
        .context("no key was given")?;
    let key = keys::public(file)?;
    if message::is_json(&bytes) {
        return answer(&key, &bytes);
    }
    form(&key, &parameters(&bytes)?, &NOTICE_RULES)
}

/// What cannot be read was not signed by anybody: that is a no, not a wrong use.
fn parameters(message: &[u8]) -> Result<Params, Failure> {
    message::parameters(message).map_err(Failure::Refused)
}

/// How the text that was signed is made of the parameters, and what that is called.
type Rule = (&'static str, fn(&Params) -> String);

/// Standard notices and returns leave `sign_type` out; life-window and app-gateway messages keep it.
const NOTICE_RULES: [Rule; 2] = [
    ("without sign_type", notice_text),
    ("with sign_type", notice_text_v2),
];
/// Some SDKs leave empty parameters out before they sign, some do not.
const REQUEST_RULES: [Rule; 2] = [
    ("empty parameters left out", request_text),
    ("empty parameters kept", request_text_keeping_empties),
];

fn form(key: &PublicKey, params: &Params, rules: &[Rule; 2]) -> Result<(), Failure> {
    let Some(sign) = params.non_empty("sign") else {
        return Err(Failure::refused("the message carries no sign"));
    };
    let sign_type = match params.non_empty("sign_type") {
        None => SignType::Rsa2,
        Some(label) => SignType::parse(label).ok_or_else(|| {
            Failure::refused(format!("sign_type `{label}` is unknown; RSA2 and RSA are"))
        })?,
    };
    let charset = match params.non_empty("charset") {
        None => Charset::Utf8,
        Some(label) => Charset::parse(label).ok_or_else(|| {
            Failure::refused(format!("charset `{label}` is unknown; utf-8 and gbk are"))
        })?,
    };
    let mut reason = None;
    for (name, text) in rules {
        let text = text(params);
        let bytes = charset
            .encode(&text)
            .context("the message does not fit its charset")?;
        match verify(key, sign_type, &bytes, sign) {
            Ok(()) => {
                printer::say(format!("The signature holds ({name})."));
                let fields: Map<String, Value> = params
                    .iter()
                    .filter(|(field, _)| *field != "sign")
                    .map(|(field, value)| (field.to_owned(), Value::from(value)))
                    .collect();
                printer::json(&Value::Object(fields));
                return Ok(());
            }
            Err(error) => reason = Some(error),
        }
    }
    let [(first, _), (second, _)] = rules;
    let reason = reason.map_or_else(String::new, |error| format!(": {error}"));
    Err(Failure::refused(format!(
        "the signature does not hold, neither {first} nor {second}{reason}"
    )))
}

/// The answer of the v2 gateway: what is signed is the raw text of its node.
fn answer(key: &PublicKey, body: &[u8]) -> Result<(), Failure> {
    let refuse = |error: &dyn std::fmt::Display| {
        Failure::refused(format!("the answer cannot be read: {error}"))
    };
    // Some failures of the gateway come in GBK, whatever was asked for.
    let charset = match std::str::from_utf8(body) {
        Ok(_) => Charset::Utf8,
        Err(_) => Charset::Gbk,
    };
    let text = charset.decode(body).map_err(|error| refuse(&error))?;
    let message::Members(members) = serde_json::from_str(&text).map_err(|error| refuse(&error))?;
    let Some((name, _)) = members.iter().find(|(name, _)| name.ends_with("_response")) else {
        return Err(Failure::refused(
            "the answer has no node that ends with _response",
        ));
    };
    let node = response::cut(text.as_bytes(), name).map_err(|error| refuse(&error))?;
    let Some(sign) = node.sign.filter(|sign| !sign.is_empty()) else {
        return Err(Failure::refused("the answer carries no sign"));
    };
    let signed = charset.encode(node.raw).map_err(|error| refuse(&error))?;
    verify(key, SignType::Rsa2, &signed, sign)
        .or_else(|_| verify(key, SignType::Rsa, &signed, sign))
        .map_err(|error| {
            Failure::refused(format!(
                "the signature over `{name}` does not hold: {error}"
            ))
        })?;
    printer::say(format!("The signature over `{name}` holds."));
    let fields: Value = serde_json::from_str(node.raw)?;
    printer::json(&fields);
    Ok(())
}

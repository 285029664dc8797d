//! The bytes of a JSON answer: the node in Alipay's one form, signed over exactly these bytes.

use super::errors::Fault;
use super::serve::Signer;
use super::struck::backwards;
use crate::faults::What;
use crate::notices::form::fitting;
use alipay::sign;
use alipay::{Charset, response};
use serde_json::{Map, Value};

/// The node of a good answer; fields that bring a code of their own keep it.
pub(super) fn success(mut fields: Map<String, Value>) -> Value {
    if !fields.contains_key("code") {
        fields.insert("code".to_owned(), "10000".into());
        fields.insert("msg".to_owned(), "Success".into());
    }
    Value::Object(fields)
}

/// The node of an error.
pub(super) fn failure(fault: &Fault) -> Value {
    let mut fields = fault.fields.clone();
    fields.insert("code".to_owned(), fault.what.code.into());
    fields.insert("msg".to_owned(), fault.what.msg().into());
    fields.insert("sub_code".to_owned(), fault.what.sub_code.into());
    fields.insert("sub_msg".to_owned(), fault.sub_msg.clone().into());
    Value::Object(fields)
}

/// The whole answer. Without a caller that is known it has no signature.
pub(super) fn write(
    node_name: &str,
    node: &Value,
    signer: Option<&Signer>,
    struck: Option<What>,
    charset: Charset,
) -> Vec<u8> {
    let is_reordered = struck == Some(What::FieldsReordered);
    let text = if is_reordered {
        backwards(node)
    } else {
        response::write_node(node)
    };
    let mut text = fitting(&text, charset);
    if let Some(signer) = signer.filter(|signer| signer.encrypted) {
        text = encrypted(&text, signer, charset);
    }
    let bytes = charset.encode(&text).unwrap_or_default();
    let signature = signer.and_then(|signer| {
        let wrongly = struck == Some(What::WrongSignature);
        let signed: &[u8] = if wrongly { b"{}" } else { &bytes };
        let key = &signer.caller.keys.alipay_private_key;
        sign::sign(key, signer.sign_type, signed).ok()
    });
    let cert_sn = signer.and_then(|signer| {
        let certs = signer.caller.keys.certs.as_ref();
        let named = signer.by_cert && struck != Some(What::CertSnMissing);
        certs.filter(|_| named)?.alipay_sn()
    });
    let whole = match &signature {
        // Neither base64 nor a serial number needs an escape.
        Some(signature) if is_reordered => {
            let sn = cert_sn.map(|sn| format!(",\"alipay_cert_sn\":\"{sn}\""));
            let sn = sn.unwrap_or_default();
            format!("{{\"sign\":\"{signature}\"{sn},\"{node_name}\":{text}}}")
        }
        _ => response::write_envelope(node_name, &text, cert_sn, signature.as_deref()),
    };
    charset
        .encode(&whole)
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}

/// An encrypted node is a text in quotes, and the signature covers these, too. Base64 stands in it
/// as it is: who decrypts takes it from between the quotes.
fn encrypted(text: &str, signer: &Signer, charset: Charset) -> String {
    let key = signer.caller.keys.content_key.as_ref();
    let bytes = charset.encode(text).unwrap_or_default();
    match key.and_then(|key| key.encrypt(&bytes).ok()) {
        Some(secret) => format!("\"{secret}\""),
        None => text.to_owned(),
    }
}

//! The bytes of a JSON answer: the node in Alipay's one form, signed over exactly these bytes.

use super::errors::Fault;
use crate::context::Caller;
use crate::notices::form::fitting;
use alipay::sign::{self, SignType};
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

/// Whose answer it is.
pub(super) struct Signer<'a> {
    pub(super) caller: &'a Caller,
    /// The fault dial wants a signature that does not hold.
    pub(super) wrongly: bool,
}

/// The whole answer. Without a caller that is known it has no signature.
pub(super) fn write(
    node_name: &str,
    node: &Value,
    signer: Option<Signer<'_>>,
    charset: Charset,
) -> Vec<u8> {
    let text = fitting(&response::write_node(node), charset);
    let bytes = charset.encode(&text).unwrap_or_default();
    let signature = signer.and_then(|signer| {
        let signed: &[u8] = if signer.wrongly { b"{}" } else { &bytes };
        let key = &signer.caller.keys.alipay_private_key;
        sign::sign(key, SignType::Rsa2, signed).ok()
    });
    let whole = response::write_envelope(node_name, &text, None, signature.as_deref());
    charset
        .encode(&whole)
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}

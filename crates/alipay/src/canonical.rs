//! For whoever plays the gateway: verifying requests as it does, signing as it does, and saying
//! what it verified.

use crate::{
    Charset, Params,
    keys::{PrivateKey, PublicKey},
    sign::{self, SignError, SignType, SignatureError},
};

/// How a client treats empty parameters when it signs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Empties {
    /// Left out of the signed text, as the documents and most SDKs have it.
    Dropped,
    /// Kept as `name=`, as the official Python and Node SDKs do.
    Kept,
}

/// Verifies a request over its merged parameters, first with empties dropped, then kept.
///
/// # Errors
/// Says what is wrong with the signature.
pub fn verify_request(
    params: &Params,
    app_public_key: &PublicKey,
    sign_type: SignType,
    charset: Charset,
) -> Result<Empties, SignatureError> {
    let signature = params.non_empty("sign").ok_or(SignatureError::Missing)?;
    let holds = |text: &str| {
        let bytes = charset.encode(text).map_err(|_| SignatureError::Mismatch)?;
        sign::verify(app_public_key, sign_type, &bytes, signature)
    };
    let dropped = sign::request_text(params);
    match holds(&dropped) {
        Err(SignatureError::Mismatch) => {}
        other => return other.map(|()| Empties::Dropped),
    }
    let kept = sign::request_text_keeping_empties(params);
    if kept == dropped {
        return Err(SignatureError::Mismatch);
    }
    holds(&kept).map(|()| Empties::Kept)
}

/// The text as the gateway echoes it in `isv.invalid-signature`: `&` written as `&amp;`.
#[must_use]
pub fn echo(signed_text: &str) -> String {
    signed_text.replace('&', "&amp;")
}

/// What the gateway says beside `isv.invalid-signature`, with the text that it verified.
#[must_use]
pub fn invalid_signature_message(params: &Params) -> String {
    format!(
        "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：{}",
        echo(&sign::request_text(params))
    )
}

/// Adds `sign` to the fields of a notice or return, which carry `sign_type` and `charset` already.
///
/// # Errors
/// When the key cannot sign, or a text does not exist in the charset.
pub fn sign_notice(
    params: &mut Params,
    alipay_private_key: &PrivateKey,
    charset: Charset,
) -> Result<(), SignError> {
    let sign_type = params.get("sign_type").and_then(SignType::parse);
    let text = sign::notice_text(params);
    let bytes = charset.encode(&text).map_err(|_| SignError::Failed)?;
    let signature = sign::sign(alipay_private_key, sign_type.unwrap_or_default(), &bytes)?;
    params.set("sign", &signature);
    Ok(())
}

/// The signature of a node's text.
///
/// # Errors
/// When the key cannot sign, or the text does not exist in the charset.
pub fn sign_node(
    node: &str,
    alipay_private_key: &PrivateKey,
    sign_type: SignType,
    charset: Charset,
) -> Result<String, SignError> {
    let bytes = charset.encode(node).map_err(|_| SignError::Failed)?;
    sign::sign(alipay_private_key, sign_type, &bytes)
}

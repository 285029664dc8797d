//! What arrived, not believed yet.

use super::{NoticeError, Rule, Verified};
use crate::{
    Charset, Params, form,
    keys::PublicKey,
    sign::{self, SignType, SignatureError},
};

/// The largest notice that is read. Real ones have one to four kilobytes; a web server should
/// refuse larger bodies before they get here.
pub const MAX_NOTICE_BYTES: usize = 64 * 1024;

/// A notice as it arrived. Nothing in it can be read as a fact yet.
#[derive(Clone, Debug)]
pub struct Unverified {
    params: Params,
    charset: Charset,
    raw: Vec<u8>,
}

impl Unverified {
    /// Reads the body of a notice, and nothing but the body: parameters that stand in
    /// `notify_url`'s own query are not signed and must not be mixed in.
    ///
    /// Alipay's content type is malformed (`application/x-www-form-urlencoded; text/html;
    /// charset=UTF-8`) and accepted as it is. The charset is the one that the notice's own
    /// `charset` field names.
    ///
    /// # Errors
    /// When it is too large, no form, or in no known charset.
    pub fn from_form(body: &[u8], content_type: Option<&str>) -> Result<Self, NoticeError> {
        if body.len() > MAX_NOTICE_BYTES {
            return Err(NoticeError::TooLarge);
        }
        if content_type.is_some_and(|content_type| !is_form(content_type)) {
            return Err(NoticeError::NotAForm);
        }
        let charset = charset_of(body, content_type)?;
        let params = form::decode(body, charset)?;
        // What the raw bytes say about the charset must be what the decoded ones say.
        let said = params.get("charset").map(Charset::parse);
        if said.is_some_and(|said| said != Some(charset)) {
            return Err(NoticeError::Charset);
        }
        Ok(Self {
            params,
            charset,
            raw: body.to_vec(),
        })
    }

    /// Verifies it with Alipay's public key as RSA2.
    ///
    /// The rule of trade notices (without `sign_type`) is tried first, then the one of Alipay's
    /// other services (with it); [`Verified::rule`] says which held.
    ///
    /// # Errors
    /// When `sign_type` is not RSA2 or the signature does not hold.
    pub fn verify(self, alipay_public_key: &PublicKey) -> Result<Verified, NoticeError> {
        self.verify_as(alipay_public_key, SignType::Rsa2)
    }

    /// The same for an application with another sign type. The notice has to carry exactly this
    /// one: `sign_type` itself is not signed, so believing it would let anybody choose SHA-1.
    ///
    /// # Errors
    /// When `sign_type` is another one or the signature does not hold.
    pub fn verify_as(
        self,
        alipay_public_key: &PublicKey,
        sign_type: SignType,
    ) -> Result<Verified, NoticeError> {
        let rule = verify(&self.params, self.charset, alipay_public_key, sign_type)?;
        Ok(Verified::new(self.params, self.raw, rule))
    }

    /// The `app_id` that it claims, to choose the key by. Not a fact.
    #[must_use]
    pub fn claimed_app_id(&self) -> Option<&str> {
        self.params.non_empty("app_id")
    }

    /// The serial number of the Alipay certificate that it claims to be signed with, in certificate
    /// mode. Not every notice names one. Not a fact.
    #[must_use]
    pub fn claimed_alipay_cert_sn(&self) -> Option<&str> {
        self.params.non_empty("alipay_cert_sn")
    }

    /// The `out_trade_no` that it claims, to choose the application by. Not a fact.
    #[must_use]
    pub fn claimed_out_trade_no(&self) -> Option<&str> {
        self.params.non_empty("out_trade_no")
    }
}

/// Verifies by either rule and says which held.
pub(crate) fn verify(
    params: &Params,
    charset: Charset,
    key: &PublicKey,
    sign_type: SignType,
) -> Result<Rule, NoticeError> {
    if params.get("sign_type").and_then(SignType::parse) != Some(sign_type) {
        return Err(NoticeError::SignType);
    }
    let signature = params.non_empty("sign").ok_or(SignatureError::Missing)?;
    let holds = |text: String| {
        let bytes = charset
            .encode(&text)
            .map_err(|_| SignatureError::Mismatch)?;
        sign::verify(key, sign_type, &bytes, signature)
    };
    match holds(sign::notice_text(params)) {
        Ok(()) => Ok(Rule::WithoutSignType),
        Err(SignatureError::Mismatch) => {
            holds(sign::notice_text_v2(params))?;
            Ok(Rule::WithSignType)
        }
        Err(other) => Err(other.into()),
    }
}

/// A prefix test on purpose: strict parsers refuse what Alipay sends.
fn is_form(content_type: &str) -> bool {
    const FORM: &str = "application/x-www-form-urlencoded";
    content_type
        .get(..FORM.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(FORM))
}

/// The charset by the notice's own field, else by its content type, else UTF-8.
fn charset_of(body: &[u8], content_type: Option<&str>) -> Result<Charset, NoticeError> {
    const NAME: &[u8] = b"charset=";
    let field = body
        .split(|&byte| byte == b'&')
        .find_map(|piece| piece.strip_prefix(NAME));
    let header = || {
        let (_, tail) = content_type?.split_once("charset=")?;
        tail.split([';', ' ']).next()
    };
    let label = match field {
        Some(label) => std::str::from_utf8(label).ok(),
        None => header(),
    };
    match label {
        Some(label) => Charset::parse(label).ok_or(NoticeError::Charset),
        None if field.is_some() => Err(NoticeError::Charset),
        None => Ok(Charset::Utf8),
    }
}

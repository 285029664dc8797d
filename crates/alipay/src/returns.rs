//! Returns: the buyer's browser coming back to `return_url` with signed parameters.
//!
//! A return proves that Alipay's cashier has finished with the order, not that it was paid: it has
//! carried no `trade_status` since about 2018. So [`Verified::check`] ends in a [`Hint`], on which
//! to ask (`alipay.trade.query`), never in anything that can be acknowledged.

use crate::{
    AlipayTime, Charset, Params, form,
    keys::PublicKey,
    notice::{Expectation, MAX_NOTICE_BYTES, Mismatch, NoticeError, receive_verify},
    sign::{SignType, SignatureError},
};
use money::Fen;

/// A return as it arrived.
#[derive(Clone, Debug)]
pub struct Unverified {
    params: Params,
    charset: Charset,
}

impl Unverified {
    /// Reads the query of the address that the browser came to, without its `?`.
    ///
    /// # Errors
    /// When it is too large, not well formed, or in no known charset.
    pub fn from_query(query: &str) -> Result<Self, NoticeError> {
        if query.len() > MAX_NOTICE_BYTES {
            return Err(NoticeError::TooLarge);
        }
        let query = query.strip_prefix('?').unwrap_or(query).as_bytes();
        let label = query
            .split(|&byte| byte == b'&')
            .find_map(|piece| piece.strip_prefix(b"charset="));
        let charset = match label {
            Some(label) => std::str::from_utf8(label).ok().and_then(Charset::parse),
            None => Some(Charset::Utf8),
        };
        let charset = charset.ok_or(NoticeError::Charset)?;
        Ok(Self {
            params: form::decode(query, charset)?,
            charset,
        })
    }

    /// Verifies it with Alipay's public key as RSA2.
    ///
    /// Parameters that the merchant's own `return_url` carries are not signed. When the signature
    /// does not hold over everything, it is tried over the parameters that Alipay's returns have;
    /// the others are dropped then.
    ///
    /// # Errors
    /// When `sign_type` is not RSA2 or the signature does not hold.
    pub fn verify(self, alipay_public_key: &PublicKey) -> Result<Verified, NoticeError> {
        self.verify_as(alipay_public_key, SignType::Rsa2)
    }

    /// The same for an application with another sign type.
    ///
    /// # Errors
    /// When `sign_type` is another one or the signature does not hold.
    pub fn verify_as(
        self,
        alipay_public_key: &PublicKey,
        sign_type: SignType,
    ) -> Result<Verified, NoticeError> {
        let verify =
            |params: &Params| receive_verify(params, self.charset, alipay_public_key, sign_type);
        match verify(&self.params) {
            Ok(_) => Ok(Verified {
                params: self.params,
            }),
            Err(NoticeError::Signature(SignatureError::Mismatch)) => {
                let signed = self
                    .params
                    .iter()
                    .filter(|(name, _)| SIGNED.contains(name))
                    .collect::<Params>();
                if signed.len() == self.params.len() {
                    return Err(SignatureError::Mismatch.into());
                }
                verify(&signed)?;
                Ok(Verified { params: signed })
            }
            Err(error) => Err(error),
        }
    }

    /// The `app_id` that it claims, to choose the key by. Not a fact.
    #[must_use]
    pub fn claimed_app_id(&self) -> Option<&str> {
        self.params.non_empty("app_id")
    }

    /// The `out_trade_no` that it claims, to choose the application by. Not a fact.
    #[must_use]
    pub fn claimed_out_trade_no(&self) -> Option<&str> {
        self.params.non_empty("out_trade_no")
    }
}

/// A return that Alipay signed.
#[derive(Clone, Debug)]
pub struct Verified {
    params: Params,
}

impl Verified {
    /// Compares it with what is expected.
    ///
    /// # Errors
    /// With everything that differs. A field that is not there differs.
    pub fn check(&self, expectation: &Expectation<'_>) -> Result<Hint<'_>, Mismatch> {
        let differences = expectation.differences(&self.params);
        if differences.is_empty() {
            Ok(Hint { return_: self })
        } else {
            Err(Mismatch { differences })
        }
    }

    /// Alipay's number of the trade.
    #[must_use]
    pub fn trade_no(&self) -> Option<&str> {
        self.params.non_empty("trade_no")
    }

    /// The merchant's number of the order.
    #[must_use]
    pub fn out_trade_no(&self) -> Option<&str> {
        self.params.non_empty("out_trade_no")
    }

    /// What the order is over.
    #[must_use]
    pub fn total_amount(&self) -> Option<Fen> {
        Fen::parse_yuan(self.params.get("total_amount")?).ok()
    }

    /// When the browser was sent back.
    #[must_use]
    pub fn timestamp(&self) -> Option<AlipayTime> {
        AlipayTime::parse(self.params.get("timestamp")?).ok()
    }

    /// Every parameter that was signed, and `sign` and `sign_type`.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.params
    }
}

/// A genuine return of the expected order: a reason to ask Alipay now, and nothing more.
#[derive(Clone, Copy, Debug)]
pub struct Hint<'a> {
    return_: &'a Verified,
}

impl<'a> Hint<'a> {
    /// What to ask.
    #[must_use]
    pub fn query(self) -> crate::requests::Query {
        let out_trade_no = self.return_.out_trade_no();
        crate::requests::Query::by_out_trade_no(out_trade_no.unwrap_or_default())
    }

    /// The return itself.
    #[must_use]
    pub const fn verified(self) -> &'a Verified {
        self.return_
    }
}

/// The parameters that Alipay's returns carry, from genuine ones.
const SIGNED: [&str; 12] = [
    "app_id",
    "auth_app_id",
    "charset",
    "method",
    "out_trade_no",
    "seller_id",
    "sign",
    "sign_type",
    "timestamp",
    "total_amount",
    "trade_no",
    "version",
];

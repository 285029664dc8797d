//! Why a message is not believed.

use crate::{form::FormError, sign::SignatureError};

/// Why a notice or return is not believed. None of them repeats what was received.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoticeError {
    /// More bytes than any notice has.
    #[error("the notice has more than {} bytes", super::MAX_NOTICE_BYTES)]
    TooLarge,
    /// The content type is not a form's.
    #[error("the content type is not application/x-www-form-urlencoded")]
    NotAForm,
    /// The form is not well formed.
    #[error(transparent)]
    Form(#[from] FormError),
    /// `charset` names neither UTF-8 nor GBK.
    #[error("`charset` is neither utf-8 nor gbk")]
    Charset,
    /// `sign_type` is missing, unknown, or not the application's.
    #[error("`sign_type` is not the expected one")]
    SignType,
    /// The signature is missing or does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

//! Users who log in: their tokens and what they let be known. These methods have no `biz_content`.

use super::check::{Method, RequestError, required};
use crate::Secret;

/// `alipay.system.oauth.token`: a user's token for the code that came back with them, or for the
/// token that came with an earlier one. A code works once.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum OauthToken {
    /// For the `auth_code` that the user came back with.
    Code(Secret),
    /// For the `refresh_token` of an earlier answer.
    Refresh(Secret),
}

impl OauthToken {
    /// For the `auth_code` that the user came back with.
    #[must_use]
    pub fn by_code(auth_code: &str) -> Self {
        Self::Code(Secret::new(auth_code))
    }

    /// For the `refresh_token` of an earlier answer.
    #[must_use]
    pub fn by_refresh_token(refresh_token: &str) -> Self {
        Self::Refresh(Secret::new(refresh_token))
    }
}

impl Method for OauthToken {
    const METHOD: &'static str = "alipay.system.oauth.token";

    fn biz_content(&self) -> Result<String, RequestError> {
        match self {
            Self::Code(code) => required("code", code.expose(), MAX_TOKEN)?,
            Self::Refresh(token) => required("refresh_token", token.expose(), MAX_TOKEN)?,
        }
        Ok(String::new())
    }

    fn params(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Code(code) => vec![
                ("grant_type", "authorization_code"),
                ("code", code.expose()),
            ],
            Self::Refresh(token) => vec![
                ("grant_type", "refresh_token"),
                ("refresh_token", token.expose()),
            ],
        }
    }
}

/// `alipay.user.info.share`: what a user lets be known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserInfo {
    /// The user's `access_token`.
    pub auth_token: Secret,
}

impl UserInfo {
    /// Of the user of that `access_token`.
    #[must_use]
    pub fn new(access_token: &str) -> Self {
        Self {
            auth_token: Secret::new(access_token),
        }
    }
}

impl Method for UserInfo {
    const METHOD: &'static str = "alipay.user.info.share";

    fn biz_content(&self) -> Result<String, RequestError> {
        required("auth_token", self.auth_token.expose(), MAX_TOKEN)?;
        Ok(String::new())
    }

    fn params(&self) -> Vec<(&'static str, &str)> {
        vec![("auth_token", self.auth_token.expose())]
    }
}

/// Tokens are documented with 40 characters; newer ones are longer.
const MAX_TOKEN: usize = 256;

//! Calls for others: a merchant's authorisation of a service provider, and Alipay's certificates.

use super::{check::RequestError, shape::request};
use crate::Secret;

request! {
    /// `alipay.open.auth.token.app`: a merchant's token for the code that came back with them (good
    /// for 24 hours, once), or for the token that came with an earlier one.
    AppToken: "alipay.open.auth.token.app" {
        /// `authorization_code` or `refresh_token`.
        grant_type: String [20],
        /// The `app_auth_code`.
        code: Option<Secret> [128],
        /// The `app_refresh_token` of an earlier answer.
        refresh_token: Option<Secret> [128],
    }
    also(request) {
        if request.code.is_none() == request.refresh_token.is_none() {
            return Err(RequestError::OneOf("`code` and `refresh_token`"));
        }
    }
}

impl AppToken {
    /// For the `app_auth_code` that the merchant came back with.
    #[must_use]
    pub fn by_code(app_auth_code: &str) -> Self {
        Self {
            grant_type: "authorization_code".to_owned(),
            code: Some(Secret::new(app_auth_code)),
            ..Self::default()
        }
    }

    /// For the `app_refresh_token` of an earlier answer.
    #[must_use]
    pub fn by_refresh_token(app_refresh_token: &str) -> Self {
        Self {
            grant_type: "refresh_token".to_owned(),
            refresh_token: Some(Secret::new(app_refresh_token)),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.open.auth.token.app.query`: what a merchant's token is good for.
    AppTokenQuery: "alipay.open.auth.token.app.query" {
        /// The merchant's token.
        app_auth_token: Secret [128],
    }
}

impl AppTokenQuery {
    /// Of that token.
    #[must_use]
    pub fn new(app_auth_token: &str) -> Self {
        Self {
            app_auth_token: Secret::new(app_auth_token),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.open.app.alipaycert.download`: the certificate by which Alipay signs from now on,
    /// when an answer names an unknown `alipay_cert_sn`. Believe it only when its chain leads to
    /// Alipay's root.
    CertDownload: "alipay.open.app.alipaycert.download" {
        /// The serial number that the answer named.
        alipay_cert_sn: String [64],
    }
}

impl CertDownload {
    /// The certificate of that serial number.
    #[must_use]
    pub fn new(alipay_cert_sn: &str) -> Self {
        Self {
            alipay_cert_sn: alipay_cert_sn.to_owned(),
            ..Self::default()
        }
    }
}

//! Who calls: a merchant, by its API key.

use crate::context::Merchant;
use crate::registry::MerchantEntry;
use axum::extract::FromRequestParts;
use http::request::Parts;
use service::problem::Problem;
use std::sync::Arc;

/// SHA-256 of an API key in hex, as [`MerchantSpec`](crate::MerchantSpec) wants it.
#[must_use]
pub fn hash_api_key(key: &str) -> String {
    service::api_key::hash_hex(key)
}

/// The merchant that calls. A handler that has it has been authorised; it sees this merchant's
/// rows and no other's.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Arc<MerchantEntry>);

impl Caller {
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }
}

impl FromRequestParts<Merchant> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        merchant: &Merchant,
    ) -> Result<Self, Self::Rejection> {
        let key = service::api_key::bearer(&parts.headers);
        let found = key.and_then(|key| merchant.registry().by_api_key(key));
        found.cloned().map(Self).ok_or_else(|| {
            Problem::unauthorized("Send `Authorization: Bearer <api key>` with a key of yours.")
                .header(
                    http::header::WWW_AUTHENTICATE,
                    http::HeaderValue::from_static("Bearer"),
                )
        })
    }
}

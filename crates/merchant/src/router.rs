//! Every route of the service, one line each.

use crate::context::Merchant;

/// Everything that is served.
pub(crate) fn router(_merchant: &Merchant) -> axum::Router {
    axum::Router::new()
}

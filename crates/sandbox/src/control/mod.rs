//! The control API: what a tester may do that Alipay does not let anybody do.

use crate::context::Context;
use axum::Router;

pub(crate) fn router() -> Router<Context> {
    Router::new()
}

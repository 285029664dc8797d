//! `/v1/orders/{id}/refunds`.

pub(super) mod create;
pub(super) mod list;

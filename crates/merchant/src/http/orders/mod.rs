//! `/v1/orders`.

pub(super) mod attempts;
pub(super) mod close;
pub(super) mod create;
pub(super) mod explain;
pub(super) mod get;
pub(super) mod list;
pub(super) mod timeline;

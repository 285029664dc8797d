//! The back office: orders with their details and refunds, and the catalogue. For staff only.

pub(super) mod courses;
mod door;
pub(super) mod orders;

pub(super) use door::home;

//! The third version of the protocol: REST on the same methods and the same state.

mod answer;
mod authenticate;
mod fields;
mod header;
mod nonces;
mod serve;
mod status;

pub(crate) use header::app_in_header;
pub(crate) use nonces::Nonces;
pub(crate) use serve::serve;

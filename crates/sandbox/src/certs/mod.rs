//! The sandbox as its own certificate authority.

mod authority;
mod leaf;

pub use authority::make_authority;
pub use leaf::{Validity, issue};

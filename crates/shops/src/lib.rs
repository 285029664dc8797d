//! The shops that the tutorials describe, on the merchant service.
//!
//! Each shop is a site of its own: its catalogue, users, orders and pages, and an Alipay
//! application. None sees another's. Money is the merchant service's affair; a shop hears what
//! became of it and fulfils.

pub mod courses;

/// Every statement of every shop, for the test that prepares each on both engines.
pub fn statements() -> Vec<&'static store::Statement> {
    courses::statements()
}

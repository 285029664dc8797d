//! Orders of the API.

mod answer;
pub(super) mod cancel;
pub(super) mod list;
pub(super) mod notice;
mod number;
pub(super) mod pay;
pub(super) mod pay_again;
pub(super) mod success;

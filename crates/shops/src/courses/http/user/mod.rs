//! Users of the API.

pub(super) mod login;
pub(super) mod register;

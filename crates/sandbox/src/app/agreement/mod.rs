//! Agreements: asked for, signed, changed, used, ended.

pub mod ask_agreement;
pub mod deduct;
pub mod end_agreement;
pub mod find_agreement;
pub mod modify_plan;
pub mod sign_agreement;
pub mod transfer_agreement;
pub mod way_back;

pub(in crate::app) mod sign_with_payment;

mod tell_agreement;

//! Agreements, `alipay.user.agreement.…`.

mod table;
mod terms;
mod wanted;
mod words;

mod modify;
mod page_sign;
mod query;
mod transfer;
mod unsign;

pub(super) use table::METHODS;
pub(in crate::gateway) use terms::{EFFECT_S, Unsaid, terms, whole};

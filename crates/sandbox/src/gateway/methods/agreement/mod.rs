//! Agreements, `alipay.user.agreement.…`.

mod table;
mod terms;
mod wanted;
mod words;

mod modify;
mod page_sign;
mod query;
mod unsign;

pub(super) use table::METHODS;

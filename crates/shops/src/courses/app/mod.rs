//! What can be done in the courses shop: one use case per file, each owning its transactions.

pub(in crate::courses) mod accounts;
pub(in crate::courses) mod cancel_order;
pub(in crate::courses) mod cart;
pub(in crate::courses) mod catalogue;
pub(in crate::courses) mod forget_sessions;
pub(in crate::courses) mod fulfil;
pub(in crate::courses) mod jobs;
pub(in crate::courses) mod library;
pub(in crate::courses) mod order_list;
pub(in crate::courses) mod order_result;
pub(in crate::courses) mod pay_again;
pub(in crate::courses) mod place_order;
pub(in crate::courses) mod recent;
pub(in crate::courses) mod refund_order;
pub(in crate::courses) mod sales;
pub(in crate::courses) mod standing;
pub(in crate::courses) mod till;
pub(in crate::courses) mod tokens;
pub(in crate::courses) mod unplaced;

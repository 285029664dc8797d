//! The use cases: each is one function that owns its transaction. No network inside of one.

pub mod fresh;
pub(crate) mod once;
pub mod tell;
pub mod touch;

pub mod app_auth;
pub mod certificates;
pub mod change_app;
pub mod register_app;

pub mod accounts;
pub mod login;
pub mod wallet;

pub mod ask_trade;
pub mod charge;
pub mod meet_trade;
pub mod open_trade;
pub mod pay_by_code;
pub mod pay_trade;
pub mod payment_code;
pub mod precreate;
pub mod refuse_trade;
pub mod return_address;
pub mod take_money;
pub mod visit_trade;

pub mod cancel_trade;
pub mod close_trade;
pub mod end_trade;
pub mod find_trade;
pub mod refund_trade;

pub mod royalty;

pub mod late_call;
pub(crate) mod move_clock;
pub mod send_notice;

pub mod account_log;
pub mod agreement;
pub mod bill;
pub mod funds;
pub mod oauth;
pub mod people;
pub mod preauth;
pub mod tell_app;

pub mod books;
pub mod fill;
pub mod origin;
pub mod reset;
pub mod snapshots;

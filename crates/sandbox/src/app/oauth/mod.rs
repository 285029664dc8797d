//! Logins with Alipay: the question, its answer, the token, and what it opens.

pub mod answer_login;
pub mod ask_login;
pub mod exchange;
pub mod permits;
pub mod who_is;

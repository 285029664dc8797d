//! Helpers for tests: signed notices and answers, a transport that says what it was told to say,
//! a whole gateway to call, and time that passes when somebody waits.

mod gateway;
mod script;

pub use gateway::{TestGateway, TestTimer};
pub use script::{
    NOTICE_CONTENT_TYPE, ScriptedTransport, answer, paid_notice, signed_answer, signed_answer_as,
    signed_notice, signed_notice_as, signed_v3_answer,
};

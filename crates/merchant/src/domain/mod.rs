//! What the service knows about money that is to be paid: values and decisions, no effects.

mod attempt;
mod compare;
mod facts;
mod ids;
mod numbers;
mod observe;
mod order;
mod refund;
mod schedule;
mod table;
mod test_bugs;
mod text_enum;

pub use attempt::{Attempt, AttemptState, Channel, Product};
pub use compare::{Expected, Mismatch, Told, compare};
pub use facts::{Cause, Facts};
pub use ids::{AttemptId, CaseId, OrderId, RefundId};
pub use numbers::{
    DEFAULT_EXPIRES_IN_S, InvalidNumber, MAX_EXPIRES_IN_S, MIN_EXPIRES_IN_S, attempt_number,
    check_expiry, check_number, check_subject,
};
pub use observe::{Decision, Observation, observe};
pub use order::{CaseKind, Order, OrderState};
pub use refund::{Refund, RefundAnswer, RefundOrigin, RefundRefusal, RefundState, settle};
pub use schedule::{EXPIRY_GRACE_MS, links_are_dead, next_attempt_check, next_refund_check};
pub use table::observe_table;
pub use test_bugs::TestBugs;

pub use text_enum::UnknownWord;
pub(crate) use text_enum::text_enum;

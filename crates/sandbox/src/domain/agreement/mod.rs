//! Agreements by which money is taken again and again: what they say, how their plan goes on, and
//! what may become of them.

mod agreed;
mod plan;
mod refusal;
mod signing;
mod terms;

pub use agreed::{AgreedBy, Agreement, AgreementState, Signer};
pub use plan::{EARLY_DAYS, PeriodRule, PeriodType, Plan};
pub use refusal::AgreementRefusal;
pub use signing::{NotSigned, Numbers, Signing};
pub use terms::{ASK_MS, AgreementProduct, Terms, Validity, is_default_scene};

//! The methods of the gateway: each reads its fields, calls one use case, writes its node.

mod call;
mod shown_code;
mod table;
mod words;

mod open;
mod royalty;
mod trade;

mod agreement;
mod bill;
mod fund;
mod oauth;
mod preauth;

pub(super) use agreement::{EFFECT_S, Unsaid, terms, whole};
pub(super) use call::Call;
pub(super) use table::{Answered, Fields, Led, Method, Run};
pub use table::{Landing, MethodLine, Verb, method_lines};
pub(super) use words::in_family;

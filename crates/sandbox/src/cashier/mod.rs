//! The pages on which a person pays: Alipay's cashier on a desktop, its wallet on a phone.
//!
//! No page needs JavaScript; the one script only notices by itself that the phone has paid.

mod amount;
mod counter;
mod end;
mod router;
mod scan;
mod seller;
mod trouble;
mod visit;
mod watch;

mod cancel;
mod card;
mod choose;
mod done;
mod login;
mod pay;

pub(crate) use amount::grouped;
pub(crate) use counter::{Asked, Buyer, Counter};
pub(crate) use end::End;
pub(crate) use login::{LeaveFields, LoginFields, LoginForm, locked, opened};
pub(crate) use pay::denied_text;
pub(crate) use router::router;
pub(crate) use seller::name as seller_name;
pub(crate) use trouble::as_page;

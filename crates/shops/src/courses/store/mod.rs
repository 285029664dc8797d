//! Rows of the courses shop: one file per thing, its statements beside its functions.

pub(in crate::courses) mod cart;
pub(in crate::courses) mod courses;
pub(in crate::courses) mod enrollments;
pub(in crate::courses) mod events;
pub(in crate::courses) mod lessons;
pub(in crate::courses) mod order_list;
pub(in crate::courses) mod orders;
pub(in crate::courses) mod refunds;
mod statements;
pub(in crate::courses) mod users;

pub use statements::all as statements;

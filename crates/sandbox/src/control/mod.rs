//! The control API: what a tester may do that Alipay does not let anybody do.
#![expect(unused_qualifications, reason = "utoipa's macros write them")]

mod accounts;
mod agreements;
mod app_views;
mod apps;
mod books;
mod cards;
mod certificates;
mod clock;
mod codes;
mod consents;
mod exams;
mod faults;
mod grants;
mod guard;
mod notices;
mod page;
mod people;
mod requests;
mod reset;
mod router;
mod snapshots;
mod trades;
mod views;
mod worlds;

pub(crate) use guard::may_look;
pub(crate) use page::cut;
pub(crate) use router::router;

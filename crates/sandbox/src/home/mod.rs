//! The sandbox for whoever builds against it: addresses, applications, accounts, trades with every
//! notice, the books. It only shows; the control API changes.

mod accounts;
mod books;
mod desk;
mod overview;
mod router;
mod trade;
mod trades;
mod words;

pub(crate) use router::router;

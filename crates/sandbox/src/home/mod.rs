//! The sandbox for whoever builds against it: addresses, applications with their keys, trades with
//! every notice and every call, the clock, the fault dial, whole worlds, the books.

mod console;
mod notice_line;

mod accounts;
mod app;
mod apps;
mod books;
mod consents;
mod desk;
mod lab;
mod notices;
mod overview;
mod play;
mod requests;
mod router;
mod trade;
mod trades;
mod words;

pub(crate) use router::router;

//! The shop's own pages: they work without scripts, in Chinese and English, on a phone and a desk.

mod account;
mod assets;
mod buy;
mod cards;
mod cart;
mod catalogue;
mod checkout;
mod course;
mod form;
mod instead;
mod library;
mod message;
mod named;
mod orders;
mod result;
mod router;
mod staff;
mod visitor;

pub(in crate::courses) use message::missing;
pub(in crate::courses) use router::router;
pub(in crate::courses) use visitor::SITE;

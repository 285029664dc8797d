//! The courses shop: a school that sells courses, with the API that two tutorials' front ends
//! expect and pages of its own.

pub(crate) mod app;
mod context;
pub mod domain;
mod http;
mod pages;
mod schema;
mod seed;
mod shop;
pub(crate) mod store;

pub use self::store::statements;
pub use schema::steps;
pub use shop::{Shop, ShopError, ShopParts};

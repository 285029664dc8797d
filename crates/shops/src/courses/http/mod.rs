//! The shop's API: what the front ends of two tutorials call, one file per endpoint.

mod auth;
mod cors;
mod course;
mod device;
mod error;
mod fields;
mod given;
mod order;
mod paging;
mod router;
mod user;

pub(in crate::courses) use device::device_of;
pub(in crate::courses) use router::router;

//! What people paste: requests, links, notices, returns and answers, in whatever form they have.

mod json_object;
mod read;

pub(crate) use json_object::Members;
pub(crate) use read::{is_json, parameters};

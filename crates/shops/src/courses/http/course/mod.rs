//! The catalogue as JSON. `free` is the tutorial's name: priced courses are in it too.

pub(super) mod detail;
pub(super) mod list;
pub(super) mod search;
mod view;

//! The guides: what they tell people to write is run as it stands there.

mod blocks;
mod shell;
mod step;

pub(crate) use step::run;

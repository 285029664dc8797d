//! Other people's SDKs, unmodified and pinned with their hashes, against ours and our sandbox.

mod checked;
mod coverage;
mod install;
mod sandbox;
mod signatures;
mod speed;
mod step;

pub(crate) use checked::checked;
pub(crate) use coverage::page as coverage;
pub(crate) use install::{install_node_packages, install_python_sdk};
pub(crate) use sandbox::RunningSandbox;
pub(crate) use signatures::run as signatures;
pub(crate) use speed::install_for_speed;
pub(crate) use step::run;

//! `tongbao demo`: merchant service, shops and an offline Alipay in one process.

mod folder;
mod ports;
mod run;
mod start_page;
mod table;

pub(crate) use folder::Folder;
pub(crate) use ports::public_host;
pub(crate) use run::run;

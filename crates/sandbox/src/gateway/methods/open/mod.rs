//! The methods of the open platform itself, `alipay.open.…`.

mod table;

mod cert_download;
mod token_app;
mod token_query;

pub(super) use table::METHODS;

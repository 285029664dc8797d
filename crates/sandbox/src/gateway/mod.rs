//! The wire: `/gateway.do`, from raw parameters to the bytes of an answer.

mod errors;
mod explain;

mod authenticate;
mod keys;
mod multipart;
mod params;

mod biz;
mod methods;
mod offer;

mod answer;
mod bill_file;
mod page;
mod serve;

pub use errors::{SubCode, sub_codes};
pub use keys::{CallerCerts, CallerKeys};
pub use methods::{Landing, MethodLine, Verb, method_lines};
pub use serve::{Opened, link_number, open_link};

pub(crate) use bill_file::download;
pub(crate) use serve::{get, post};

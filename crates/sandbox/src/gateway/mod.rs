//! The wire: `/gateway.do`, from raw parameters to the bytes of an answer.

mod errors;
mod explain;

mod acting;
mod authenticate;
mod doctor;
mod encryption;
mod identity;
mod keys;
mod multipart;
mod params;

mod biz;
mod documents;
mod methods;
mod object;
mod offer;
mod signing;

mod answer;
mod bill_file;
mod links;
mod page;
mod perform;
mod serve;
mod struck;
mod write;

mod v3;

pub use errors::{SubCode, sub_codes};
pub use keys::{CallerCerts, CallerKeys};
pub use links::{Opened, link_for_wallet, link_number, open_link};
pub use methods::{Landing, MethodLine, Verb, method_lines};

pub(crate) use bill_file::download;
pub(crate) use perform::do_late;
pub(crate) use serve::{MOST_BYTES as MOST_CALL_BYTES, app_in_call, get, post};
pub(crate) use v3::{Nonces, app_in_header, serve as serve_v3};

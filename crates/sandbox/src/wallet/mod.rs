//! The buyer's wallet on a phone: the balance, the bills, and a code to open.

mod barcode;
mod overview;
mod payment_code;
mod router;
mod scan;

pub(crate) use router::router;

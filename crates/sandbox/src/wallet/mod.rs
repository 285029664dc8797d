//! The buyer's wallet on a phone: the balance, the bills, cards, transfers, and a code to open.

mod agreements;
mod frame;
mod router;
pub(crate) mod words;

mod barcode;
mod overview;
mod payment_code;
mod scan;

mod cards;
mod money;

mod claim;
mod give;

mod inbox;
mod permits;
mod settings;

pub(crate) use router::router;

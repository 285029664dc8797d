//! One file for each thing that the command does.

mod barcode;
mod bill;
mod call;
mod cancel;
mod close;
mod doctor;
mod exam;
mod explain;
pub(crate) mod keys;
mod pay;
mod qr;
mod query;
mod refund;
mod refund_query;
mod run;
mod sandbox;
mod seed_data;
mod serve;
mod served_app;
mod sheet;
mod sign;
mod transfer;
mod verify;

pub(crate) use run::run;

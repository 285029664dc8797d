//! One file for each thing that the command does.

mod doctor;
mod explain;
mod keys;
mod run;
mod sandbox;
mod serve;
mod sign;
mod verify;

pub(crate) use run::run;

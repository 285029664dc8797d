//! The rules of the house that a program can check, each in a file of its own.

mod files;
mod floors;
mod keys;
mod manifests;
mod promises;
mod report;
mod words;

pub(crate) use report::run;

//! What the SDK's documents show, run against a sandbox as it stands there.
//!
//! A piece of a document stands between `at.shows("its document", n)` and `at.ran()` in this folder.
//! `at.real("…")` is put where the document has a text that only a reader has: a key's file, the
//! gateway's address.
#![expect(
    clippy::items_after_statements,
    clippy::print_stdout,
    reason = "documents name what they use where they use it, and print what they found"
)]

mod documents;
mod place;

mod afterwards;
mod notices;
mod parts;
mod servers;
mod start;

mod story;

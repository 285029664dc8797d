//! Double entry: accounts, transfers in two phases, immutable postings, proof.
//!
//! A transfer takes an amount from one account (the debit) to another (the credit). It is posted
//! at once, or held as pending and later posted or voided by another transfer. Nothing written is
//! ever changed: the database itself refuses it, a correction is another transfer. Whoever makes
//! a transfer makes its id first, so that a repeat is recognised and answered
//! [`TransferResult::Exists`].
//!
//! Accounts with a [`Limit`] keep their sums in a row of their own, which their transfers lock in
//! the order of account ids. Accounts without one are sums of their postings, so that busy ones
//! (clearing, revenue) serialise nobody; [`rollup()`] keeps those sums short.
//!
//! An account is seen here from both sides: what others owe us grows by debits, what we owe
//! others (a buyer's wallet) grows by credits.

pub mod account;
pub mod balance;
pub mod first;
pub mod history;
pub mod prove;
pub mod rollup;
pub mod transfer;

mod apply;
mod existing;

pub use account::{Account, Field, Limit, NewAccount, Opened, find, lock, open};
pub use balance::{Balance, balance};
pub use first::open_with;
pub use history::{Entry, PAGE_MAX, Side, history};
pub use prove::{Proof, prove};
pub use rollup::{Rolled, rollup};
pub use transfer::{Kind, NewTransfer, TransferResult, transfer};

use store::{Statement, Step};

/// The tables of the ledger. A database that keeps books adds these to its own steps.
#[must_use]
pub fn steps() -> Vec<Step> {
    vec![Step {
        version: 100,
        name: "ledger",
        sqlite: include_str!("../migrations/100_ledger.sqlite.sql"),
        postgres: include_str!("../migrations/100_ledger.postgres.sql"),
    }]
}

/// Every statement of this room, for the test that prepares each on both engines.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    [
        account::ALL,
        balance::ALL,
        first::ALL,
        history::ALL,
        prove::ALL,
        rollup::ALL,
        transfer::ALL,
    ]
    .into_iter()
    .flatten()
    .collect()
}

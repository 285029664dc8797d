//! What must hold whatever happens, told in SQL over the databases and nothing else.
//!
//! No type of the merchant, the shop or the sandbox is used here: a mistake in their code cannot
//! hide itself by being made here too. [`always`] holds after every step, [`at_rest`] when the
//! network works again and everything that was due has been done.

mod always;
mod at_rest;
mod facts;

pub use always::always;
pub use at_rest::at_rest;
pub use facts::{Attempt, Course, Facts, Order, Refund, ShopOrder, Trade, TradeKey};

use store::Statement;

/// Every statement by which the facts are read, by the database they are for: the sandbox's, the
/// merchant's, the shop's.
#[must_use]
pub fn statements() -> [Vec<&'static Statement>; 3] {
    facts::statements()
}

/// Says what does not hold, in words.
#[derive(Debug, Default)]
pub(crate) struct Broken(Vec<String>);

impl Broken {
    /// Adds `what` unless `holds`.
    pub(crate) fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }

    pub(crate) fn into_words(self) -> Vec<String> {
        self.0
    }
}

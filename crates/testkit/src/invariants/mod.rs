//! What must hold whatever happens, told in SQL over the databases and nothing else.
//!
//! No type of the merchant, the shop or the sandbox is used here: a mistake in their code cannot
//! hide itself by being made here too. [`always`] holds after every step, [`at_rest`] when the
//! network works again and everything that was due has been done.

mod always;
mod at_rest;
mod broken;
mod facts;

pub use always::always;
pub use at_rest::at_rest;
pub use facts::{Attempt, Course, Facts, Order, Refund, ShopOrder, Trade, TradeKey, statements};

use broken::Broken;

//! The files of a bill as Alipay writes them: GBK tables in a ZIP.

mod account;
mod cells;
mod trade;
mod zip;

pub use account::{AccountLine, Direction, account_files};
pub use trade::{TradeLine, trade_files};
pub use zip::{ZipFile, zip};

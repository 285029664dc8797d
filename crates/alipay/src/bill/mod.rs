//! Bills: the ZIP that Alipay sends, its GBK files, their lines as types.
//!
//! A bill is read as a stream: one line is in memory at a time, however many there are. Ask for its
//! address with [`crate::requests::BillDownload`] and fetch it within 30 seconds (with the `client`
//! feature, `transport::HttpTransport::download`).
//!
//! ```no_run
//! use alipay::bill::{BillArchive, BillLine};
//! use std::fs::File;
//!
//! let archive = BillArchive::open(File::open("bill.zip")?)?;
//! for index in 0..archive.len() {
//!     for line in archive.bill(index)? {
//!         match line? {
//!             BillLine::Trade(line) => println!("{} {}", line.trade_no, line.receipt_amount),
//!             other => println!("{other:?}"),
//!         }
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod cells;
mod error;
mod footer;
mod lines;
mod reader;
mod row;
mod text;

pub use archive::BillArchive;
pub use error::BillError;
pub use footer::Total;
pub use lines::{AccountLine, AccountSummaryLine, BillLine, TradeLine, TradeSummaryLine};
pub use reader::{Bill, BillKind};
pub use row::Row;

//! 6. Bills.
//!
//! Once a day Alipay writes down what it did. What your books say and the bill does not, or the
//! other way round, is a case for somebody.
//!
//! Ask for an address (feature `bill`), fetch it within 30 seconds, read it as a stream:
//!
//! ```no_run
//! use alipay::Outcome;
//! use alipay::bill::{BillArchive, BillLine};
//! use alipay::requests::{BillDownload, BillType};
//! use std::fs::File;
//!
//! # use alipay::{AlipayTime, Client, transport::HttpTransport};
//! # async fn example(client: Client, http: HttpTransport, now: AlipayTime)
//! #     -> Result<(), Box<dyn std::error::Error>> {
//! let request = BillDownload::new(BillType::Trade, "2026-08-21");
//! let address = match client.execute(&request, now).await {
//!     Outcome::Done(answer) => answer.bill_download_url,
//!     // A day on which nothing happened may have no bill.
//!     Outcome::Refused(no) if no.is("BILL_NOT_EXIST") => return Ok(()),
//!     other => return Err(format!("{other:?}").into()),
//! };
//! let mut file = File::create("bill.zip")?;
//! http.download(address.expose(), &mut file, 1 << 30, 60_000).await?;
//!
//! let archive = BillArchive::open(File::open("bill.zip")?)?;
//! for index in 0..archive.len() {
//!     let mut bill = archive.bill(index)?;
//!     for line in bill.by_ref() {
//!         if let BillLine::Trade(line) = line? {
//!             let way = if line.is_refund() { "back" } else { "in" };
//!             println!("{way} {} {}", line.trade_no, line.receipt_amount);
//!         }
//!     }
//!     // Alipay's own sums stand at the end: compare them with yours.
//!     for total in bill.totals() {
//!         println!("{} {}", total.name, total.count);
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Yesterday's bill is there by about nine in the morning, last month's by the third day; today has
//! none. The files are GBK with tabs behind numbers, which is dealt with; a file that breaks off in
//! the middle ends in an error, not in a short bill. One line is in memory at a time.
//!
//! There are four kinds, found by what stands in the file: payments ([`BillLine::Trade`]), their
//! sums by shop, the account's movements ([`BillLine::Account`]), and their sums. Other files of
//! Alipay's are read as rows of named cells.
//!
//! What is on the account now says [`Balance`](crate::requests::Balance); its movements of the last
//! hours, page by page, [`AccountLog`](crate::requests::AccountLog).
//!
//! [`BillLine::Trade`]: crate::bill::BillLine::Trade
//! [`BillLine::Account`]: crate::bill::BillLine::Account

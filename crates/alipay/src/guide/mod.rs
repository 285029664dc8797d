//! The guide: from keys to a shop that takes money and gives it back.
//!
//! Each chapter is a page. Its examples run, as they stand, against a sandbox with buyers, notices and
//! bills (`tongbao sandbox`) in this repository's tests.
//!
//! 1. [`keys`]: which of the three keys goes where, and how to get them.
//! 2. [`first_payment`]: a page, a phone, an app, a QR code, a barcode at the till.
//! 3. [`notices`]: being told that it is paid, and the return that proves nothing.
//! 4. [`certificates`]: certificate mode and Alipay's renewed certificates.
//! 5. [`refunds`]: giving money back once, even when an answer is lost.
//! 6. [`bills`]: yesterday's money, line by line.
//! 7. [`transfers`]: sending money, which may not be done twice.
//! 8. [`service_providers`]: calling for other merchants, many applications in one process.
//! 9. [`testing`]: tests without a network, and against a sandbox on your own machine.
//! 10. [`pitfalls`]: what goes wrong again and again, and what this crate does about it.

pub mod bills;
pub mod certificates;
pub mod first_payment;
pub mod keys;
pub mod notices;
pub mod pitfalls;
pub mod refunds;
pub mod service_providers;
pub mod testing;
pub mod transfers;

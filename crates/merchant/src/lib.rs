//! The merchant payment service: orders, attempts, verified notices, safe close, refunds.

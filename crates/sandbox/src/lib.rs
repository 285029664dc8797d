//! An offline Alipay: gateway, cashier, wallet, ledger, notices, with a clock you can move.

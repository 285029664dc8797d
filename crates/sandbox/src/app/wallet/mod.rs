//! What people do with their wallets beside paying merchants: cards, short messages, putting money
//! in and taking it out, giving it to each other, passwords and limits.

pub mod cards;
pub mod messages;

pub mod move_money;
pub mod pay_by_card;

pub mod claim;
pub mod give;

pub mod limits;
pub mod passwords;

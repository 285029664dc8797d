//! Agreements, and what was deducted by them.

mod row;
mod rows;
mod text;

pub use rows::{
    ALL, Deduction, add_deduction, deductions, differences, find_same, forget, insert, list_signed,
    lock, lock_by_code, lock_by_number, newest, of_trade, remove, save, save_plan,
};
pub use text::{read_signing, read_terms, signing_text, terms_text};

//! Money that is held for a seller: asked for, held, taken in parts, let go.

pub mod ask_freeze;
pub mod capture;
pub mod end_freeze;
pub mod find_freeze;
pub mod freeze_by_code;
pub mod freeze_money;
pub mod undo_freeze;
pub mod unfreeze;

mod hold;
mod tell_freeze;

pub use hold::{hold_id, pocket};

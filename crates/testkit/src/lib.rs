//! The world: merchant, shop and sandbox in one process on virtual time.
//!
//! A [`World`] runs the real services on real databases. Between them lies a [`net::Network`] that
//! loses, delays, doubles and cuts answers as its seed says; time stands still until it is moved.
//! After every step the [`invariants`] are asked, which know the tables and none of the code.

pub mod browser;
pub mod forger;
pub mod invariants;
pub mod keys;
pub mod late;
pub mod net;
pub mod people;
pub mod walk;
pub mod world;

pub use browser::{Browser, BrowserError, Form, Page};
pub use people::{Bought, Learner, Manner};
pub use world::{World, WorldError, WorldOptions};

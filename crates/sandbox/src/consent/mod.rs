//! Pages on which a wallet's owner agrees to something that is no payment: a login, a hold.

mod kind;
mod page;
mod router;

mod answer;
mod ask;
mod freeze;
mod oauth;

pub(crate) use router::router;

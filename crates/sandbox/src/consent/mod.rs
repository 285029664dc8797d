//! Pages on which a wallet's owner agrees to something that is no payment: a login, a hold, an
//! agreement.

mod kind;
mod page;
mod router;

mod agreement;
mod answer;
mod ask;
mod freeze;
mod oauth;

pub(crate) mod play;

pub(crate) use agreement::what_is_agreed;
pub(crate) use kind::Fact;
pub(crate) use router::router;

//! The page on which a merchant lets a service provider's application act in its name.

mod ask;
mod router;

pub(crate) use router::router;

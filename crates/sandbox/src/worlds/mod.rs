//! Several worlds in one process: each is a [`Sandbox`](crate::Sandbox) of its own, with its own
//! database, clock, chance, faults and applications. The default one answers at the root, another
//! one below `/w/NAME`, at `?world=NAME`, and wherever one of its applications calls.

mod name;

mod app_ids;

mod clock;
mod record;
mod world;

mod keep;
mod parts;

mod door;
mod front;
mod rewrite;

pub(crate) use door::CameAs;

pub use app_ids::AppIds;
pub use front::without_world;
pub use keep::{MOST_WORLDS, WorldError, Worlds};
pub use name::{NameError, WorldName};
pub use parts::{InFiles, InMemory, NewWorld, OnServer, Places, WorldsParts};
pub use world::World;

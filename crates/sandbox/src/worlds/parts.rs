//! What worlds are made of, and where their databases are.

use super::name::WorldName;
use crate::SandboxParts;
use crate::domain::filling::Filling;
use kernel::Timestamp;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use store::DbOptions;

/// Says where a world's database is.
pub trait Places: fmt::Debug + Send + Sync {
    /// How it is opened, and erased.
    fn options(&self, world: &WorldName) -> DbOptions;
}

/// What every world of a process is made of.
#[derive(Clone, Debug)]
pub struct WorldsParts {
    /// The parts of the world at the root: the others share all but database, clock, chance and
    /// address.
    pub parts: SandboxParts,
    /// Where the databases are.
    pub places: Arc<dyn Places>,
    /// Where each world has a folder with its files; without one they end with the process.
    pub folder: Option<PathBuf>,
    /// Whether due work runs as time passes; a simulation steps the clock instead.
    pub runs: bool,
}

/// A world to make.
#[derive(Clone, Debug)]
pub struct NewWorld {
    /// What it is called.
    pub name: WorldName,
    /// The seed of its numbers; without one chance is the system's.
    pub seed: Option<i64>,
    /// What its business clock shows at first; now without one.
    pub clock_at: Option<Timestamp>,
    /// The business clock stands still until it is moved.
    pub clock_stands: bool,
    /// What it holds from its first moment.
    pub filling: Option<Filling>,
}

impl NewWorld {
    /// An empty world of that name.
    #[must_use]
    pub fn named(name: WorldName) -> Self {
        Self {
            name,
            seed: None,
            clock_at: None,
            clock_stands: false,
            filling: None,
        }
    }
}

/// Connections of one world to a server, at most: there may be many worlds.
const CONNECTIONS: usize = 4;
/// Looks at one world's file at the same time.
const LOOKS: usize = 1;

fn options(url: String, schema: String, max_connections: usize) -> DbOptions {
    DbOptions {
        url,
        schema,
        steps: crate::steps(),
        max_connections,
    }
}

/// A file in each world's folder.
#[derive(Clone, Debug)]
pub struct InFiles {
    /// The folder of all worlds.
    pub folder: PathBuf,
}

impl Places for InFiles {
    fn options(&self, world: &WorldName) -> DbOptions {
        let file = self.folder.join(world.as_str()).join("sandbox.db");
        options(
            format!("sqlite:{}", file.display()),
            "sandbox".to_owned(),
            LOOKS,
        )
    }
}

/// A schema of a PostgreSQL server.
#[derive(Clone)]
pub struct OnServer {
    /// Its address.
    pub url: String,
    /// What stands before a world's name in the schema's.
    pub prefix: String,
}

/// Never prints the address, which may hold a password.
impl fmt::Debug for OnServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnServer")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl Places for OnServer {
    fn options(&self, world: &WorldName) -> DbOptions {
        let schema = format!("{}{}", self.prefix, world.as_str().replace('-', "_"));
        options(self.url.clone(), schema, CONNECTIONS)
    }
}

/// In memory, gone with the process.
#[derive(Clone, Copy, Debug, Default)]
pub struct InMemory;

impl Places for InMemory {
    fn options(&self, _world: &WorldName) -> DbOptions {
        options("sqlite::memory:".to_owned(), "sandbox".to_owned(), LOOKS)
    }
}

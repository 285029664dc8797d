//! Making, finding and removing worlds.

use super::app_ids::AppIds;
use super::clock::WorldClock;
use super::name::WorldName;
use super::parts::{NewWorld, WorldsParts};
use super::record::{self, Folder, Record};
use super::world::World;
use crate::app::find_trade::list_apps;
use crate::files::FilesError;
use crate::{
    BuyerSpec, EnsureBuyerError, FillError, Filling, NewApp, Profile, RegisterAppError, Sandbox,
};
use futures::StreamExt;
use futures::stream;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use store::{Db, StoreError};

/// How many worlds a process keeps beside the one at the root.
pub const MOST_WORLDS: usize = 64;
/// How many are opened at a time when the process starts.
const OPENED_AT_ONCE: usize = 8;

/// Why a world was not made, found or removed.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// There is one of that name.
    #[error("there is a world `{0}` already")]
    Exists(WorldName),
    /// There is none of that name.
    #[error("there is no world `{0}`")]
    Unknown(WorldName),
    /// It is being made or removed.
    #[error("the world `{0}` is being made or removed")]
    Busy(WorldName),
    /// Enough of them.
    #[error("there are {MOST_WORLDS} worlds already; delete some")]
    TooMany,
    /// Its folder cannot be used.
    #[error("the folder of the world cannot be used")]
    Folder(#[from] io::Error),
    /// Its files cannot be written.
    #[error("the files of the world cannot be written")]
    Files(#[from] FilesError),
    /// Its application cannot be made.
    #[error("the application of the world cannot be made")]
    App(#[from] RegisterAppError),
    /// Its buyer cannot be made.
    #[error("the buyer of the world cannot be made")]
    Buyer(#[from] EnsureBuyerError),
    /// Its seed data cannot be put in.
    #[error("the world cannot be filled")]
    Fill(#[from] FillError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The worlds of a process beside the one at the root. Clones share it.
#[derive(Clone)]
pub struct Worlds(Arc<Inner>);

struct Inner {
    parts: WorldsParts,
    ids: AppIds,
    worlds: RwLock<BTreeMap<WorldName, Slot>>,
}

/// A name that is taken.
enum Slot {
    /// Something is being done to it.
    Busy,
    Open(Arc<World>),
}

impl fmt::Debug for Worlds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worlds").finish_non_exhaustive()
    }
}

impl Worlds {
    /// Opens the worlds that a former run left, beside the one at the root, which keeps them from
    /// now on.
    ///
    /// # Errors
    /// When a folder cannot be read or a database not be opened.
    pub async fn open(parts: WorldsParts, root: &Sandbox) -> Result<Self, WorldError> {
        let worlds = Self(Arc::new(Inner {
            parts,
            ids: AppIds::default(),
            worlds: RwLock::default(),
        }));
        let cx = root.context();
        cx.join(worlds.0.ids.clone());
        for app in list_apps(cx).await? {
            // The first to come has every number.
            let _ = cx.claim_app(&app.app_id);
        }
        let names = match &worlds.0.parts.folder {
            Some(all) => record::names(all)?,
            None => Vec::new(),
        };
        let opened: Vec<_> = stream::iter(names)
            .map(|name| {
                let worlds = worlds.clone();
                async move { worlds.reopen(name).await }
            })
            .buffer_unordered(OPENED_AT_ONCE)
            .collect()
            .await;
        for world in opened {
            if let Some(world) = world? {
                let name = world.name().clone();
                worlds
                    .worlds_mut()
                    .insert(name, Slot::Open(Arc::new(world)));
            }
        }
        cx.keep_worlds(worlds.clone());
        Ok(worlds)
    }

    /// Opens a world of a former run; a folder that is none, left by one that was killed, goes.
    async fn reopen(&self, name: WorldName) -> Result<Option<World>, WorldError> {
        let Some(all) = &self.0.parts.folder else {
            return Ok(None);
        };
        let folder = Folder::of(all, &name);
        let Some(record) = folder.read()? else {
            Db::erase(self.0.parts.places.options(&name)).await?;
            folder.remove()?;
            return Ok(None);
        };
        let wall = &self.0.parts.parts.wall;
        let clock = WorldClock::from_kept(wall, folder.read_clock()?, record.clock_stands);
        // It began with its seed, if with any.
        let world = World::open(&self.0.parts, &self.0.ids, name, clock, None, &record).await?;
        // A reset may have broken off.
        world.sandbox().filling().await?;
        crate::files::write(world.sandbox(), folder.path(), &record.main_app).await?;
        Ok(Some(world))
    }

    /// Makes a world with a buyer and an application.
    ///
    /// # Errors
    /// When there is one of that name, there are too many, or something of it cannot be made: then
    /// nothing of it is left.
    pub async fn create(&self, new: NewWorld) -> Result<Arc<World>, WorldError> {
        {
            let mut worlds = self.worlds_mut();
            match worlds.get(&new.name) {
                Some(Slot::Busy) => return Err(WorldError::Busy(new.name)),
                Some(Slot::Open(_)) => return Err(WorldError::Exists(new.name)),
                None if worlds.len() >= MOST_WORLDS => return Err(WorldError::TooMany),
                None => worlds.insert(new.name.clone(), Slot::Busy),
            };
        }
        let name = new.name.clone();
        let made = self.make(new).await;
        match made {
            Ok(world) => {
                let world = Arc::new(world);
                self.worlds_mut()
                    .insert(name, Slot::Open(Arc::clone(&world)));
                Ok(world)
            }
            Err(error) => {
                if let Err(left) = self.clear(&name).await {
                    tracing::error!("Something of the world `{name}` is left: {left}");
                }
                self.worlds_mut().remove(&name);
                Err(error)
            }
        }
    }

    async fn make(&self, new: NewWorld) -> Result<World, WorldError> {
        let parts = &self.0.parts;
        self.clear(&new.name).await?;
        let wall = &parts.parts.wall;
        let clock = WorldClock::begin(wall, new.clock_at, new.clock_stands);
        let folder = parts.folder.as_ref().map(|all| Folder::of(all, &new.name));
        if let Some(folder) = &folder {
            folder.make()?;
            folder.keep_clock(clock.to_keep())?;
        }
        let filling = new.filling.unwrap_or_default();
        let record = Record {
            name: new.name.to_string(),
            main_app: filling.main_app().to_owned(),
            clock_stands: new.clock_stands,
            made_at: wall.now(),
        };
        let world = World::open(parts, &self.0.ids, new.name, clock, new.seed, &record).await?;
        let filled = fill(&world, &filling, folder.as_ref(), &record).await;
        if let Err(error) = filled {
            world.stop().await;
            return Err(error);
        }
        Ok(world)
    }

    /// Removes a world with everything in it.
    ///
    /// # Errors
    /// When there is none of that name, or something of it cannot be removed.
    pub async fn delete(&self, name: &WorldName) -> Result<(), WorldError> {
        let world = {
            let mut worlds = self.worlds_mut();
            match worlds.get(name) {
                None => return Err(WorldError::Unknown(name.clone())),
                Some(Slot::Busy) => return Err(WorldError::Busy(name.clone())),
                Some(Slot::Open(world)) => {
                    let world = Arc::clone(world);
                    worlds.insert(name.clone(), Slot::Busy);
                    world
                }
            }
        };
        world.stop().await;
        let cleared = self.clear(name).await;
        // Whatever is left of it is no world any more and goes with the next start.
        self.worlds_mut().remove(name);
        cleared
    }

    /// Removes what there is of a world that is not open.
    async fn clear(&self, name: &WorldName) -> Result<(), WorldError> {
        self.0.ids.release(name);
        if let Some(all) = &self.0.parts.folder {
            let folder = Folder::of(all, name);
            // Its record goes first: a folder without one is no world.
            folder.forget()?;
            Db::erase(self.0.parts.places.options(name)).await?;
            folder.remove()?;
        } else {
            Db::erase(self.0.parts.places.options(name)).await?;
        }
        Ok(())
    }

    /// A world that is open.
    #[must_use]
    pub fn find(&self, name: &WorldName) -> Option<Arc<World>> {
        match self.worlds().get(name) {
            Some(Slot::Open(world)) => Some(Arc::clone(world)),
            _ => None,
        }
    }

    /// All that are open, by name.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<World>> {
        let open = |slot: &Slot| match slot {
            Slot::Open(world) => Some(Arc::clone(world)),
            Slot::Busy => None,
        };
        self.worlds().values().filter_map(open).collect()
    }

    /// Whether there is any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.worlds().is_empty()
    }

    /// The world that has an application, when it is not the one at the root.
    #[must_use]
    pub fn of_app(&self, app_id: &str) -> Option<Arc<World>> {
        self.0.ids.owner(app_id).and_then(|name| self.find(&name))
    }

    /// Where a world's files are.
    #[must_use]
    pub fn sandbox_file(&self, name: &WorldName) -> Option<std::path::PathBuf> {
        let all = self.0.parts.folder.as_ref()?;
        Some(Folder::of(all, name).path().join("sandbox.json"))
    }

    /// Lets all of them come to their end; for the end of the process.
    pub async fn stop(&self) {
        for world in self.list() {
            world.stop().await;
        }
    }

    fn worlds(&self) -> RwLockReadGuard<'_, BTreeMap<WorldName, Slot>> {
        self.0.worlds.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn worlds_mut(&self) -> RwLockWriteGuard<'_, BTreeMap<WorldName, Slot>> {
        self.0
            .worlds
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts into a new world what is there from the beginning, and writes its files.
async fn fill(
    world: &World,
    filling: &Filling,
    folder: Option<&Folder>,
    record: &Record,
) -> Result<(), WorldError> {
    let sandbox = world.sandbox();
    if *filling != Filling::default() {
        sandbox.fill(filling).await?;
    }
    sandbox.ensure_buyer(BuyerSpec::default_buyer()).await?;
    let app = NewApp {
        name: record.main_app.clone(),
        app_public_key: None,
        profile: Profile::Production,
    };
    sandbox.ensure_app(app).await?;
    if let Some(folder) = folder {
        crate::files::write(sandbox, folder.path(), &record.main_app).await?;
        folder.keep(record)?;
    }
    Ok(())
}

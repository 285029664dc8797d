//! What is kept of a world in its folder besides its database, so that it is there after a restart.

use super::name::WorldName;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// The file that makes a folder a world: written last, removed first.
const FILE: &str = "world.json";
/// The file with the clock.
const CLOCK: &str = "clock-ms";

/// What the file says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// The world's name; the folder's is the same.
    pub(crate) name: String,
    /// The application that stands at the top of its `sandbox.json`.
    pub(crate) main_app: String,
    /// Its clock stands still until it is moved.
    pub(crate) clock_stands: bool,
    /// When it was made, by the wall clock.
    pub(crate) made_at: Timestamp,
}

/// A world's folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder of a world in that of all.
    pub(crate) fn of(all: &Path, world: &WorldName) -> Self {
        Self(all.join(world.as_str()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Makes it, empty: what an earlier try left there goes.
    pub(crate) fn make(&self) -> io::Result<()> {
        self.remove()?;
        std::fs::create_dir_all(&self.0)
    }

    /// Removes the record: from now on it is no world.
    pub(crate) fn forget(&self) -> io::Result<()> {
        gone(std::fs::remove_file(self.0.join(FILE)))
    }

    /// Removes it with everything in it.
    pub(crate) fn remove(&self) -> io::Result<()> {
        gone(std::fs::remove_dir_all(&self.0))
    }

    /// Keeps the record: from now on it is a world.
    pub(crate) fn keep(&self, record: &Record) -> io::Result<()> {
        let text = serde_json::to_string_pretty(record).map_err(io::Error::other)?;
        service::private_file::write(&self.0.join(FILE), &text)
    }

    /// The record; none when the folder is no world.
    pub(crate) fn read(&self) -> io::Result<Option<Record>> {
        match std::fs::read_to_string(self.0.join(FILE)) {
            Ok(text) => serde_json::from_str(&text)
                .map(Some)
                .map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps the clock.
    pub(crate) fn keep_clock(&self, kept: i64) -> io::Result<()> {
        service::private_file::write(&self.0.join(CLOCK), &kept.to_string())
    }

    /// The clock that was kept.
    pub(crate) fn read_clock(&self) -> io::Result<i64> {
        let text = std::fs::read_to_string(self.0.join(CLOCK))?;
        text.trim().parse().map_err(io::Error::other)
    }
}

/// What is not there is gone.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The names of all folders that may be worlds.
pub(crate) fn names(all: &Path) -> io::Result<Vec<WorldName>> {
    let entries = match std::fs::read_dir(all) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        names.extend(name.to_str().and_then(|name| name.parse().ok()));
    }
    names.sort();
    Ok(names)
}

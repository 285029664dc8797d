//! One writing process per file, told apart by a lock on a file beside it.

use crate::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Held as long as the file is open for writing; the system lets go of it however we end.
pub(super) struct ProcessLock(#[expect(dead_code, reason = "held, not read")] File);

impl ProcessLock {
    /// Takes the lock beside `path`. A process that is just ending is waited for, shortly.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        let beside = lock_path(path);
        let open = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Open {
            what: format!("{}: {source}", path.display()),
            source,
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&beside)
            .map_err(|error| open(Box::new(error)))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => pause(),
                Err(TryLockError::Error(error)) => return Err(open(Box::new(error))),
            }
        }
        Err(open(
            format!(
                "another process has it open (it holds {}); stop that one, or use another directory",
                beside.display()
            )
            .into(),
        ))
    }
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Removes a database's file and what stands beside it. None of them being there is fine.
pub(crate) fn erase(path: &Path) -> Result<(), StoreError> {
    if path.as_os_str() == crate::db::IN_MEMORY {
        return Ok(());
    }
    for beside in ["", "-wal", "-shm", ".lock"] {
        let mut file = path.as_os_str().to_owned();
        file.push(beside);
        match std::fs::remove_file(&file) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(StoreError::Open {
                    what: format!("{} cannot be removed", PathBuf::from(file).display()),
                    source: Box::new(error),
                });
            }
        }
    }
    Ok(())
}

/// The system tells nobody when a lock is let go, so it is asked again after a moment.
fn pause() {
    std::thread::park_timeout(STEP);
}

const TRIES: u32 = 20;
const STEP: Duration = Duration::from_millis(50);

//! The demo's data folder: files written whole by rename, secrets readable by their owner alone.

use anyhow::{Context as _, bail};
use kernel::{OsRng, Rng as _};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What must survive a restart besides the databases.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secrets {
    /// Signs the course shop's tokens.
    pub(crate) jwt_secret: String,
    /// The course shop's key to the merchant service.
    pub(crate) courses_api_key: String,
    /// Signs in to the console.
    pub(crate) console_password: String,
    /// Asked of callers of the sandbox's control API who are not on this machine.
    pub(crate) control_token: String,
}

/// The folder.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Held while the folder is used; the system lets go of it however the process ends.
    _lock: std::fs::File,
}

impl Folder {
    /// Opens it, made when missing.
    ///
    /// # Errors
    /// When it cannot be made, or another process uses it.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(path)
            .with_context(|| format!("the data folder `{}` cannot be made", path.display()))?;
        let path = path
            .canonicalize()
            .with_context(|| format!("the data folder `{}` cannot be opened", path.display()))?;
        let lock = std::fs::File::create(path.join("lock"))
            .with_context(|| format!("nothing can be written into `{}`", path.display()))?;
        if lock.try_lock().is_err() {
            bail!(
                "another process uses `{}`; stop it or choose another --data",
                path.display()
            );
        }
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The URL of a database: a schema of the server when one is given, else a file of its own.
    pub(crate) fn database(&self, server: Option<&str>, name: &str) -> String {
        match server {
            Some(url) => url.to_owned(),
            None => format!("sqlite:{}", self.path.join(format!("{name}.db")).display()),
        }
    }

    /// The secrets of the former run, or new ones.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds something else.
    pub(crate) fn secrets(&self) -> anyhow::Result<Secrets> {
        let file = self.path.join("secrets.json");
        if file.exists() {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("`{}` cannot be read", file.display()))?;
            return serde_json::from_str(&text).with_context(|| {
                format!(
                    "`{}` is damaged; delete the data folder to start over",
                    file.display()
                )
            });
        }
        let secrets = Secrets {
            jwt_secret: token(),
            courses_api_key: format!("tb_{}", token()),
            console_password: token()[..16].to_owned(),
            control_token: token(),
        };
        self.write("secrets.json", &serde_json::to_string_pretty(&secrets)?)?;
        Ok(secrets)
    }

    /// How far the business clock was ahead when it was last moved, in milliseconds.
    ///
    /// # Errors
    /// When the file holds something else than a number.
    pub(crate) fn clock_offset_ms(&self) -> anyhow::Result<i64> {
        let file = self.path.join("clock-offset-ms");
        if !file.exists() {
            return Ok(0);
        }
        let text = std::fs::read_to_string(&file)?;
        text.trim()
            .parse()
            .with_context(|| format!("`{}` is damaged", file.display()))
    }

    /// Keeps how far the business clock is ahead.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn keep_clock_offset_ms(&self, offset_ms: i64) -> anyhow::Result<()> {
        self.write("clock-offset-ms", &offset_ms.to_string())
    }

    /// Writes a file of the folder whole or not at all, readable by its owner alone.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let file = self.path.join(name);
        service::private_file::write(&file, text)
            .with_context(|| format!("`{}` cannot be written", file.display()))
    }
}

/// 32 bytes of chance as hex.
fn token() -> String {
    let mut bytes = [0; 32];
    OsRng.fill(&mut bytes);
    hex::encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_offset_survive_and_are_private() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(&place.path().join("data")).expect("made");
        assert!(Folder::open(folder.path()).is_err(), "it is in use");
        let first = folder.secrets().expect("new ones");
        let second = folder.secrets().expect("the same ones");
        assert_eq!(first.jwt_secret, second.jwt_secret);
        assert_eq!(first.console_password.len(), 16);
        assert_eq!(folder.clock_offset_ms().expect("none yet"), 0);
        folder.keep_clock_offset_ms(42).expect("written");
        assert_eq!(folder.clock_offset_ms().expect("kept"), 42);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = folder
                .path()
                .join("secrets.json")
                .metadata()
                .expect("there")
                .permissions();
            assert_eq!(mode.mode() & 0o777, 0o600);
        }
        std::fs::write(folder.path().join("secrets.json"), "{").expect("spoiled");
        assert!(
            folder
                .secrets()
                .expect_err("damaged")
                .to_string()
                .contains("start over")
        );
    }
}

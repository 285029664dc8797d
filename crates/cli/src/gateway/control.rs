//! Where a running sandbox takes what a tester asks of it.

use super::file;
use crate::config::environment;
use anyhow::Context as _;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A sandbox's control API, for one of its applications.
pub(crate) struct Control {
    /// Its origin, without a slash at the end.
    pub(crate) origin: String,
    /// The application's number.
    pub(crate) app_id: String,
    /// What callers from another machine need.
    pub(crate) token: Option<String>,
}

impl Control {
    /// Reads the sandbox's file, and its token when it lies beside it.
    ///
    /// # Errors
    /// When there is no such file, or the application is not in it.
    pub(crate) fn find(path: Option<&Path>, app: Option<&str>) -> anyhow::Result<Self> {
        let path = path.map(Path::to_owned);
        let path = path.or_else(|| environment("TONGBAO_SANDBOX").map(PathBuf::from));
        let path = path.unwrap_or_else(|| PathBuf::from(USUAL));
        let app = app
            .map(str::to_owned)
            .or_else(|| environment("TONGBAO_APP"));
        let place = file::sandbox_file(&path);
        let layer = file::sandbox(&place, app.as_deref())?;
        let shown = place.display();
        let document: Value = serde_json::from_str(&file::read(&place)?)
            .with_context(|| format!("`{shown}` is no JSON"))?;
        let origin = document["console_url"].as_str();
        let origin = origin.with_context(|| format!("`{shown}` says no console_url"))?;
        let secrets = place
            .parent()
            .and_then(Path::parent)
            .map(|data| data.join("secrets.json"));
        Ok(Self {
            origin: origin.trim_end_matches('/').to_owned(),
            app_id: layer
                .app_id
                .with_context(|| format!("`{shown}` says no app_id"))?,
            token: secrets.and_then(|file| token(&file)),
        })
    }
}

/// Where `tongbao sandbox` and `tongbao demo` keep things unless told otherwise.
const USUAL: &str = "tongbao-data";

/// On this machine nobody needs it, so a file that is not there is no error.
fn token(file: &Path) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let secrets: Value = serde_json::from_str(&text).ok()?;
    secrets["control_token"].as_str().map(str::to_owned)
}

//! The files in `DIR/sandbox/` by which any SDK in any language is pointed at the sandbox: keys as
//! PEM, and `sandbox.json` that names them.
//!
//! The first application's keys stand in the folder itself, the others' in folders of their names.
//! Every file is written beside its place and renamed, so that nobody reads half of one. Keys are
//! for their owner only.

use crate::domain::{Account, App};
use alipay::keys::{KeyError, PrivateKey, PublicKey};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What is written down.
#[derive(Debug)]
pub struct SandboxFiles<'a> {
    /// The address under which the sandbox is reached, without a slash at the end.
    pub public_url: &'a str,
    /// The buyer that everybody may use.
    pub buyer: &'a Account,
    /// The buyer's login password.
    pub login_password: &'a str,
    /// The buyer's payment password.
    pub pay_password: &'a str,
    /// The application at the top.
    pub main: &'a App,
    /// The others, by their names.
    pub others: &'a [App],
}

/// Why the files could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A file or folder.
    #[error("{} cannot be written", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A key of an application is none.
    #[error("a key of the application {app_id} cannot be read")]
    Key {
        /// Whose.
        app_id: String,
        /// Why.
        #[source]
        source: KeyError,
    },
}

#[derive(Serialize)]
struct Described<'a> {
    app_id: &'a str,
    seller_id: &'a str,
    gateway_url: String,
    v3_base_url: &'a str,
    console_url: String,
    buyer: Buyer<'a>,
    keys: KeyFiles,
    apps: BTreeMap<&'a str, DescribedApp<'a>>,
}

#[derive(Serialize)]
struct DescribedApp<'a> {
    app_id: &'a str,
    seller_id: &'a str,
    keys: KeyFiles,
}

#[derive(Serialize)]
struct Buyer<'a> {
    logon_id: &'a str,
    user_id: &'a str,
    login_password: &'a str,
    pay_password: &'a str,
}

/// File names relative to `sandbox.json`.
#[derive(Serialize)]
struct KeyFiles {
    #[serde(skip_serializing_if = "Option::is_none")]
    app_private_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_private_key_pkcs8: Option<String>,
    app_public_key: String,
    alipay_public_key: String,
}

/// Writes `dir/sandbox.json` and the keys that it names; returns the path of the former.
///
/// # Errors
/// When a file cannot be written or a key cannot be read.
pub fn write(dir: &Path, files: &SandboxFiles<'_>) -> Result<PathBuf, FilesError> {
    make_folder(dir)?;
    let keys = write_keys(dir, "", files.main)?;
    let mut apps = BTreeMap::new();
    for app in files.others {
        let prefix = format!("{}/", app.name);
        make_folder(&dir.join(&app.name))?;
        let described = DescribedApp {
            app_id: &app.app_id,
            seller_id: &app.seller_id,
            keys: write_keys(dir, &prefix, app)?,
        };
        apps.insert(app.name.as_str(), described);
    }
    let described = Described {
        app_id: &files.main.app_id,
        seller_id: &files.main.seller_id,
        gateway_url: format!("{}/gateway.do", files.public_url),
        v3_base_url: files.public_url,
        console_url: format!("{}/", files.public_url),
        buyer: Buyer {
            logon_id: files.buyer.logon_id.as_str(),
            user_id: &files.buyer.user_id,
            login_password: files.login_password,
            pay_password: files.pay_password,
        },
        keys,
        apps,
    };
    let text = serde_json::to_string_pretty(&described).unwrap_or_default() + "\n";
    let path = dir.join("sandbox.json");
    put(&path, text.as_bytes(), 0o644)?;
    Ok(path)
}

fn write_keys(dir: &Path, prefix: &str, app: &App) -> Result<KeyFiles, FilesError> {
    let key_error = |source| FilesError::Key {
        app_id: app.app_id.clone(),
        source,
    };
    let put_key = |name: &str, text: &str| {
        let relative = format!("{prefix}{name}");
        put(&dir.join(&relative), text.as_bytes(), 0o600).map(|()| relative)
    };
    let public = PublicKey::parse(&app.app_public_key).map_err(key_error)?;
    let alipay = PrivateKey::parse(&app.alipay_private_key).map_err(key_error)?;
    let (mut pkcs1, mut pkcs8) = (None, None);
    if let Some(text) = &app.app_private_key {
        let private = PrivateKey::parse(text).map_err(key_error)?;
        pkcs1 = Some(put_key("app_private_key.pem", &private.to_pkcs1_pem())?);
        pkcs8 = Some(put_key(
            "app_private_key_pkcs8.pem",
            &private.to_pkcs8_pem(),
        )?);
    }
    Ok(KeyFiles {
        app_private_key: pkcs1,
        app_private_key_pkcs8: pkcs8,
        app_public_key: put_key("app_public_key.pem", &public.to_pem())?,
        alipay_public_key: put_key("alipay_public_key.pem", &alipay.public_key().to_pem())?,
    })
}

fn make_folder(path: &Path) -> Result<(), FilesError> {
    fs::create_dir_all(path).map_err(|source| FilesError::Io {
        path: path.to_owned(),
        source,
    })
}

/// Writes a file beside its place and renames it.
fn put(path: &Path, content: &[u8], mode: u32) -> Result<(), FilesError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let written = (|| {
        // A leftover of a run that was cut off may have other rights.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = create(&beside, mode)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    written.map_err(|source| FilesError::Io {
        path: path.to_owned(),
        source,
    })
}

#[cfg(unix)]
fn create(path: &Path, mode: u32) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(mode).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path, _mode: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

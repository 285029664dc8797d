//! The files in `DIR/sandbox/` by which any SDK in any language is pointed at the sandbox.
//!
//! Each is written whole by rename and readable by its owner alone. Addresses are fresh at each
//! start; keys are the application's own and stay.

use crate::app::find_trade::list_apps;
use crate::{App, BuyerSpec, Password, Sandbox};
use alipay::keys::{KeyError, PrivateKey, PublicKey};
use serde_json::{Map, Value, json};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use store::StoreError;

/// Why the files were not written.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A file or folder cannot be written.
    #[error("`{}` cannot be written", .file.display())]
    Write {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A stored key is none.
    #[error("the keys of the application `{app}` cannot be read")]
    Key {
        /// Whose.
        app: String,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// There is no application of the name that the file should begin with.
    #[error("there is no application `{0}`")]
    NoSuchApp(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes `sandbox.json` and the keys of every application into `folder`. The application named
/// `first` stands at the top, its keys in the folder itself; each other has a folder of its own.
///
/// # Errors
/// When a file cannot be written, a key is damaged, or `first` is unknown.
pub async fn write(sandbox: &Sandbox, folder: &Path, first: &str) -> Result<(), FilesError> {
    let apps = list_apps(sandbox.context()).await?;
    make_folder(folder)?;
    let mut others = Map::new();
    let mut top = None;
    for app in &apps {
        if app.name == first {
            top = Some((app, write_keys(app, folder, "")?));
        } else {
            let keys = write_keys(app, folder, &app.name)?;
            let entry = json!({ "app_id": app.app_id, "seller_id": app.seller_id, "keys": keys });
            others.insert(app.name.clone(), entry);
        }
    }
    let (app, keys) = top.ok_or_else(|| FilesError::NoSuchApp(first.to_owned()))?;
    let url = sandbox.context().public_url();
    let buyer = buyer(sandbox).await?;
    let file = json!({
        "app_id": app.app_id,
        "seller_id": app.seller_id,
        "gateway_url": format!("{url}/gateway.do"),
        "v3_base_url": url,
        "console_url": format!("{url}/"),
        "buyer": buyer,
        "keys": keys,
        "apps": others,
    });
    write_private(&folder.join("sandbox.json"), &format!("{file:#}\n"))
}

/// The default buyer as the file says them.
async fn buyer(sandbox: &Sandbox) -> Result<Value, StoreError> {
    let spec = BuyerSpec::default_buyer();
    let account = match spec.logon_id.parse() {
        Ok(logon_id) => crate::app::login::find(sandbox.context(), &logon_id).await?,
        Err(_) => None,
    };
    let plain = |password: &Password| match password {
        Password::Plain(text) => Value::from(text.as_str()),
        Password::Hashed(_) => Value::Null,
    };
    Ok(json!({
        "logon_id": spec.logon_id,
        "user_id": account.map(|account| account.user_id),
        "login_password": plain(&spec.login_password),
        "pay_password": plain(&spec.pay_password),
    }))
}

/// Writes an application's keys; the names in the answer are relative to `folder`. The private
/// half is there when the sandbox made the pair.
fn write_keys(app: &App, folder: &Path, below: &str) -> Result<Value, FilesError> {
    let damaged = |source| FilesError::Key {
        app: app.name.clone(),
        source,
    };
    let place = folder.join(below);
    make_folder(&place)?;
    let alipay = PrivateKey::parse(&app.alipay_private_key).map_err(damaged)?;
    let public = PublicKey::parse(&app.app_public_key).map_err(damaged)?;
    let mut files = vec![
        ("app_public_key", "app_public_key.pem", public.to_pem()),
        (
            "alipay_public_key",
            "alipay_public_key.pem",
            alipay.public_key().to_pem(),
        ),
    ];
    if let Some(private) = &app.app_private_key {
        let private = PrivateKey::parse(private).map_err(damaged)?;
        files.push((
            "app_private_key",
            "app_private_key.pem",
            private.to_pkcs1_pem().to_string(),
        ));
        let pkcs8 = private.to_pkcs8_pem().to_string();
        files.push(("app_private_key_pkcs8", "app_private_key_pkcs8.pem", pkcs8));
    }
    let mut names = Map::new();
    for (key, name, text) in files {
        write_private(&place.join(name), &text)?;
        let name = Path::new(below).join(name).display().to_string();
        names.insert(key.to_owned(), Value::from(name));
    }
    Ok(Value::Object(names))
}

fn make_folder(folder: &Path) -> Result<(), FilesError> {
    std::fs::create_dir_all(folder).map_err(|source| FilesError::Write {
        file: folder.to_owned(),
        source,
    })
}

/// Writes beside and renames, so that a reader never sees half a key.
fn write_private(file: &Path, text: &str) -> Result<(), FilesError> {
    let beside = file.with_extension("new");
    let written = || {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut handle = options.open(&beside)?;
        handle.write_all(text.as_bytes())?;
        handle.sync_all()?;
        std::fs::rename(&beside, file)
    };
    written().map_err(|source| FilesError::Write {
        file: file.to_owned(),
        source,
    })
}

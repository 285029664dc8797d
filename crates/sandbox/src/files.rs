//! The files in `DIR/sandbox/` by which any SDK in any language is pointed at the sandbox.
//!
//! Each is written whole by rename and readable by its owner alone. Addresses are fresh at each
//! start; keys are the application's own and stay.

use crate::app::certificates::{Certificates, CertificatesError, ensure_certificates};
use crate::app::find_trade::list_apps;
use crate::{App, BuyerSpec, Password, Sandbox};
use alipay::keys::{KeyError, PrivateKey, PublicKey};
use serde_json::{Map, Value, json};
use std::io;
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
    /// A certificate cannot be made.
    #[error("the certificates of the application `{app}` cannot be made")]
    Certificates {
        /// Whose.
        app: String,
        /// Why.
        #[source]
        source: CertificatesError,
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
    let cx = sandbox.context();
    let apps = list_apps(cx).await?;
    make_folder(folder)?;
    let mut others = Map::new();
    let mut top = None;
    for app in &apps {
        let is_top = app.name == first;
        let below = if is_top { "" } else { &app.name };
        let source = |source| FilesError::Certificates {
            app: app.name.clone(),
            source,
        };
        let certs = ensure_certificates(cx, &app.app_id).await.map_err(source)?;
        let mut entry = Map::new();
        entry.insert("app_id".to_owned(), app.app_id.clone().into());
        entry.insert("seller_id".to_owned(), app.seller_id.clone().into());
        entry.insert("keys".to_owned(), write_keys(app, folder, below)?);
        entry.insert("certs".to_owned(), write_certs(&certs, folder, below)?);
        if let Some(aes_key) = &app.settings.aes_key {
            entry.insert("aes_key".to_owned(), aes_key.clone().into());
        }
        if is_top {
            top = Some(entry);
        } else {
            others.insert(app.name.clone(), entry.into());
        }
    }
    let mut file = top.ok_or_else(|| FilesError::NoSuchApp(first.to_owned()))?;
    let url = cx.public_url();
    for (name, value) in [
        ("gateway_url", Value::from(format!("{url}/gateway.do"))),
        ("v3_base_url", cx.v3_base_url().into()),
        ("console_url", format!("{url}/").into()),
        ("buyer", buyer(sandbox).await?),
        ("apps", others.into()),
    ] {
        file.insert(name.to_owned(), value);
    }
    let file = Value::from(file);
    write_private(&folder.join("sandbox.json"), &format!("{file:#}\n"))
}

/// Writes the three files of certificate mode under the names that Alipay's console gives them.
fn write_certs(certs: &Certificates, folder: &Path, below: &str) -> Result<Value, FilesError> {
    let place = Path::new(below).join("certs");
    make_folder(&folder.join(&place))?;
    let mut names = Map::new();
    for (key, name, text) in [
        ("app_cert", "appCertPublicKey.crt", &certs.app.pem),
        (
            "alipay_cert",
            "alipayCertPublicKey_RSA2.crt",
            &certs.alipay.pem,
        ),
        ("alipay_root_cert", "alipayRootCert.crt", &certs.bundle),
    ] {
        let name = place.join(name);
        write_private(&folder.join(&name), text)?;
        names.insert(key.to_owned(), name.display().to_string().into());
    }
    Ok(names.into())
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

fn write_private(file: &Path, text: &str) -> Result<(), FilesError> {
    service::private_file::write(file, text).map_err(|source| FilesError::Write {
        file: file.to_owned(),
        source,
    })
}

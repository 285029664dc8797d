//! The two files that an application can be read from: TOML of one's own, and a sandbox's JSON.

use super::settings::{Layer, Place};
use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::Value;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// No configuration is larger.
const MAX_BYTES: u64 = 1024 * 1024;
/// What a file of one's own may say.
const KEYS: &[&str] = &[
    "app_id",
    "seller_id",
    "gateway_url",
    "app_private_key",
    "alipay_public_key",
    "app_cert",
    "alipay_cert",
    "alipay_root_cert",
    "content_key",
    "app_auth_token",
    "proxy",
];

/// An application as TOML says it. Other keys of `tongbao serve` are none of our business.
#[derive(Debug, Deserialize)]
struct TomlApp {
    app_id: Option<String>,
    gateway_url: Option<String>,
    app_private_key: Option<String>,
    alipay_public_key: Option<String>,
    app_cert: Option<String>,
    alipay_cert: Option<String>,
    alipay_root_cert: Option<String>,
    content_key: Option<String>,
    app_auth_token: Option<String>,
    proxy: Option<String>,
}

/// The application of a TOML file: at its top, or that of `[merchants.M.apps.A]` which `app`
/// names as `A` or `M.A`.
///
/// # Errors
/// When the file cannot be read or has not that application.
pub(super) fn config(path: &Path, app: Option<&str>) -> anyhow::Result<Layer> {
    let shown = path.display();
    let text = read(path)?;
    let table: toml::Table =
        toml::from_str(&text).with_context(|| format!("`{shown}` is no TOML"))?;
    let found = match table.get("merchants") {
        Some(merchants) => served_app(merchants, app),
        None => own_app(&table, app),
    };
    let found = found.with_context(|| format!("`{shown}` cannot be used"))?;
    let said: TomlApp = found
        .try_into()
        .with_context(|| format!("`{shown}` cannot be used"))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let place = |name: &str, text: Option<String>| {
        text.map(|text| Place::parse(name, &text, folder))
            .transpose()
    };
    Ok(Layer {
        app_id: said.app_id,
        gateway_url: said.gateway_url,
        app_private_key: place("app_private_key", said.app_private_key)?,
        alipay_public_key: place("alipay_public_key", said.alipay_public_key)?,
        app_cert: place("app_cert", said.app_cert)?,
        alipay_cert: place("alipay_cert", said.alipay_cert)?,
        alipay_root_cert: place("alipay_root_cert", said.alipay_root_cert)?,
        content_key: place("content_key", said.content_key)?,
        app_auth_token: place("app_auth_token", said.app_auth_token)?,
        proxy: said.proxy,
    })
}

fn own_app(table: &toml::Table, app: Option<&str>) -> anyhow::Result<toml::Table> {
    if let Some(app) = app {
        bail!("it has one application at its top; --app {app} names one of several");
    }
    if let Some(unknown) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        bail!("unknown key `{unknown}`; known are: {}", KEYS.join(", "));
    }
    Ok(table.clone())
}

fn served_app(merchants: &toml::Value, app: Option<&str>) -> anyhow::Result<toml::Table> {
    let mut apps = Vec::new();
    for (merchant, entry) in merchants.as_table().into_iter().flatten() {
        let named = entry.get("apps").and_then(toml::Value::as_table);
        for (name, entry) in named.into_iter().flatten() {
            if let Some(entry) = entry.as_table() {
                apps.push((format!("{merchant}.{name}"), entry));
            }
        }
    }
    let all = apps.iter().map(|(name, _)| name.as_str());
    let all = all.collect::<Vec<_>>().join(", ");
    let is_meant = |name: &str| {
        app.is_none_or(|app| {
            name == app || name.split_once('.').is_some_and(|(_, last)| last == app)
        })
    };
    let mut meant = apps.iter().filter(|(name, _)| is_meant(name));
    match (meant.next(), meant.next()) {
        (Some((_, entry)), None) => Ok((*entry).clone()),
        (Some(_), Some(_)) => bail!("it has several applications; --app says which: {all}"),
        (None, _) => bail!("it has no such application; there are: {all}"),
    }
}

/// The application of a sandbox's file: the first, or one of its `apps`.
///
/// # Errors
/// When the file cannot be read or has not that application.
pub(super) fn sandbox(path: &Path, app: Option<&str>) -> anyhow::Result<Layer> {
    let path = sandbox_file(path);
    let shown = path.display();
    let text = read(&path)
        .context("is the sandbox started? `tongbao sandbox` and `tongbao demo` write that file")?;
    let file: Value =
        serde_json::from_str(&text).with_context(|| format!("`{shown}` is no JSON"))?;
    let found = match app {
        None => &file,
        Some(name) => file["apps"].get(name).with_context(|| {
            let apps = file["apps"].as_object();
            let names: Vec<&str> = apps.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            format!(
                "`{shown}` has no application `{name}`; there are: {}. Without --app it is the first one",
                names.join(", ")
            )
        })?,
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let place = |group: &str, name: &str| {
        found[group][name]
            .as_str()
            .map(|file| Place::File(folder.join(file)))
    };
    Ok(Layer {
        app_id: text(&found["app_id"]),
        gateway_url: text(&file["gateway_url"]),
        app_private_key: place("keys", "app_private_key"),
        alipay_public_key: place("keys", "alipay_public_key"),
        app_cert: place("certs", "app_cert"),
        alipay_cert: place("certs", "alipay_cert"),
        alipay_root_cert: place("certs", "alipay_root_cert"),
        ..Layer::default()
    })
}

/// The file itself, or the one in the folder that was named.
pub(super) fn sandbox_file(path: &Path) -> PathBuf {
    let inside = [path.join("sandbox.json"), path.join("sandbox/sandbox.json")];
    let found = inside.into_iter().find(|file| file.is_file());
    found
        .filter(|_| path.is_dir())
        .unwrap_or_else(|| path.to_owned())
}

/// The text of a configuration.
///
/// # Errors
/// When it cannot be read, or is no configuration by its size.
pub(super) fn read(path: &Path) -> anyhow::Result<String> {
    let shown = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("`{shown}` cannot be opened"))?;
    let mut text = String::new();
    file.take(MAX_BYTES + 1)
        .read_to_string(&mut text)
        .with_context(|| format!("`{shown}` cannot be read"))?;
    if u64::try_from(text.len()).is_ok_and(|len| len > MAX_BYTES) {
        bail!("`{shown}` is longer than 1 MiB; no configuration is");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, text: &str, app: Option<&str>) -> anyhow::Result<Layer> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        if name == "sandbox.json" {
            return sandbox(folder.path(), app);
        }
        config(&path, app)
    }

    const SERVED: &str = r#"
listen = "127.0.0.1:8600"
[merchants.acme.apps.main]
app_id = "1"
app_private_key = "a.pem"
[merchants.acme.apps.other]
app_id = "2"
[merchants.zoo.apps.main]
app_id = "3"
"#;

    #[test]
    fn an_application_is_chosen_by_its_name() {
        let id = |app| with("t.toml", SERVED, Some(app)).map(|layer| layer.app_id);
        assert_eq!(id("other").expect("one").as_deref(), Some("2"));
        assert_eq!(id("zoo.main").expect("one").as_deref(), Some("3"));
        for (app, says) in [
            (Some("main"), "several"),
            (Some("x"), "acme.other"),
            (None, "several"),
        ] {
            let error = format!("{:#}", with("t.toml", SERVED, app).expect_err("not one"));
            assert!(error.contains(says), "{error}");
        }
        let own = "app_id = \"1\"\napp_private_key = \"k/a.pem\"\n";
        let layer = with("t.toml", own, None).expect("good");
        let Some(Place::File(path)) = layer.app_private_key else {
            panic!("a file")
        };
        assert!(path.is_absolute() && path.ends_with("k/a.pem"));
        let error = format!(
            "{:#}",
            with("t.toml", "appid = \"1\"", None).expect_err("misspelt")
        );
        assert!(
            error.contains("appid") && error.contains("app_id"),
            "{error}"
        );
    }

    #[test]
    fn a_sandbox_is_named_by_its_file_or_its_folder() {
        let text = r#"{"app_id":"1","gateway_url":"http://127.0.0.1:1/gateway.do","keys":{"app_private_key":"a.pem"},
            "apps":{"mall":{"app_id":"2","keys":{"app_private_key":"mall/a.pem"}}}}"#;
        let first = with("sandbox.json", text, None).expect("good");
        assert_eq!(first.app_id.as_deref(), Some("1"));
        let mall = with("sandbox.json", text, Some("mall")).expect("good");
        assert_eq!(mall.app_id.as_deref(), Some("2"));
        assert_eq!(mall.gateway_url, first.gateway_url);
        let error = with("sandbox.json", text, Some("zoo")).expect_err("none");
        assert!(error.to_string().contains("mall"), "{error}");
    }
}

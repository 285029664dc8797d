//! What is configured, and where: flags win over the environment, and that over a file.

use super::file;
use crate::args::GatewayArgs;
use crate::commands::keys;
use crate::config::environment;
use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};

/// No key is longer when it stands in a single line.
const MAX_PLACE_LEN: usize = 400;

/// Where a key or token is: never itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// In a file.
    File(PathBuf),
    /// In a variable of the environment.
    Variable(String),
}

impl Place {
    /// Reads `PATH`, `file:PATH` or `env:NAME`; paths begin in `folder`.
    pub(super) fn parse(name: &str, text: &str, folder: &Path) -> anyhow::Result<Self> {
        if text.contains("-----BEGIN") || text.contains('\n') || text.len() > MAX_PLACE_LEN {
            bail!("{name} says where it is, a file or env:NAME; it never holds the key itself");
        }
        if let Some(variable) = text.strip_prefix("env:") {
            return Ok(Self::Variable(variable.to_owned()));
        }
        let path = text.strip_prefix("file:").unwrap_or(text);
        Ok(Self::File(folder.join(path)))
    }

    /// The text that is there.
    ///
    /// # Errors
    /// When it is missing or no key by its size.
    pub(super) fn read(&self) -> anyhow::Result<String> {
        match self {
            Self::File(path) => keys::read(path),
            Self::Variable(name) => {
                environment(name).with_context(|| format!("the variable `{name}` is not set"))
            }
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "`{}`", path.display()),
            Self::Variable(name) => write!(f, "the variable `{name}`"),
        }
    }
}

/// One place where things are configured.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub(super) app_id: Option<String>,
    pub(super) gateway_url: Option<String>,
    pub(super) app_private_key: Option<Place>,
    pub(super) alipay_public_key: Option<Place>,
    pub(super) app_cert: Option<Place>,
    pub(super) alipay_cert: Option<Place>,
    pub(super) alipay_root_cert: Option<Place>,
    pub(super) content_key: Option<Place>,
    pub(super) app_auth_token: Option<Place>,
    pub(super) proxy: Option<String>,
}

/// Everything together, the first layer winning.
#[derive(Debug)]
pub(super) struct Settings {
    layers: Vec<Layer>,
    cert_mode: bool,
}

impl Settings {
    /// Reads flags, environment and file.
    ///
    /// # Errors
    /// When a file cannot be read, or two files are named.
    pub(super) fn read(args: &GatewayArgs) -> anyhow::Result<Self> {
        let flags = from_flags(args)?;
        let app = args.app.clone().or_else(|| environment("TONGBAO_APP"));
        let asked = args.sandbox.is_some() || args.config.is_some();
        let elsewhere = |name: &str| environment(name).filter(|_| !asked).map(PathBuf::from);
        let sandbox = args
            .sandbox
            .clone()
            .or_else(|| elsewhere("TONGBAO_SANDBOX"));
        let config = args.config.clone().or_else(|| elsewhere("TONGBAO_CONFIG"));
        let layers = match (sandbox, config) {
            (Some(_), Some(_)) => {
                bail!("TONGBAO_SANDBOX and TONGBAO_CONFIG are both set; unset one of them")
            }
            // Whoever says "sandbox" must never reach a real gateway by a forgotten variable.
            (Some(path), None) => vec![flags, file::sandbox(&path, app.as_deref())?],
            (None, Some(path)) => {
                vec![
                    flags,
                    from_environment()?,
                    file::config(&path, app.as_deref())?,
                ]
            }
            (None, None) => vec![flags, from_environment()?],
        };
        Ok(Self {
            layers,
            cert_mode: args.cert_mode,
        })
    }

    /// The first layer's that has it.
    ///
    /// # Errors
    /// When none has; says by which names it can be given.
    pub(super) fn need<T: Clone>(
        &self,
        name: &str,
        field: impl Fn(&Layer) -> Option<&T>,
    ) -> anyhow::Result<T> {
        self.find(field).with_context(|| missing(name))
    }

    /// The first layer's that has it.
    pub(super) fn find<T: Clone>(&self, field: impl Fn(&Layer) -> Option<&T>) -> Option<T> {
        self.layers.iter().find_map(field).cloned()
    }

    /// Whether certificates are used: the first layer that names either decides, and the flag where
    /// it names both.
    pub(super) fn in_cert_mode(&self) -> bool {
        let decides = self.layers.iter().find_map(|layer| {
            let certs = [&layer.app_cert, &layer.alipay_cert, &layer.alipay_root_cert];
            let some = certs.iter().any(|cert| cert.is_some());
            (some || layer.alipay_public_key.is_some())
                .then_some(some && layer.alipay_public_key.is_none())
        });
        self.cert_mode || decides.unwrap_or(false)
    }
}

fn missing(name: &str) -> String {
    let flag = name.replace('_', "-");
    let variable = name.to_uppercase();
    let example = if name == "gateway" {
        ", for example --gateway https://openapi.alipay.com/gateway.do"
    } else {
        ""
    };
    format!(
        "there is no {name}: give --{flag}, set TONGBAO_{variable}, or name a file with --config or --sandbox{example}"
    )
}

fn from_flags(args: &GatewayArgs) -> anyhow::Result<Layer> {
    let here = Path::new("");
    let place = |name: &str, text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| Place::parse(name, text, here)).transpose()
    };
    Ok(Layer {
        app_id: args.app_id.clone(),
        gateway_url: args.gateway.clone(),
        app_private_key: place("--app-private-key", &args.app_private_key)?,
        alipay_public_key: place("--alipay-public-key", &args.alipay_public_key)?,
        app_cert: place("--app-cert", &args.app_cert)?,
        alipay_cert: place("--alipay-cert", &args.alipay_cert)?,
        alipay_root_cert: place("--alipay-root-cert", &args.alipay_root_cert)?,
        content_key: place("--content-key", &args.content_key)?,
        app_auth_token: place("--app-auth-token", &args.app_auth_token)?,
        proxy: args.proxy.clone(),
    })
}

fn from_environment() -> anyhow::Result<Layer> {
    let here = Path::new("");
    let place = |name: &str| {
        let text = environment(name);
        text.map(|text| Place::parse(name, &text, here)).transpose()
    };
    Ok(Layer {
        app_id: environment("TONGBAO_APP_ID"),
        gateway_url: environment("TONGBAO_GATEWAY"),
        app_private_key: place("TONGBAO_APP_PRIVATE_KEY")?,
        alipay_public_key: place("TONGBAO_ALIPAY_PUBLIC_KEY")?,
        app_cert: place("TONGBAO_APP_CERT")?,
        alipay_cert: place("TONGBAO_ALIPAY_CERT")?,
        alipay_root_cert: place("TONGBAO_ALIPAY_ROOT_CERT")?,
        content_key: place("TONGBAO_CONTENT_KEY")?,
        app_auth_token: place("TONGBAO_APP_AUTH_TOKEN")?,
        proxy: environment("TONGBAO_PROXY"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(change: impl FnOnce(&mut Layer)) -> Layer {
        let mut layer = Layer::default();
        change(&mut layer);
        layer
    }

    #[test]
    fn the_first_layer_wins_and_what_is_missing_is_named() {
        let settings = Settings {
            layers: vec![
                layer(|flags| flags.app_id = Some("1".to_owned())),
                layer(|file| {
                    file.app_id = Some("2".to_owned());
                    file.gateway_url = Some("https://x.example".to_owned());
                }),
            ],
            cert_mode: false,
        };
        let app_id = settings.need("app_id", |layer| layer.app_id.as_ref());
        assert_eq!(app_id.expect("given"), "1");
        let gateway = settings.need("gateway", |layer| layer.gateway_url.as_ref());
        assert_eq!(gateway.expect("given"), "https://x.example");
        let error = settings
            .need("app_private_key", |layer| layer.app_private_key.as_ref())
            .expect_err("missing");
        assert!(error.to_string().contains("--app-private-key"), "{error}");
        assert!(
            error.to_string().contains("TONGBAO_APP_PRIVATE_KEY"),
            "{error}"
        );
    }

    #[test]
    fn a_key_above_certificates_decides_the_mode() {
        let key = || layer(|one| one.alipay_public_key = Some(Place::Variable("K".to_owned())));
        let certs = || layer(|one| one.app_cert = Some(Place::Variable("C".to_owned())));
        let mode = |layers| {
            let settings = Settings {
                layers,
                cert_mode: false,
            };
            settings.in_cert_mode()
        };
        assert!(!mode(vec![key(), certs()]));
        assert!(mode(vec![certs(), key()]));
        assert!(!mode(vec![Layer::default()]));
    }

    #[test]
    fn a_place_is_no_key() {
        let folder = Path::new("/keys");
        let place = |text| Place::parse("app_private_key", text, folder);
        let file = |path: &str| Place::File(PathBuf::from(path));
        assert_eq!(place("a.pem").expect("a file"), file("/keys/a.pem"));
        assert_eq!(place("file:/b.pem").expect("a file"), file("/b.pem"));
        let variable = Place::Variable("KEY".to_owned());
        assert_eq!(place("env:KEY").expect("a variable"), variable);
        let pasted = "MIIE".repeat(300);
        for key in ["-----BEGIN PRIVATE KEY-----", pasted.as_str()] {
            let error = place(key).expect_err("a key").to_string();
            assert!(
                error.contains("never holds") && !error.contains("MIIE"),
                "{error}"
            );
        }
    }
}

//! The configuration of `tongbao serve`: a TOML file, every key also as `TONGBAO__…`.

use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What the file says. Unknown keys are errors, so that a misspelt one is not silently ignored.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where the merchant service listens.
    pub(crate) listen: SocketAddr,
    /// Where Alipay reaches `/notify/alipay`, without a slash at the end.
    pub(crate) public_url: String,
    /// `postgres://user@host/db` or `sqlite:PATH`.
    pub(crate) database: String,
    /// The tenants by name.
    #[serde(default)]
    pub(crate) merchants: BTreeMap<String, MerchantConfig>,
    /// Shops that run on this service, by kind.
    #[serde(default)]
    pub(crate) shops: BTreeMap<String, ShopConfig>,
    /// The folder of the file; relative paths start there.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

/// One tenant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MerchantConfig {
    /// Where its API keys are: `file:PATH` or `env:NAME`.
    #[serde(default)]
    pub(crate) api_keys: Vec<String>,
    /// What becomes of money that arrives after a close: `accept`, `refund` or `hold`.
    #[serde(default)]
    pub(crate) late_payment: LatePaymentConfig,
    /// Its Alipay applications by name.
    #[serde(default)]
    pub(crate) apps: BTreeMap<String, AppConfig>,
}

/// What becomes of money that arrives after a close.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LatePaymentConfig {
    /// The order counts as paid after all.
    Accept,
    /// The money goes back.
    #[default]
    Refund,
    /// Somebody decides.
    Hold,
}

/// One Alipay application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppConfig {
    /// Its id at Alipay.
    pub(crate) app_id: String,
    /// Whom buyers pay: the merchant's id at Alipay, `2088…`.
    pub(crate) seller_id: String,
    /// Which gateway it speaks to.
    pub(crate) gateway_url: String,
    /// Its private key file.
    pub(crate) app_private_key: PathBuf,
    /// Alipay's public key file, in public key mode.
    pub(crate) alipay_public_key: Option<PathBuf>,
    /// The application's certificate, `appCertPublicKey_….crt`, in certificate mode.
    pub(crate) app_cert: Option<PathBuf>,
    /// Alipay's certificate, `alipayCertPublicKey_RSA2.crt`.
    pub(crate) alipay_cert: Option<PathBuf>,
    /// The roots, `alipayRootCert.crt`.
    pub(crate) alipay_root_cert: Option<PathBuf>,
}

/// One shop.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShopConfig {
    /// Where it listens.
    pub(crate) listen: SocketAddr,
    /// Which merchant it belongs to.
    pub(crate) merchant: String,
    /// Where buyers and Alipay reach it; `http://` and the listening address when left out.
    #[serde(default)]
    pub(crate) public_url: Option<String>,
    /// Origins of front ends that may call its API from a browser.
    #[serde(default)]
    pub(crate) cors_origins: Vec<String>,
}

impl Config {
    /// Reads the file and the environment, and refuses what cannot work.
    ///
    /// # Errors
    /// Says which key of which file is wrong.
    pub(crate) fn load(file: &Path) -> anyhow::Result<Self> {
        let mut config: Self = config::Config::builder()
            .add_source(config::File::from(file).format(config::FileFormat::Toml))
            .add_source(
                config::Environment::with_prefix("TONGBAO")
                    .prefix_separator("__")
                    .separator("__"),
            )
            .build()
            .and_then(config::Config::try_deserialize)
            .with_context(|| format!("the configuration `{}` cannot be used", file.display()))?;
        config.folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        config.public_url = config.public_url.trim_end_matches('/').to_owned();
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        let url = url::Url::parse(&self.public_url)
            .with_context(|| format!("public_url `{}` is no address", self.public_url))?;
        if !matches!(url.scheme(), "http" | "https") {
            bail!(
                "public_url `{}` must begin with http:// or https://",
                self.public_url
            );
        }
        for (name, shop) in &self.shops {
            if name != "courses" {
                bail!("shops.{name}: there is no such shop; known is: courses");
            }
            if !self.merchants.contains_key(&shop.merchant) {
                bail!(
                    "shops.{name}.merchant: there is no [merchants.{}]",
                    shop.merchant
                );
            }
        }
        for (name, merchant) in &self.merchants {
            if merchant.apps.is_empty() {
                bail!("merchants.{name}: it has no application; add [merchants.{name}.apps.main]");
            }
        }
        Ok(())
    }

    /// A path of the file, from the file's own folder.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// Reads one API key from where the configuration says it is.
    ///
    /// # Errors
    /// When the file or variable is missing or empty, or the key itself was written down.
    pub(crate) fn api_key(&self, place: &str) -> anyhow::Result<String> {
        let key = if let Some(file) = place.strip_prefix("file:") {
            let file = self.path(Path::new(file));
            std::fs::read_to_string(&file)
                .with_context(|| format!("the API key `{}` cannot be read", file.display()))?
        } else if let Some(name) = place.strip_prefix("env:") {
            environment(name).with_context(|| format!("the variable `{name}` is not set"))?
        } else {
            bail!(
                "api_keys says where a key is, file:PATH or env:NAME; it never holds the key itself"
            );
        };
        let key = key.trim().to_owned();
        if key.len() < 16 {
            bail!("the API key at `{place}` is shorter than 16 characters");
        }
        Ok(key)
    }
}

/// A variable of the environment; `None` when it is not set, empty, or no text.
#[expect(clippy::disallowed_methods, reason = "configuration is read here")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> anyhow::Result<Config> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tongbao.toml");
        std::fs::write(&file, text).expect("a file");
        Config::load(&file)
    }

    const GOOD: &str = r#"
listen = "127.0.0.1:8600"
public_url = "https://pay.example.com/"
database = "sqlite:data/merchant.db"
[merchants.acme]
api_keys = ["file:api_key.txt"]
[merchants.acme.apps.main]
app_id = "2021000000000001"
seller_id = "2088000000000001"
gateway_url = "https://openapi.alipay.com/gateway.do"
app_private_key = "keys/app_private_key.pem"
alipay_public_key = "keys/alipay_public_key.pem"
[shops.courses]
listen = "127.0.0.1:8601"
merchant = "acme"
"#;

    #[test]
    fn reads_the_documented_file() {
        let config = load(GOOD).expect("it is good");
        assert_eq!(config.public_url, "https://pay.example.com");
        assert_eq!(
            config.merchants["acme"].apps["main"].app_id,
            "2021000000000001"
        );
        assert!(config.path(Path::new("keys/x.pem")).is_absolute());
    }

    #[test]
    fn unknown_keys_and_dangling_names_are_errors() {
        for (wrong, right, says) in [
            ("lisen = ", "listen = ", "lisen"),
            ("merchant = \"acm\"", "merchant = \"acme\"", "acm"),
            ("[shops.bakery]", "[shops.courses]", "bakery"),
            (
                "public_url = \"ftp://x\"",
                "public_url = \"https://pay.example.com/\"",
                "http",
            ),
        ] {
            let text = GOOD.replace(right, wrong);
            let error = format!("{:#}", load(&text).expect_err(wrong));
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_key_written_into_the_file_is_refused() {
        let config = load(GOOD).expect("it is good");
        let error = config
            .api_key("sk_live_1234567890123456")
            .expect_err("no place");
        assert!(error.to_string().contains("never holds the key"));
    }
}

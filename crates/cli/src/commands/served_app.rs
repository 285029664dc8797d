//! An application as the configuration of `tongbao serve` describes it, in either of Alipay's two
//! modes; what is wrong with a file is said of that file.

use super::keys;
use crate::config::{AppConfig, Config};
use alipay::cert::{CertFiles, Certificate, Roots, Trust};
use alipay::keys::PrivateKey;
use alipay::{AlipayTime, App, CertMode};
use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The three files of certificate mode, as text.
struct CertTexts {
    app: String,
    alipay: String,
    root: String,
}

/// The application with its keys or certificates read.
///
/// # Errors
/// Says which file is wrong, what is wrong with it, and what belongs there.
pub(super) fn alipay_app(config: &Config, app: &AppConfig) -> anyhow::Result<App> {
    url::Url::parse(&app.gateway_url)
        .with_context(|| format!("gateway_url `{}` is no address", app.gateway_url))?;
    let private = keys::private(&config.path(&app.app_private_key)).context("app_private_key")?;
    let (app_id, gateway) = (&app.app_id, &app.gateway_url);
    let made = match (&app.alipay_public_key, certificates(app)?) {
        (Some(_), Some(_)) => bail!(
            "it names alipay_public_key and certificates; an application is in one of the two modes, so take one out"
        ),
        (None, None) => bail!(
            "it has no alipay_public_key; give that, or in certificate mode app_cert, alipay_cert and alipay_root_cert"
        ),
        (Some(file), None) => {
            let public = keys::public(&config.path(file)).context("alipay_public_key")?;
            if private.pairs_with(&public) {
                bail!(
                    "alipay_public_key is the application's own public key; copy Alipay's from its console"
                );
            }
            App::new(app_id, gateway, private, public)
        }
        (None, Some(files)) => {
            let mode = cert_mode(config, &private, files)?;
            App::in_cert_mode(app_id, gateway, Arc::new(private), mode)
        }
    };
    Ok(App {
        seller_id: Some(app.seller_id.clone()),
        ..made
    })
}

/// Until when the application's and Alipay's certificates are in force; none in key mode.
///
/// # Errors
/// When a file is not what it should be.
pub(super) fn in_force_until(
    config: &Config,
    app: &AppConfig,
) -> anyhow::Result<Option<[(&'static str, AlipayTime); 2]>> {
    let Some(files) = certificates(app)? else {
        return Ok(None);
    };
    let [app_cert, alipay_cert, _] = files.map(|file| config.path(file));
    let until = |name: &'static str, file: &Path| {
        let text = keys::read(file).context(name)?;
        certificate(name, file, &text).map(|found| (name, found.not_after()))
    };
    Ok(Some([
        until("app_cert", &app_cert)?,
        until("alipay_cert", &alipay_cert)?,
    ]))
}

/// The three files, or none of them.
fn certificates(app: &AppConfig) -> anyhow::Result<Option<[&PathBuf; 3]>> {
    match (&app.app_cert, &app.alipay_cert, &app.alipay_root_cert) {
        (None, None, None) => Ok(None),
        (Some(app), Some(alipay), Some(root)) => Ok(Some([app, alipay, root])),
        (app, alipay, _) => {
            let missing = match (app, alipay) {
                (None, _) => "app_cert (appCertPublicKey_….crt)",
                (_, None) => "alipay_cert (alipayCertPublicKey_RSA2.crt)",
                _ => "alipay_root_cert (alipayRootCert.crt)",
            };
            bail!(
                "certificate mode needs three files, and {missing} is not given; Alipay's console hands out all three"
            )
        }
    }
}

fn cert_mode(
    config: &Config,
    private: &PrivateKey,
    files: [&PathBuf; 3],
) -> anyhow::Result<CertMode> {
    let [app_file, alipay_file, root_file] = files.map(|file| config.path(file));
    let texts = CertTexts {
        app: keys::read(&app_file).context("app_cert")?,
        alipay: keys::read(&alipay_file).context("alipay_cert")?,
        root: keys::read(&root_file).context("alipay_root_cert")?,
    };
    let own = certificate("app_cert", &app_file, &texts.app)?;
    let alipays = certificate("alipay_cert", &alipay_file, &texts.alipay)?;
    Roots::parse(&texts.root).with_context(|| {
        format!(
            "alipay_root_cert, `{}`, cannot be used; alipayRootCert.crt belongs there",
            root_file.display()
        )
    })?;
    let roots = Certificate::parse_bundle(&texts.root)?;
    if roots
        .iter()
        .any(|root| root.sn() == own.sn() || root.sn() == alipays.sn())
    {
        bail!(
            "alipay_root_cert, `{}`, holds a certificate of one party, not the roots; alipayRootCert.crt belongs there",
            root_file.display()
        );
    }
    if private.pairs_with(&alipays.public_key()?) {
        bail!(
            "alipay_cert, `{}`, is the application's own certificate; alipayCertPublicKey_RSA2.crt belongs there",
            alipay_file.display()
        );
    }
    if !private.pairs_with(&own.public_key()?) {
        bail!(
            "app_cert, `{}`, is no certificate of app_private_key: it was issued for another key; download the one of this key from Alipay's console",
            app_file.display()
        );
    }
    let files = CertFiles {
        app: &texts.app,
        alipay: &texts.alipay,
        root: &texts.root,
    };
    CertMode::open(files, Trust::Roots).with_context(|| {
        format!(
            "alipay_cert, `{}`, does not lead to a root of alipay_root_cert, `{}`; both must come from the same console",
            alipay_file.display(),
            root_file.display()
        )
    })
}

fn certificate(name: &str, file: &Path, text: &str) -> anyhow::Result<Certificate> {
    Certificate::parse(text).with_context(|| {
        let belongs = match name {
            "app_cert" => "appCertPublicKey_….crt",
            _ => "alipayCertPublicKey_RSA2.crt",
        };
        format!(
            "{name}, `{}`, cannot be used; {belongs} belongs there",
            file.display()
        )
    })
}

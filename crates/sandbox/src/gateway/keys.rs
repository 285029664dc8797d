//! An application's keys, read once.

use crate::domain::{App, AppCert, Authority, CertOwner};
use alipay::cert::{Certificate, Roots};
use alipay::content::ContentKey;
use alipay::keys::{PrivateKey, PublicKey};
use alipay::sign::SignType;
use store::StoreError;

/// The keys by which the gateway speaks with one application.
#[derive(Debug)]
pub struct CallerKeys {
    /// Verifies what the application signs.
    pub app_public_key: PublicKey,
    /// Signs what Alipay says to it.
    pub alipay_private_key: PrivateKey,
    /// How notices and returns to it are signed.
    pub sign_type: SignType,
    /// Encrypts and decrypts contents.
    pub content_key: Option<ContentKey>,
    /// What was issued for it, once it asked for certificates.
    pub certs: Option<CallerCerts>,
}

/// The certificates of one application.
#[derive(Debug)]
pub struct CallerCerts {
    /// The serial number of the roots.
    pub root_sn: String,
    /// Those of the application, each with its key.
    pub of_app: Vec<(AppCert, PublicKey)>,
    /// Those of Alipay, the current one first.
    pub of_alipay: Vec<AppCert>,
}

impl CallerCerts {
    /// The serial number of the certificate that vouches for Alipay's signatures now.
    #[must_use]
    pub fn alipay_sn(&self) -> Option<&str> {
        self.of_alipay.first().map(|cert| cert.sn.as_str())
    }
}

impl CallerKeys {
    /// Reads the keys of an application's row, and what was issued for it.
    ///
    /// # Errors
    /// When a row holds something else.
    pub fn read(
        app: &App,
        authority: Option<&Authority>,
        certs: Vec<AppCert>,
    ) -> Result<Self, StoreError> {
        let inconsistent = |what: &str| StoreError::Inconsistent {
            table: "sandbox_apps",
            id: app.app_id.clone(),
            what: what.to_owned(),
        };
        let app_public_key = PublicKey::parse(&app.app_public_key)
            .map_err(|_| inconsistent("its public key cannot be read"))?;
        let alipay_private_key = PrivateKey::parse(&app.alipay_private_key)
            .map_err(|_| inconsistent("its Alipay key cannot be read"))?;
        let content_key = match &app.settings.aes_key {
            Some(text) => Some(
                ContentKey::parse(text).map_err(|_| inconsistent("its AES key cannot be read"))?,
            ),
            None => None,
        };
        let damaged = |_| inconsistent("its certificates cannot be read");
        let certs = match authority {
            Some(authority) if !certs.is_empty() => {
                Some(read_certs(authority, certs).map_err(damaged)?)
            }
            _ => None,
        };
        Ok(Self {
            app_public_key,
            alipay_private_key,
            sign_type: SignType::parse(&app.sign_type).unwrap_or_default(),
            content_key,
            certs,
        })
    }
}

fn read_certs(
    authority: &Authority,
    certs: Vec<AppCert>,
) -> Result<CallerCerts, alipay::cert::CertError> {
    let root_sn = Roots::parse(&authority.bundle)?.sn().to_owned();
    let (of_app, mut of_alipay): (Vec<_>, Vec<_>) = certs
        .into_iter()
        .partition(|cert| cert.owner == CertOwner::App);
    of_alipay.sort_by_key(|cert| cert.superseded_at.is_some());
    let with_key = |cert: AppCert| {
        let key = Certificate::parse(&cert.pem)?.public_key()?;
        Ok((cert, key))
    };
    Ok(CallerCerts {
        root_sn,
        of_app: of_app.into_iter().map(with_key).collect::<Result<_, _>>()?,
        of_alipay,
    })
}

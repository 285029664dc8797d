//! Certificates: the authority is made when somebody first needs one, and so are an application's.

use crate::certs::{self, Validity};
use crate::context::Context;
use crate::domain::{App, AppCert, Authority, CertOwner, CertState};
use crate::store::{apps, certs as rows};
use alipay::cert::{CertError, Certificate};
use alipay::keys::{KeyError, PrivateKey, PublicKey};
use kernel::Timestamp;
use kernel::time::DAY_MS;
use store::StoreError;

/// How long a certificate is in force.
pub const CERT_DAYS: i64 = 5 * 365;
/// A certificate with less than this left is issued anew at the next start.
const RENEW_MS: i64 = 30 * DAY_MS;

/// The three files of certificate mode.
#[derive(Clone, Debug)]
pub struct Certificates {
    /// The roots, as PEM.
    pub bundle: String,
    /// The application's.
    pub app: AppCert,
    /// Alipay's, its issuer behind it.
    pub alipay: AppCert,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificatesError {
    /// No application has that number.
    #[error("there is no application {0}")]
    NoSuchApp(String),
    /// A stored key is none.
    #[error("a key of the application cannot be read")]
    Key(#[from] KeyError),
    /// The library failed.
    #[error("no certificate can be made")]
    Make(#[from] rcgen::Error),
    /// What was made is no certificate.
    #[error("what was made cannot be read")]
    Read(#[from] CertError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An application with all that was issued for it, newest first, and the authority.
struct Issued {
    app: App,
    authority: Option<Authority>,
    certs: Vec<AppCert>,
}

async fn find(cx: &Context, app_id: &str) -> Result<Issued, CertificatesError> {
    let wanted = app_id.to_owned();
    let found = cx
        .db()
        .read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let Some(app) = apps::find(tx, &wanted).await? else {
                    return Ok(None);
                };
                let authority = rows::find_authority(tx).await?;
                let certs = rows::list(tx, &wanted).await?;
                Ok::<_, StoreError>(Some(Issued {
                    app,
                    authority,
                    certs,
                }))
            })
        })
        .await?;
    found.ok_or_else(|| CertificatesError::NoSuchApp(app_id.to_owned()))
}

/// The certificates of an application, issued when they are missing or about to run out.
///
/// # Errors
/// When there is no such application, a certificate cannot be made, or the database fails.
pub async fn ensure_certificates(
    cx: &Context,
    app_id: &str,
) -> Result<Certificates, CertificatesError> {
    let issued = find(cx, app_id).await?;
    let authority = match issued.authority {
        Some(authority) => authority,
        None => ensure_authority(cx).await?,
    };
    let (app, authority, certs) = (&issued.app, &authority, &issued.certs);
    Ok(Certificates {
        app: ensure_one(cx, app, authority, certs, CertOwner::App).await?,
        alipay: ensure_one(cx, app, authority, certs, CertOwner::Alipay).await?,
        bundle: authority.bundle.clone(),
    })
}

async fn ensure_one(
    cx: &Context,
    app: &App,
    authority: &Authority,
    certs: &[AppCert],
    owner: CertOwner,
) -> Result<AppCert, CertificatesError> {
    let soon = cx.parts().wall.now().plus_ms(RENEW_MS);
    let current = certs
        .iter()
        .find(|cert| cert.owner == owner && cert.superseded_at.is_none());
    match current {
        Some(cert) if cert.state(soon) == CertState::InForce => Ok(cert.clone()),
        _ => issue(cx, app, authority, owner, CERT_DAYS).await,
    }
}

/// Issues a certificate anew: of the same key, with another serial number. Alipay's new one signs
/// from now on; the old ones go on working, the application's for a week.
///
/// # Errors
/// When there is no such application, a certificate cannot be made, or the database fails.
pub async fn renew_certificate(
    cx: &Context,
    app_id: &str,
    owner: CertOwner,
    days: i64,
) -> Result<AppCert, CertificatesError> {
    let issued = find(cx, app_id).await?;
    let authority = match issued.authority {
        Some(authority) => authority,
        None => ensure_authority(cx).await?,
    };
    issue(cx, &issued.app, &authority, owner, days).await
}

async fn ensure_authority(cx: &Context) -> Result<Authority, CertificatesError> {
    let now = cx.parts().wall.now();
    let serials = [serial(cx), serial(cx), serial(cx)];
    // Making keys takes a while; other work goes on meanwhile.
    let made = tokio::task::spawn_blocking(move || certs::make_authority(now, serials)).await;
    let made = match made {
        Ok(made) => made?,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    };
    let kept = cx
        .db()
        .write(move |tx| {
            let made = made.clone();
            Box::pin(async move {
                rows::insert_authority(tx, &made, now).await?;
                // Two may have made one at once: the first stays.
                let kept = rows::find_authority(tx).await?;
                Ok::<_, StoreError>(kept.unwrap_or(made))
            })
        })
        .await?;
    Ok(kept)
}

async fn issue(
    cx: &Context,
    app: &App,
    authority: &Authority,
    owner: CertOwner,
    days: i64,
) -> Result<AppCert, CertificatesError> {
    let now = cx.parts().wall.now();
    let key = match owner {
        CertOwner::App => PublicKey::parse(&app.app_public_key)?,
        CertOwner::Alipay => PrivateKey::parse(&app.alipay_private_key)?
            .public_key()
            .clone(),
    };
    let validity = validity(now, days);
    let pem = certs::issue(authority, app, owner, &key, serial(cx), validity)?;
    let cert = AppCert {
        sn: Certificate::parse(&pem)?.sn().to_owned(),
        app_id: app.app_id.clone(),
        owner,
        pem,
        not_before: validity.from,
        not_after: validity.to,
        issued_at: now,
        superseded_at: None,
    };
    let row = cert.clone();
    cx.db()
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move { rows::insert(tx, &row).await })
        })
        .await?;
    cx.forget_caller(&app.app_id);
    Ok(cert)
}

/// From a day ago, because clocks differ, whole seconds, because certificates have no more.
fn validity(now: Timestamp, days: i64) -> Validity {
    let second = now.plus_ms(-now.ms().rem_euclid(1_000));
    Validity {
        from: second.plus_ms(-DAY_MS),
        to: second.plus_ms(days.saturating_mul(DAY_MS)),
    }
}

fn serial(cx: &Context) -> [u8; 16] {
    let mut bytes = [0; 16];
    cx.rng().fill(&mut bytes);
    bytes
}

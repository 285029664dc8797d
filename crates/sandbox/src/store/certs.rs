//! The sandbox's certificate authority, and what it issued.

use crate::domain::{AppCert, Authority};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;

::store::statements! {
    /// Keeps the authority; the first one stays.
    INSERT_AUTHORITY = "INSERT INTO sandbox_authority (authority_id, bundle, issuer_cert, issuer_key, made_at) VALUES ('own', $1, $2, $3, $4) ON CONFLICT DO NOTHING";
    /// The authority.
    FIND_AUTHORITY = "SELECT bundle, issuer_cert, issuer_key FROM sandbox_authority WHERE authority_id = 'own'";
    /// Adds a certificate.
    INSERT_CERT = "INSERT INTO sandbox_certs (sn, app_id, owner, pem, not_before, not_after, issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// The certificates of an application, newest first.
    LIST_CERTS = "SELECT sn, app_id, owner, pem, not_before, not_after, issued_at, superseded_at FROM sandbox_certs WHERE app_id = $1 ORDER BY issued_at DESC, sn";
    /// Marks those before a new one.
    SUPERSEDE_CERTS = "UPDATE sandbox_certs SET superseded_at = $1 WHERE app_id = $2 AND owner = $3 AND superseded_at IS NULL AND sn <> $4";
}

/// Keeps the authority; one that is there stays.
///
/// # Errors
/// What the engine said.
pub async fn insert_authority(
    tx: &mut Tx<'_>,
    authority: &Authority,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = params![
        &authority.bundle,
        &authority.issuer_cert,
        &authority.issuer_key,
        now,
    ];
    tx.execute(&INSERT_AUTHORITY, &values).await?;
    Ok(())
}

/// The authority, once there is one.
///
/// # Errors
/// What the engine said.
pub async fn find_authority(tx: &mut Tx<'_>) -> Result<Option<Authority>, StoreError> {
    let row = tx.query_opt(&FIND_AUTHORITY, &[]).await?;
    row.map(|row| {
        Ok(Authority {
            bundle: row.text("bundle")?.to_owned(),
            issuer_cert: row.text("issuer_cert")?.to_owned(),
            issuer_key: row.text("issuer_key")?.to_owned(),
        })
    })
    .transpose()
}

/// Adds a certificate, in the place of those of the same owner before it.
///
/// # Errors
/// What the engine said.
pub async fn insert(tx: &mut Tx<'_>, cert: &AppCert) -> Result<(), StoreError> {
    let values = params![
        &cert.sn,
        &cert.app_id,
        cert.owner.as_str(),
        &cert.pem,
        cert.not_before,
        cert.not_after,
        cert.issued_at,
    ];
    tx.execute_one(&INSERT_CERT, &values).await?;
    let values = params![cert.issued_at, &cert.app_id, cert.owner.as_str(), &cert.sn];
    tx.execute(&SUPERSEDE_CERTS, &values).await?;
    Ok(())
}

/// The certificates of an application, newest first.
///
/// # Errors
/// What the engine said.
pub async fn list(tx: &mut Tx<'_>, app_id: &str) -> Result<Vec<AppCert>, StoreError> {
    let rows = tx.query(&LIST_CERTS, &params![app_id]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<AppCert, StoreError> {
    Ok(AppCert {
        sn: row.text("sn")?.to_owned(),
        app_id: row.text("app_id")?.to_owned(),
        owner: row.parse("owner")?,
        pem: row.text("pem")?.to_owned(),
        not_before: row.time("not_before")?,
        not_after: row.time("not_after")?,
        issued_at: row.time("issued_at")?,
        superseded_at: row.opt_time("superseded_at")?,
    })
}

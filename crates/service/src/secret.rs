//! Secrets that a service makes for itself and keeps in its database, so that links, forms and
//! sessions outlive a restart and hold on every process of the service.

use kernel::Rng;
use std::fmt;
use std::sync::Arc;
use store::{Db, StoreError, params};
use zeroize::Zeroizing;

store::statements! {
    /// Keeps the first secret of a name.
    INSERT_SECRET = "INSERT INTO service_secrets (name, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    /// The secret of a name.
    FIND_SECRET = "SELECT secret FROM service_secrets WHERE name = $1";
}

/// 32 random bytes that never show in a log.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<[u8; 32]>>);

impl Secret {
    /// A secret of given bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(bytes)))
    }

    /// A new secret that nobody keeps.
    #[must_use]
    pub fn random(rng: &dyn Rng) -> Self {
        let mut bytes = [0; 32];
        rng.fill(&mut bytes);
        Self::new(bytes)
    }

    /// The secret of that name, made when it is missing.
    ///
    /// # Errors
    /// When the database fails, or holds something else there.
    pub async fn load(db: &Db, rng: &dyn Rng, name: &'static str) -> Result<Self, StoreError> {
        let mut fresh = [0; 32];
        rng.fill(&mut fresh);
        let fresh = hex::encode(fresh);
        db.write(move |tx| {
            let fresh = fresh.clone();
            Box::pin(async move {
                tx.execute(&INSERT_SECRET, &params![name, fresh]).await?;
                let row = tx.query_one(&FIND_SECRET, &params![name]).await?;
                let mut bytes = [0; 32];
                hex::decode_to_slice(row.text("secret")?, &mut bytes).map_err(|_| {
                    StoreError::Inconsistent {
                        table: "service_secrets",
                        id: name.to_owned(),
                        what: "not 64 hex digits".to_owned(),
                    }
                })?;
                Ok(Self::new(bytes))
            })
        })
        .await
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

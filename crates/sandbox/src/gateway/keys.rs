//! An application's keys, read once.

use crate::domain::App;
use alipay::keys::{PrivateKey, PublicKey};
use store::StoreError;

/// The keys by which the gateway speaks with one application.
#[derive(Debug)]
pub struct CallerKeys {
    /// Verifies what the application signs.
    pub app_public_key: PublicKey,
    /// Signs what Alipay says to it.
    pub alipay_private_key: PrivateKey,
}

impl CallerKeys {
    /// Reads the keys of an application's row.
    ///
    /// # Errors
    /// When the row holds something else.
    pub fn read(app: &App) -> Result<Self, StoreError> {
        let inconsistent = |what: &str| StoreError::Inconsistent {
            table: "sandbox_apps",
            id: app.app_id.clone(),
            what: what.to_owned(),
        };
        let app_public_key = PublicKey::parse(&app.app_public_key)
            .map_err(|_| inconsistent("its public key cannot be read"))?;
        let alipay_private_key = PrivateKey::parse(&app.alipay_private_key)
            .map_err(|_| inconsistent("its Alipay key cannot be read"))?;
        Ok(Self {
            app_public_key,
            alipay_private_key,
        })
    }
}

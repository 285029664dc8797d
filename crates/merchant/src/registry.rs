//! Who the merchants are and which applications they have: read once, looked up by every request.

use crate::parts::{LatePolicy, MerchantSpec};
use std::collections::HashMap;
use std::sync::Arc;

/// A merchant of the service.
#[derive(Debug)]
pub struct MerchantEntry {
    /// Its name.
    pub name: String,
    /// SHA-256 of its API keys, hex.
    pub api_key_hashes: Vec<String>,
    /// Its applications' numbers, the default one first.
    pub app_ids: Vec<String>,
    /// What becomes of late money.
    pub late_policy: LatePolicy,
}

/// An application of a merchant.
#[derive(Debug)]
pub struct AppEntry {
    /// Whose it is.
    pub merchant: Arc<MerchantEntry>,
    /// What the merchant calls it.
    pub name: String,
    /// Calls the gateway for it; holds its number, keys and seller.
    pub client: ::alipay::Client,
}

/// All of them.
#[derive(Debug, Default)]
pub struct Registry {
    merchants: HashMap<String, Arc<MerchantEntry>>,
    apps: HashMap<String, Arc<AppEntry>>,
}

/// Why merchants cannot be served together.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RegistryError {
    /// Two of one name.
    #[error("there are two merchants called `{0}`")]
    SameMerchant(String),
    /// A notice names only the application: it must be one merchant's.
    #[error("the application {0} belongs to two merchants")]
    SameApp(String),
    /// Nothing to be paid through.
    #[error("the merchant `{0}` has no application")]
    NoApp(String),
}

impl Registry {
    pub(crate) fn new(
        specs: Vec<MerchantSpec>,
        transport: &Arc<dyn ::alipay::transport::Transport>,
    ) -> Result<Self, RegistryError> {
        let mut registry = Self::default();
        for spec in specs {
            if spec.apps.is_empty() {
                return Err(RegistryError::NoApp(spec.name));
            }
            let ids = spec.apps.iter().map(|app| app.alipay.app_id.clone());
            let merchant = Arc::new(MerchantEntry {
                name: spec.name.clone(),
                api_key_hashes: spec.api_key_hashes,
                app_ids: ids.collect(),
                late_policy: spec.late_policy,
            });
            for app in spec.apps {
                let app_id = app.alipay.app_id.clone();
                let entry = Arc::new(AppEntry {
                    merchant: merchant.clone(),
                    name: app.name,
                    client: ::alipay::Client::new(app.alipay, transport.clone()),
                });
                if registry.apps.insert(app_id.clone(), entry).is_some() {
                    return Err(RegistryError::SameApp(app_id));
                }
            }
            if registry
                .merchants
                .insert(spec.name.clone(), merchant)
                .is_some()
            {
                return Err(RegistryError::SameMerchant(spec.name));
            }
        }
        Ok(registry)
    }

    /// The merchant of that name.
    pub fn merchant(&self, name: &str) -> Option<&Arc<MerchantEntry>> {
        self.merchants.get(name)
    }

    /// The application of that number.
    pub fn app(&self, app_id: &str) -> Option<&Arc<AppEntry>> {
        self.apps.get(app_id)
    }

    /// Every application.
    pub fn apps(&self) -> impl Iterator<Item = &Arc<AppEntry>> {
        self.apps.values()
    }

    /// The merchant that this API key belongs to. Looks at every key, whatever it finds.
    pub fn by_api_key(&self, key: &str) -> Option<&Arc<MerchantEntry>> {
        let hash = service::api_key::hash_hex(key);
        let mut found = None;
        for merchant in self.merchants.values() {
            for known in &merchant.api_key_hashes {
                if service::api_key::same(&hash, known) {
                    found = Some(merchant);
                }
            }
        }
        found
    }
}

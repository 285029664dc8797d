//! Keys of the world, made once in a process: the library that makes them takes no seed.

use alipay::keys::{KeyError, PrivateKey};
use std::sync::OnceLock;

/// An application with its keys and Alipay's.
#[derive(Clone, Debug)]
pub struct KeyRing {
    /// Its number at Alipay.
    pub app_id: &'static str,
    /// Who gets its money.
    pub seller_id: &'static str,
    /// Signs its requests.
    pub app: PrivateKey,
    /// Signs what Alipay tells it.
    pub alipay: PrivateKey,
}

/// The applications of the world.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The courses shop's.
    pub courses: KeyRing,
    /// Another tenant's of the same merchant service.
    pub other: KeyRing,
}

const BITS: u32 = 2048;

impl KeyRing {
    fn generate(app_id: &'static str, seller_id: &'static str) -> Result<Self, KeyError> {
        Ok(Self {
            app_id,
            seller_id,
            app: PrivateKey::generate(BITS)?,
            alipay: PrivateKey::generate(BITS)?,
        })
    }
}

impl Keys {
    /// The keys of this process.
    ///
    /// # Panics
    /// When the library makes no keys, which it does only without entropy.
    pub fn of_process() -> &'static Self {
        static KEYS: OnceLock<Keys> = OnceLock::new();
        KEYS.get_or_init(|| {
            let made =
                KeyRing::generate("9021000100000001", "2088721000000001").and_then(|courses| {
                    let other = KeyRing::generate("9021000100000002", "2088721000000002")?;
                    Ok(Self { courses, other })
                });
            made.expect("the library makes keys")
        })
    }
}

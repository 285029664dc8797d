//! Passwords of people: argon2id, on a blocking thread, and the same time for a name that nobody has.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::Rng;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// More than anybody types; longer ones would only cost us time.
pub const MAX_PASSWORD_BYTES: usize = 256;

/// Hashes and verifies passwords at one cost. Clones share it.
#[derive(Clone)]
pub struct Passwords {
    params: Params,
    rng: Arc<dyn Rng>,
    nobody: Arc<str>,
}

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Empty, or longer than [`MAX_PASSWORD_BYTES`].
    #[error("a password has 1 to {MAX_PASSWORD_BYTES} bytes")]
    Length,
    /// The library or the thread failed.
    #[error("the password could not be hashed: {0}")]
    Broken(String),
}

impl Passwords {
    /// At the cost that OWASP asks for: 19 MiB, two passes.
    #[must_use]
    pub fn new(rng: Arc<dyn Rng>) -> Self {
        Self::with(Params::DEFAULT, rng)
    }

    /// At almost no cost: for tests and simulated worlds.
    #[must_use]
    pub fn cheap(rng: Arc<dyn Rng>) -> Self {
        Self::with(Params::new(8, 1, 1, None).unwrap_or_default(), rng)
    }

    fn with(params: Params, rng: Arc<dyn Rng>) -> Self {
        let nobody = hash_now(&params, b"nobody's password", &[7; 16]).unwrap_or_default();
        Self {
            params,
            rng,
            nobody: nobody.into(),
        }
    }

    /// The hash of a password with a fresh salt, as a PHC string: `$argon2id$v=19$…`.
    ///
    /// # Errors
    /// When it is empty or too long, or the library fails.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        if password.is_empty() || password.len() > MAX_PASSWORD_BYTES {
            return Err(PasswordError::Length);
        }
        let mut salt = [0; 16];
        self.rng.fill(&mut salt);
        let params = self.params.clone();
        let password = Zeroizing::new(password.to_owned());
        tokio::task::spawn_blocking(move || hash_now(&params, password.as_bytes(), &salt))
            .await
            .unwrap_or_else(|error| Err(PasswordError::Broken(error.to_string())))
    }

    /// Whether `password` is the one of `stored`. Without a stored one (no such user) it takes as
    /// long and says no, so that the time does not tell which names exist.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> bool {
        let plausible = !password.is_empty() && password.len() <= MAX_PASSWORD_BYTES;
        let known = stored.is_some();
        let hash = stored.map_or_else(|| Arc::clone(&self.nobody), Arc::from);
        let password = Zeroizing::new(if plausible {
            password.to_owned()
        } else {
            String::new()
        });
        let fits = tokio::task::spawn_blocking(move || {
            let verifier: Argon2<'_> = Argon2::default();
            verifier
                .verify_password(password.as_bytes(), &*hash)
                .is_ok()
        })
        .await
        .unwrap_or(false);
        fits && known && plausible
    }
}

fn hash_now(params: &Params, password: &[u8], salt: &[u8]) -> Result<String, PasswordError> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError::Broken(error.to_string()))
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords")
            .field("params", &self.params)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::SeededRng;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user_fits() {
        let passwords = Passwords::cheap(Arc::new(SeededRng::new(1)));
        let stored = passwords.hash("zxc123456").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert_ne!(stored, passwords.hash("zxc123456").await.unwrap());
        assert!(passwords.verify("zxc123456", Some(&stored)).await);
        assert!(!passwords.verify("zxc12345", Some(&stored)).await);
        assert!(!passwords.verify("", Some(&stored)).await);
        assert!(!passwords.verify("nobody's password", None).await);
        assert!(!passwords.verify("zxc123456", Some("plain text")).await);
        assert!(!passwords.verify(&"x".repeat(300), Some(&stored)).await);
    }

    #[tokio::test]
    async fn an_empty_or_endless_password_is_not_hashed() {
        let passwords = Passwords::cheap(Arc::new(SeededRng::new(1)));
        assert!(passwords.hash("").await.is_err());
        assert!(passwords.hash(&"x".repeat(257)).await.is_err());
        assert_eq!(
            Passwords::new(Arc::new(SeededRng::new(1))).params.m_cost(),
            19_456
        );
    }
}

//! Passwords of people: argon2id, on a blocking thread, and the same time for a name that nobody has.
//!
//! Each takes 19 MiB and a core, so only a few are at work at once; the others wait for a seat.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::Rng;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// More than anybody types; longer ones would only cost us time.
pub const MAX_PASSWORD_BYTES: usize = 256;

/// Hashes and verifies passwords at one cost. Clones share it.
#[derive(Clone)]
pub struct Passwords {
    params: Params,
    rng: Arc<dyn Rng>,
    nobody: Arc<str>,
    seats: Arc<Semaphore>,
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
            seats: Arc::new(Semaphore::new(seats())),
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
        self.seated(move || hash_now(&params, password.as_bytes(), &salt))
            .await?
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
        let fits = self
            .seated(move || {
                let verifier: Argon2<'_> = Argon2::default();
                verifier
                    .verify_password(password.as_bytes(), &*hash)
                    .is_ok()
            })
            .await
            .unwrap_or(false);
        fits && known && plausible
    }

    /// Does the work on a blocking thread once there is a seat. The work keeps its seat when the
    /// caller leaves: nobody can take it off the thread.
    async fn seated<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let broken = |error: &dyn std::error::Error| PasswordError::Broken(error.to_string());
        let seat = Arc::clone(&self.seats).acquire_owned().await;
        let seat = seat.map_err(|error| broken(&error))?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(seat);
            result
        });
        done.await.map_err(|error| broken(&error))
    }
}

/// One for each core, so that logins do not starve the rest of memory: four at most.
fn seats() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MAX_SEATS))
}

/// Four of them take 76 MiB.
const MAX_SEATS: usize = 4;

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

    #[tokio::test(start_paused = true)]
    async fn without_a_seat_a_password_waits() {
        let passwords = Passwords::cheap(Arc::new(SeededRng::new(1)));
        let stored = passwords.hash("zxc123456").await.unwrap();
        let seats = seats();
        assert!((1..=MAX_SEATS).contains(&seats));
        let shared = passwords.clone();
        let all = u32::try_from(seats).unwrap();
        let taken = shared.seats.acquire_many(all).await.unwrap();
        let second = std::time::Duration::from_secs(1);
        let hashing = tokio::time::timeout(second, passwords.hash("zxc123456"));
        assert!(hashing.await.is_err());
        let verifying = tokio::time::timeout(second, passwords.verify("zxc123456", Some(&stored)));
        assert!(verifying.await.is_err());
        drop(taken);
        assert!(passwords.verify("zxc123456", Some(&stored)).await);
        assert_eq!(passwords.seats.available_permits(), seats);
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

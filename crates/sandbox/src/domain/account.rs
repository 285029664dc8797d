//! Wallet accounts: who they are, how their name is masked, how many wrong passwords they get.

use kernel::Timestamp;
use kernel::time::{HOUR_MS, MINUTE_MS};
use std::fmt;
use std::str::FromStr;

/// What a buyer logs in with: an e-mail address or a phone number.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LogonId(String);

/// A text that nobody can log in with.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a logon id is an e-mail address or a phone number of 11 digits, at most 64 characters")]
pub struct LogonIdError;

impl LogonId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As Alipay shows it to merchants: `buy***@sandbox.com`, `138******34`.
    #[must_use]
    pub fn masked(&self) -> String {
        match self.0.split_once('@') {
            Some((name, host)) => {
                let head: String = name.chars().take(3).collect();
                format!("{head}***@{host}")
            }
            None => format!("{}******{}", &self.0[..3], &self.0[9..]),
        }
    }
}

impl FromStr for LogonId {
    type Err = LogonIdError;

    fn from_str(text: &str) -> Result<Self, LogonIdError> {
        let text = text.trim().to_ascii_lowercase();
        let phone = text.len() == 11 && text.bytes().all(|b| b.is_ascii_digit());
        let mail = text.split_once('@').is_some_and(|(name, host)| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b".-_+".contains(&b);
            !name.is_empty()
                && name.bytes().all(plain)
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && host.bytes().all(plain)
        });
        if text.len() <= 64 && (phone || mail) {
            Ok(Self(text))
        } else {
            Err(LogonIdError)
        }
    }
}

impl fmt::Display for LogonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A count of wrong passwords, and until when no more are taken.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tries {
    /// Wrong ones since the last right one or since the lock ended.
    pub wrong: i64,
    /// No password is looked at before this.
    pub locked_until: Option<Timestamp>,
}

/// Which password is meant; each has a rule of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Secret {
    /// Opens the wallet: five wrong ones lock it for ten minutes.
    Login,
    /// Six digits that release a payment: five wrong ones lock paying for three hours.
    Pay,
}

impl Secret {
    /// Wrong passwords until the lock.
    pub const LIMIT: i64 = 5;

    const fn lock_ms(self) -> i64 {
        match self {
            Self::Login => 10 * MINUTE_MS,
            Self::Pay => 3 * HOUR_MS,
        }
    }
}

/// Why a password was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Denied {
    /// It is wrong.
    Wrong {
        /// How many more may be tried.
        left: i64,
    },
    /// Too many wrong ones.
    Locked {
        /// Until when.
        until: Timestamp,
    },
}

impl Tries {
    /// Whether a password may be looked at now, and until when not.
    ///
    /// # Errors
    /// [`Denied::Locked`] while the lock holds.
    pub fn may_try(self, now: Timestamp) -> Result<(), Denied> {
        match self.locked_until {
            Some(until) if now < until => Err(Denied::Locked { until }),
            _ => Ok(()),
        }
    }

    /// The count after a right password.
    #[must_use]
    pub const fn after_right() -> Self {
        Self {
            wrong: 0,
            locked_until: None,
        }
    }

    /// The count after a wrong password, and what to tell the buyer.
    #[must_use]
    pub fn after_wrong(self, secret: Secret, now: Timestamp) -> (Self, Denied) {
        let wrong = self.wrong + 1;
        if wrong >= Secret::LIMIT {
            let until = now.plus_ms(secret.lock_ms());
            let locked = Self {
                wrong: 0,
                locked_until: Some(until),
            };
            return (locked, Denied::Locked { until });
        }
        let counted = Self {
            wrong,
            locked_until: None,
        };
        let left = Secret::LIMIT - wrong;
        (counted, Denied::Wrong { left })
    }
}

/// A wallet account; passwords only as hashes.
#[derive(Clone)]
pub struct Account {
    /// 16 digits, `2088…`.
    pub user_id: String,
    /// What its owner logs in with.
    pub logon_id: LogonId,
    /// Hash of the login password.
    pub login_hash: String,
    /// Hash of the six-digit payment password.
    pub pay_hash: String,
    /// Wrong login passwords.
    pub login_tries: Tries,
    /// Wrong payment passwords.
    pub pay_tries: Tries,
}

/// Never prints a hash.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

impl Account {
    /// The ledger account that keeps its balance.
    #[must_use]
    pub fn ledger_account(&self) -> String {
        buyer_account(&self.user_id)
    }
}

/// The ledger account that keeps a buyer's balance.
#[must_use]
pub fn buyer_account(user_id: &str) -> String {
    format!("buyer:{user_id}")
}

/// Whether a text can be a payment password: six digits.
#[must_use]
pub fn is_pay_password(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text can be a login password that its owner chooses: 6 to 64 characters.
#[must_use]
pub fn is_login_password(text: &str) -> bool {
    (6..=64).contains(&text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_masked_as_alipay_masks_them() {
        let id: LogonId = "Buyer@sandbox.com".parse().expect("an address");
        assert_eq!(id.masked(), "buy***@sandbox.com");
        let phone: LogonId = "13800001234".parse().expect("a number");
        assert_eq!(phone.masked(), "138******34");
        for text in [
            "",
            "buyer",
            "@x.com",
            "a@b",
            "a@.com",
            "1380000123",
            "买家@x.com",
            "a b@x.com",
        ] {
            assert!(text.parse::<LogonId>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_fifth_wrong_password_locks_and_the_lock_ends() {
        let now = Timestamp::from_ms(0);
        let mut tries = Tries::default();
        for left in [4, 3, 2, 1] {
            let (next, denied) = tries.after_wrong(Secret::Pay, now);
            assert_eq!(denied, Denied::Wrong { left });
            tries = next;
        }
        let (tries, denied) = tries.after_wrong(Secret::Pay, now);
        let until = now.plus_ms(3 * HOUR_MS);
        assert_eq!(denied, Denied::Locked { until });
        assert_eq!(tries.may_try(until.plus_ms(-1)), Err(denied));
        assert_eq!(tries.may_try(until), Ok(()));
    }
}

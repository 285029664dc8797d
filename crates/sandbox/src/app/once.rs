//! What is sent twice acts once: its number is taken in the transaction of what it does.
//!
//! A refusal rolls the number back with everything else, so a form that was refused may be mended and
//! sent again.

use crate::domain::form_no::FormNo;
use aws_lc_rs::digest;
use kernel::Timestamp;
use store::idempotency::{self, Claim};
use store::{StoreError, Tx};

/// Something sent under a number: whose the number is, and a digest of what is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    scope: String,
    number: String,
    asks: String,
}

/// What the number says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Turn {
    /// Nobody sent it before: do it now.
    First,
    /// It was done, and made the thing of that number.
    Again(String),
    /// Something else was done under the number.
    Other,
}

impl Sent {
    /// A form of `whose`: numbers of one person say nothing to another.
    pub(crate) fn form(whose: &str, form_no: &FormNo, asks: &[&str]) -> Self {
        Self {
            scope: format!("form:{whose}"),
            number: form_no.to_string(),
            asks: digest_of(asks),
        }
    }

    /// A call of the control API with a key of the caller's own.
    pub(crate) fn call(key: &str, asks: &[&str]) -> Self {
        Self {
            scope: "control".to_owned(),
            number: key.to_owned(),
            asks: digest_of(asks),
        }
    }

    /// Takes the number for what is going to make `makes`. Waits for another that is just taking it.
    ///
    /// # Errors
    /// What the engine said.
    pub(crate) async fn take(
        &self,
        tx: &mut Tx<'_>,
        makes: &str,
        now: Timestamp,
    ) -> Result<Turn, StoreError> {
        let (scope, number) = (&self.scope, &self.number);
        let claim = idempotency::claim(tx, scope, number, &self.asks, makes, now).await?;
        Ok(turn(claim))
    }

    /// What became of the number before, without taking it.
    ///
    /// # Errors
    /// What the engine said.
    pub(crate) async fn seen(&self, tx: &mut Tx<'_>) -> Result<Turn, StoreError> {
        let seen = idempotency::seen(tx, &self.scope, &self.number, &self.asks).await?;
        Ok(turn(seen.unwrap_or(Claim::Fresh)))
    }
}

fn turn(claim: Claim) -> Turn {
    match claim {
        Claim::Fresh => Turn::First,
        Claim::Started { subject } => Turn::Again(subject),
        Claim::Replay { .. } | Claim::Differs => Turn::Other,
    }
}

/// The hex SHA-256 of texts, each with its length before it.
fn digest_of(texts: &[&str]) -> String {
    let mut all = Vec::new();
    for text in texts {
        all.extend_from_slice(&text.len().to_be_bytes());
        all.extend_from_slice(text.as_bytes());
    }
    hex::encode(digest::digest(&digest::SHA256, &all))
}

#[cfg(test)]
mod tests {
    use super::digest_of;

    #[test]
    fn a_digest_knows_where_each_text_ends() {
        let digests = [
            digest_of(&["a", "bc"]),
            digest_of(&["ab", "c"]),
            digest_of(&["abc"]),
            digest_of(&["abc", ""]),
        ];
        for (index, digest) in digests.iter().enumerate() {
            assert!(!digests[..index].contains(digest), "{index}");
        }
        assert_eq!(digests[0], digest_of(&["a", "bc"]));
    }
}

//! Numbers that may be used once: whoever sends a call again, as it is, is refused.

use kernel::Timestamp;
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// How many are remembered; the oldest go first.
const MOST: usize = 200_000;

#[derive(Default)]
struct Seen {
    names: HashSet<String>,
    oldest_first: VecDeque<(Timestamp, String)>,
}

/// The numbers that were seen within the time in which a call is fresh.
#[derive(Default)]
pub(crate) struct Nonces(Mutex<Seen>);

impl Nonces {
    /// Whether an application uses a number for the first time; it is remembered until `until`.
    pub(crate) fn is_new(
        &self,
        app_id: &str,
        nonce: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((over, _)) = seen.oldest_first.front()
            && (*over < now || seen.oldest_first.len() >= MOST)
        {
            if let Some((_, name)) = seen.oldest_first.pop_front() {
                seen.names.remove(&name);
            }
        }
        let name = format!("{app_id} {nonce}");
        if !seen.names.insert(name.clone()) {
            return false;
        }
        seen.oldest_first.push_back((until, name));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_new_once_to_each_application() {
        let nonces = Nonces::default();
        let at = Timestamp::from_ms;
        assert!(nonces.is_new("a", "1", at(0), at(10)));
        assert!(!nonces.is_new("a", "1", at(10), at(20)));
        assert!(nonces.is_new("b", "1", at(10), at(20)));
        assert!(
            nonces.is_new("a", "1", at(11), at(21)),
            "forgotten with its time"
        );
    }
}

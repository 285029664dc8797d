//! Where chance comes from.

use rand_chacha::ChaCha12Rng;
use rand_core::{Rng as _, SeedableRng};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Gives random bytes. Everything that mints an id, a token or a jitter takes one as a parameter.
pub trait Rng: fmt::Debug + Send + Sync {
    /// Fills `bytes` with chance.
    fn fill(&self, bytes: &mut [u8]);

    /// A random number from the whole range.
    fn next_u64(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A random number below `bound`; 0 when `bound` is 0.
    ///
    /// Reduced by multiplication, so uneven by at most `bound / 2^64`: fine for jitter and
    /// simulation, nothing here is a lottery.
    fn below(&self, bound: u64) -> u64 {
        let wide = u128::from(self.next_u64()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or_default()
    }
}

/// The operating system's chance: unpredictable, for keys and tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRng;

impl Rng for OsRng {
    fn fill(&self, bytes: &mut [u8]) {
        // Without entropy nothing that follows could be trusted.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Chance that is the same for the same seed. Clones share the stream. Never for keys or tokens
/// outside of a simulation.
#[derive(Clone)]
pub struct SeededRng(Arc<Mutex<ChaCha12Rng>>);

impl SeededRng {
    /// The stream of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha12Rng::seed_from_u64(seed))))
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(bytes);
    }
}

/// Never prints its state.
impl fmt::Debug for SeededRng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeededRng").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_another_does_not() {
        let take = |seed| {
            let rng = SeededRng::new(seed);
            [rng.next_u64(), rng.next_u64()]
        };
        assert_eq!(take(7), take(7));
        assert_ne!(take(7), take(8));
        assert_ne!(OsRng.next_u64(), OsRng.next_u64());
    }

    #[test]
    fn below_stays_below() {
        let rng = SeededRng::new(1);
        let mut seen = [false; 6];
        for _ in 0..200 {
            seen[usize::try_from(rng.below(6)).expect("small")] = true;
        }
        assert_eq!(seen, [true; 6]);
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.below(1), 0);
    }
}

//! A world's chance: the system's own, or that of a seed, so that the same calls are answered the
//! same.
//!
//! A seed has a stream for calls and one for jobs: a notice that is delivered a moment earlier or
//! later takes no number away from the next call. Tokens of people and keys never come from here.

use crate::store::origins::Origin;
use kernel::{Rng, SeededRng};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// Who takes a number.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Lane {
    /// Calls, pages, the control API.
    #[default]
    Calls,
    /// Follow-up work.
    Jobs,
}

/// The streams of a world.
pub(crate) struct Chance {
    seed: Option<i64>,
    calls: Stream,
    jobs: Stream,
}

impl Chance {
    /// That of a beginning; without a seed `given`.
    pub(crate) fn new(given: &Arc<dyn Rng>, origin: &Origin) -> Self {
        let chance = Self {
            seed: origin.seed,
            calls: Stream::of(given),
            jobs: Stream::of(given),
        };
        chance.begin(&origin.turn.to_string());
        chance
    }

    /// The stream of a lane.
    pub(crate) fn lane(&self, lane: Lane) -> &dyn Rng {
        match lane {
            Lane::Calls => &self.calls,
            Lane::Jobs => &self.jobs,
        }
    }

    /// The seed, when there is one.
    pub(crate) fn seed(&self) -> Option<i64> {
        self.seed
    }

    /// Begins the streams of a seed anew: `turn` names the place in the world's history, so that no
    /// number comes twice in one history, and the same comes again in the same place.
    pub(crate) fn begin(&self, turn: &str) {
        let Some(seed) = self.seed else {
            return;
        };
        for (lane, stream) in [("calls", &self.calls), ("jobs", &self.jobs)] {
            *stream.own.write().unwrap_or_else(PoisonError::into_inner) =
                Some(derived(seed, &[turn, lane]));
        }
    }
}

/// The stream that a seed has under some words.
pub(crate) fn derived(seed: i64, words: &[&str]) -> SeededRng {
    // FNV-1a: the stream behind it does the mixing, this only keeps the words apart.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    add(&seed.to_le_bytes());
    for word in words {
        add(word.as_bytes());
        add(&[0]);
    }
    SeededRng::new(hash)
}

/// One stream.
struct Stream {
    given: Arc<dyn Rng>,
    own: RwLock<Option<SeededRng>>,
}

impl Stream {
    fn of(given: &Arc<dyn Rng>) -> Self {
        Self {
            given: Arc::clone(given),
            own: RwLock::default(),
        }
    }
}

impl Rng for Stream {
    fn fill(&self, bytes: &mut [u8]) {
        match &*self.own.read().unwrap_or_else(PoisonError::into_inner) {
            Some(own) => own.fill(bytes),
            None => self.given.fill(bytes),
        }
    }
}

/// Never prints its state.
impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::OsRng;

    fn draw(chance: &Chance, lane: Lane) -> u64 {
        chance.lane(lane).next_u64()
    }

    #[test]
    fn the_same_place_in_the_same_history_gives_the_same_numbers() {
        let given: Arc<dyn Rng> = Arc::new(OsRng);
        let of = |seed, turn| {
            let origin = Origin {
                seed,
                turn,
                ..Origin::default()
            };
            Chance::new(&given, &origin)
        };
        let (one, two) = (of(Some(7), 1), of(Some(7), 1));
        // Jobs take nothing away from calls.
        draw(&two, Lane::Jobs);
        let first = draw(&one, Lane::Calls);
        assert_eq!(first, draw(&two, Lane::Calls));
        assert_ne!(first, draw(&one, Lane::Calls));
        assert_ne!(first, draw(&of(Some(7), 2), Lane::Calls));
        assert_ne!(first, draw(&of(Some(8), 1), Lane::Calls));
        one.begin("1");
        assert_eq!(first, draw(&one, Lane::Calls));
        assert_ne!(
            draw(&of(None, 1), Lane::Calls),
            draw(&of(None, 1), Lane::Calls)
        );
    }
}

//! The fault dial: what goes wrong on purpose, how often, and by which seed.
//!
//! Kept in memory; a restart turns everything off. The same seed and the same order of calls give
//! the same faults.

use kernel::{Rng, SeededRng};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};
use utoipa::ToSchema;

/// What goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The gateway answers `20000 aop.unknow-error` and does nothing.
    Unavailable,
    /// The same, written in GBK whatever charset was asked for, as the real gateway does at times.
    UnavailableInGbk,
    /// The gateway does what was asked, and its answer is cut off.
    AnswerLost,
    /// The answer's signature does not hold.
    WrongSignature,
    /// A notice is not posted; it counts as one of the eight.
    NoticeLost,
    /// A notice is posted twice at the same moment.
    NoticeDoubled,
    /// A notice is posted `delay_ms` later than it is due.
    NoticeDelayed,
}

impl What {
    const fn is_of_notices(self) -> bool {
        matches!(
            self,
            Self::NoticeLost | Self::NoticeDoubled | Self::NoticeDelayed
        )
    }
}

/// One thing that goes wrong.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What.
    pub what: What,
    /// How often: out of a thousand, 1000 unless said.
    #[serde(default = "always")]
    pub per_mille: u64,
    /// At most so many times; without end unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Only calls of this gateway method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only this application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// How much later, milliseconds; a minute unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<i64>,
}

const fn always() -> u64 {
    1_000
}

/// Everything that goes wrong.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dial {
    /// Decides which of many go wrong.
    #[serde(default)]
    pub seed: u64,
    /// What goes wrong; the first that strikes counts.
    pub faults: Vec<Fault>,
}

/// A dial that cannot be set.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DialError {
    /// Too many.
    #[error("at most 64 faults")]
    TooMany,
    /// Never, or more often than always.
    #[error("per_mille is from 1 to 1000")]
    PerMille,
    /// A span that is none.
    #[error("delay_ms is from 1 to 86400000")]
    Delay,
}

struct State {
    dial: Dial,
    chance: SeededRng,
    struck: Vec<u64>,
}

/// The dial as it is set.
pub struct Faults(Mutex<State>);

impl Default for Faults {
    fn default() -> Self {
        Self(Mutex::new(State {
            dial: Dial::default(),
            chance: SeededRng::new(0),
            struck: Vec::new(),
        }))
    }
}

impl Faults {
    /// Sets the dial and starts its chance anew; an empty one turns everything off.
    ///
    /// # Errors
    /// When something about it is none.
    pub fn set(&self, dial: Dial) -> Result<(), DialError> {
        if dial.faults.len() > 64 {
            return Err(DialError::TooMany);
        }
        for fault in &dial.faults {
            if !(1..=1_000).contains(&fault.per_mille) {
                return Err(DialError::PerMille);
            }
            if fault
                .delay_ms
                .is_some_and(|ms| !(1..=86_400_000).contains(&ms))
            {
                return Err(DialError::Delay);
            }
        }
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = State {
            chance: SeededRng::new(dial.seed),
            struck: vec![0; dial.faults.len()],
            dial,
        };
        Ok(())
    }

    /// The dial, and how often each fault struck since it was set.
    pub fn show(&self) -> (Dial, Vec<u64>) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (state.dial.clone(), state.struck.clone())
    }

    /// What goes wrong with a call, if anything does.
    pub(crate) fn of_call(&self, method: &str, app_id: &str) -> Option<What> {
        let fits = |fault: &Fault| {
            let of_method = fault
                .method
                .as_deref()
                .is_none_or(|wanted| wanted == method);
            !fault.what.is_of_notices() && of_method && of_app(fault, app_id)
        };
        self.strike(fits).map(|fault| fault.what)
    }

    /// What goes wrong with a delivery, if anything does.
    pub(crate) fn of_notice(&self, app_id: &str) -> Option<Fault> {
        self.strike(|fault| fault.what.is_of_notices() && of_app(fault, app_id))
    }

    fn strike(&self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for index in 0..state.dial.faults.len() {
            let fault = &state.dial.faults[index];
            let spent = fault
                .times
                .is_some_and(|times| state.struck[index] >= times);
            if spent || !fits(fault) || state.chance.below(1_000) >= fault.per_mille {
                continue;
            }
            let fault = fault.clone();
            state.struck[index] += 1;
            return Some(fault);
        }
        None
    }
}

fn of_app(fault: &Fault, app_id: &str) -> bool {
    fault
        .app_id
        .as_deref()
        .is_none_or(|wanted| wanted == app_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial(seed: u64) -> Dial {
        let text = format!(
            "{{\"seed\":{seed},\"faults\":[{{\"what\":\"answer_lost\",\"per_mille\":300}}]}}"
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_seed_repeats_its_faults() {
        let run = |seed| {
            let faults = Faults::default();
            faults.set(dial(seed)).unwrap();
            let strikes: Vec<bool> = (0..200)
                .map(|_| faults.of_call("m", "a").is_some())
                .collect();
            strikes
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        let struck = run(1).into_iter().filter(|strikes| *strikes).count();
        assert!((30..90).contains(&struck), "{struck}");
    }

    #[test]
    fn a_fault_strikes_where_and_as_often_as_it_is_set() {
        let faults = Faults::default();
        let text = r#"{"faults":[{"what":"unavailable","times":1,"method":"m","app_id":"a"},{"what":"notice_lost"}]}"#;
        faults.set(serde_json::from_str(text).unwrap()).unwrap();
        assert_eq!(faults.of_call("other", "a"), None);
        assert_eq!(faults.of_call("m", "b"), None);
        assert_eq!(faults.of_call("m", "a"), Some(What::Unavailable));
        assert_eq!(faults.of_call("m", "a"), None);
        assert_eq!(
            faults.of_notice("b").map(|fault| fault.what),
            Some(What::NoticeLost)
        );
        assert_eq!(faults.show().1, [1, 1]);
        let never = r#"{"faults":[{"what":"unavailable","per_mille":0}]}"#;
        let never = serde_json::from_str(never).unwrap();
        assert_eq!(faults.set(never), Err(DialError::PerMille));
    }
}

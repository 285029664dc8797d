//! The dial at work: which fault strikes whom, and the list of those that were struck.

use super::dial::{Dial, DialError, Fault};
use super::what::{What, When};
use kernel::time::MINUTE_MS;
use kernel::{Rng, SeededRng, Timestamp};
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use utoipa::ToSchema;

/// How many strikes are kept in the list.
const MOST_STRIKES: usize = 500;

/// Whom a fault may strike.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Target<'a> {
    pub(crate) app_id: &'a str,
    pub(crate) method: Option<&'a str>,
    pub(crate) out_trade_no: Option<&'a str>,
    pub(crate) notify_id: Option<&'a str>,
}

/// A fault that strikes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Struck {
    /// What goes wrong.
    pub what: What,
    /// How much later, when it is about that.
    pub delay_ms: Option<i64>,
    /// Its number in the list, for what is known of it later.
    number: u64,
}

impl Struck {
    /// How much later, a minute unless the dial says it.
    #[must_use]
    pub fn delay_ms(&self) -> i64 {
        self.delay_ms.unwrap_or(MINUTE_MS)
    }
}

/// One strike, as it is told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Strike {
    /// Counts from 1 since the dial was set.
    pub number: u64,
    /// When, by the business clock.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// What went wrong.
    pub what: What,
    /// Whose call or notice it was.
    pub app_id: String,
    /// The call's method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// About which order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_trade_no: Option<String>,
    /// Which notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_id: Option<String>,
    /// The call in full: `GET /sandbox/v1/requests/{trace_id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
}

/// The dial and what it did since it was set.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The dial.
    pub dial: Dial,
    /// How often each of its faults struck.
    pub struck: Vec<u64>,
    /// The last strikes, oldest first.
    pub strikes: Vec<Strike>,
}

struct State {
    dial: Dial,
    chance: SeededRng,
    struck: Vec<u64>,
    strikes: VecDeque<Strike>,
    count: u64,
    /// Notices that wait for another one of their application: application and notice.
    held: Vec<(String, String)>,
}

impl State {
    fn of(dial: Dial) -> Self {
        Self {
            chance: SeededRng::new(dial.seed),
            struck: vec![0; dial.faults.len()],
            dial,
            strikes: VecDeque::new(),
            count: 0,
            held: Vec::new(),
        }
    }
}

/// The dial as it is set.
pub struct Faults(Mutex<State>);

impl Default for Faults {
    fn default() -> Self {
        Self(Mutex::new(State::of(Dial::default())))
    }
}

impl Faults {
    /// Sets the dial and starts its chance and its list anew; an empty one turns everything off.
    ///
    /// # Errors
    /// When something about it is none.
    pub fn set(&self, dial: Dial) -> Result<(), DialError> {
        dial.check()?;
        *self.state() = State::of(dial);
        Ok(())
    }

    /// The dial and what it did since it was set.
    pub fn show(&self) -> Shown {
        let state = self.state();
        Shown {
            dial: state.dial.clone(),
            struck: state.struck.clone(),
            strikes: state.strikes.iter().cloned().collect(),
        }
    }

    /// What goes wrong there, if anything does.
    pub(crate) fn strike(&self, when: When, target: Target<'_>, now: Timestamp) -> Option<Struck> {
        let mut state = self.state();
        for index in 0..state.dial.faults.len() {
            let fault = &state.dial.faults[index];
            let spent = fault
                .times
                .is_some_and(|times| state.struck[index] >= times);
            if spent
                || fault.what.when() != when
                || !fits(fault, target)
                || state.chance.below(1_000) >= fault.per_mille
            {
                continue;
            }
            let (what, delay_ms) = (fault.what, fault.delay_ms);
            state.struck[index] += 1;
            state.count += 1;
            let number = state.count;
            let owned = |text: Option<&str>| text.map(str::to_owned);
            state.strikes.push_back(Strike {
                number,
                at: now,
                what,
                app_id: target.app_id.to_owned(),
                method: owned(target.method),
                out_trade_no: owned(target.out_trade_no),
                notify_id: owned(target.notify_id),
                trace_id: None,
            });
            if state.strikes.len() > MOST_STRIKES {
                state.strikes.pop_front();
            }
            return Some(Struck {
                what,
                delay_ms,
                number,
            });
        }
        None
    }

    /// Says in which exchange a call was struck.
    pub(crate) fn traced(&self, struck: Struck, trace_id: &str) {
        let mut state = self.state();
        let mut newest_first = state.strikes.iter_mut().rev();
        if let Some(strike) = newest_first.find(|strike| strike.number == struck.number) {
            strike.trace_id = Some(trace_id.to_owned());
        }
    }

    /// Holds a notice back until another one of its application is out.
    pub(crate) fn hold(&self, app_id: &str, notify_id: &str) {
        let held = (app_id.to_owned(), notify_id.to_owned());
        self.state().held.push(held);
    }

    /// The notices of an application that waited until `notify_id` was out; they wait no longer.
    pub(crate) fn let_go(&self, app_id: &str, notify_id: &str) -> Vec<String> {
        let mut state = self.state();
        let (of_app, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut state.held)
            .into_iter()
            .partition(|(app, _)| app == app_id);
        state.held = rest;
        let others = of_app.into_iter().map(|(_, held)| held);
        others.filter(|held| held != notify_id).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn fits(fault: &Fault, target: Target<'_>) -> bool {
    let is = |wanted: &Option<String>, there: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| Some(wanted) == there)
    };
    is(&fault.method, target.method)
        && is(&fault.app_id, Some(target.app_id))
        && is(&fault.out_trade_no, target.out_trade_no)
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

    fn call<'a>(method: &'a str, app_id: &'a str, number: &'a str) -> Target<'a> {
        Target {
            app_id,
            method: Some(method),
            out_trade_no: Some(number),
            notify_id: None,
        }
    }

    fn at() -> Timestamp {
        Timestamp::from_ms(1)
    }

    #[test]
    fn a_seed_repeats_its_faults() {
        let run = |seed| {
            let faults = Faults::default();
            faults.set(dial(seed)).unwrap();
            let strike = |_| faults.strike(When::Call, call("m", "a", "1"), at());
            let strikes: Vec<bool> = (0..200).map(|n| strike(n).is_some()).collect();
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
        let text = r#"{"faults":[{"what":"unavailable","times":1,"method":"m","app_id":"a","out_trade_no":"1"},{"what":"notice_lost"},{"what":"notice_before_return"}]}"#;
        faults.set(serde_json::from_str(text).unwrap()).unwrap();
        let what = |when, target| faults.strike(when, target, at()).map(|struck| struck.what);
        for other in [
            call("o", "a", "1"),
            call("m", "b", "1"),
            call("m", "a", "2"),
        ] {
            assert_eq!(what(When::Call, other), None);
        }
        let wanted = call("m", "a", "1");
        assert_eq!(what(When::Call, wanted), Some(What::Unavailable));
        assert_eq!(what(When::Call, wanted), None);
        assert_eq!(what(When::Notice, wanted), Some(What::NoticeLost));
        assert_eq!(what(When::Payment, wanted), Some(What::NoticeBeforeReturn));
        let shown = faults.show();
        assert_eq!(shown.struck, [1, 1, 1]);
        let numbers: Vec<_> = shown.strikes.iter().map(|strike| strike.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(shown.strikes[0].method.as_deref(), Some("m"));
    }

    #[test]
    fn a_dial_that_is_none_is_refused() {
        for (bad, error) in [
            (
                r#"{"what":"unavailable","per_mille":0}"#,
                DialError::PerMille,
            ),
            (
                r#"{"what":"answer_slow","delay_ms":60001}"#,
                DialError::Delay,
            ),
            (r#"{"what":"effect_late","delay_ms":0}"#, DialError::Delay),
        ] {
            let dial = serde_json::from_str(&format!("{{\"faults\":[{bad}]}}")).unwrap();
            assert_eq!(Faults::default().set(dial), Err(error));
        }
    }

    #[test]
    fn a_held_notice_goes_when_another_is_out() {
        let faults = Faults::default();
        faults.hold("a", "1");
        faults.hold("b", "2");
        assert_eq!(faults.let_go("a", "9"), ["1"]);
        assert!(faults.let_go("a", "9").is_empty());
        assert!(faults.let_go("b", "2").is_empty());
    }
}

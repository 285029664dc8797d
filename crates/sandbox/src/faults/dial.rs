//! The dial: a list of faults and a seed.

use super::what::What;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that goes wrong.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What.
    pub what: What,
    /// How often: out of a thousand, 1000 unless said.
    #[serde(default = "always")]
    pub per_mille: u64,
    /// At most so many times; without end unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Only calls of this gateway method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only this application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// Only this order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_trade_no: Option<String>,
    /// How much later, milliseconds; a minute unless said, three seconds for a slow body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<i64>,
}

const fn always() -> u64 {
    1_000
}

/// Everything that goes wrong.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
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
    #[error("delay_ms is from 1 to 86400000; 60000 for answer_slow, whose body takes real time")]
    Delay,
}

impl Dial {
    /// Says what about it is none.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), DialError> {
        if self.faults.len() > 64 {
            return Err(DialError::TooMany);
        }
        for fault in &self.faults {
            if !(1..=1_000).contains(&fault.per_mille) {
                return Err(DialError::PerMille);
            }
            let most = if fault.what == What::AnswerSlow {
                60_000
            } else {
                86_400_000
            };
            if fault.delay_ms.is_some_and(|ms| !(1..=most).contains(&ms)) {
                return Err(DialError::Delay);
            }
        }
        Ok(())
    }
}

//! One of Alipay's errors on its way to the caller.

use super::code::SubCode;
use super::gateway::UNKNOWN_ERROR;
use crate::gateway::explain::Explain;
use serde_json::{Map, Value};

/// An error on its way to the caller.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) what: SubCode,
    /// Alipay's words, sometimes with a detail behind them.
    pub(crate) sub_msg: String,
    /// In words what to change.
    pub(crate) explain: Explain,
    /// Ordinary fields that come along.
    pub(crate) fields: Map<String, Value>,
    /// What was verified, when it came so far.
    pub(crate) signed_text: Option<String>,
}

impl Fault {
    pub(crate) fn new(what: SubCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            what,
            sub_msg: what.sub_msg.to_owned(),
            explain: Explain::new(zh, en),
            fields: Map::new(),
            signed_text: None,
        }
    }

    pub(crate) fn sub_msg(mut self, words: String) -> Self {
        self.sub_msg = words;
        self
    }

    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// The database failed: nobody knows what became of the call.
    pub(crate) fn broken(error: &store::StoreError) -> Self {
        tracing::error!(error = %error, "A gateway call failed");
        Self::new(
            UNKNOWN_ERROR,
            "沙箱内部出错，详见沙箱日志；结果未知，请用同样的参数重试或查询。",
            "The sandbox failed, see its log. The outcome is unknown: query, or try again with the same parameters.",
        )
    }
}

impl From<store::StoreError> for Fault {
    fn from(error: store::StoreError) -> Self {
        Self::broken(&error)
    }
}

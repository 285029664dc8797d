//! A verified node, and the method whose answer it is.

use crate::{AlipayTime, requests::Method};
use money::Fen;
use serde::de::{DeserializeOwned, Error};
use serde_json::{Map, Value};
use std::fmt;

/// A method whose answer comes back to the caller.
pub trait ApiMethod: Method {
    /// The answer when it was done.
    type Answer: Send;

    /// Reads the answer of a verified node.
    ///
    /// # Errors
    /// The name of the field that is missing or makes no sense.
    fn answer(node: Answered) -> Result<Self::Answer, &'static str>;
}

/// A verified node: every field that came, and the text that was signed, as evidence.
#[derive(Clone, Eq, PartialEq)]
pub struct Answered {
    /// Every field.
    pub fields: Map<String, Value>,
    /// The text of the node, exactly as it was signed.
    pub raw: String,
    /// Its signature in base64.
    pub sign: String,
}

impl Answered {
    /// The text of a field, unless it is empty or absent.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.fields.get(name)? {
            Value::String(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// An amount in yuan, or `None` when it is absent or no amount.
    #[must_use]
    pub fn yuan(&self, name: &str) -> Option<Fen> {
        Fen::parse_yuan(self.text(name)?).ok()
    }

    /// A time, or `None` when it is absent or no time.
    #[must_use]
    pub fn time(&self, name: &str) -> Option<AlipayTime> {
        AlipayTime::parse(self.text(name)?).ok()
    }

    /// Any field as it came, those included that no type of this crate knows.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// A whole number, which Alipay writes with quotes or without.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.fields.get(name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The whole node as a type of one's own. Take `Fen` or `String` for amounts: a number with a
    /// fraction never gets this far.
    ///
    /// # Errors
    /// When the node does not fit the type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        // Not from `raw`, which may be a ciphertext.
        T::deserialize(Value::Object(self.fields.clone()))
            .map_err(|error| serde_json::Error::custom(format!("the answer: {error}")))
    }

    pub(super) fn owned(&self, name: &'static str) -> Result<String, &'static str> {
        self.text(name).map(str::to_owned).ok_or(name)
    }
}

/// The names of the fields only: values are orders, buyers and tokens, which no log should hold.
impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Sorted: whether a map keeps its order depends on how serde_json was compiled.
        let mut names: Vec<_> = self.fields.keys().collect();
        names.sort();
        f.debug_struct("Answered")
            .field("fields", &names)
            .finish_non_exhaustive()
    }
}

//! What a message is, and the text of it that should be signed.

use super::Cause;
use crate::{Charset, Params, form, sign};
use std::fmt;

/// What a message is. It decides whose key verifies it and whether `sign_type` is signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// A request of the application's, signed with its key, `sign_type` included.
    Request,
    /// A notice of Alipay's, without `sign_type`.
    Notice,
    /// A browser's return, signed by Alipay, without `sign_type`.
    Return,
    /// An answer of the gateway's.
    Answer,
}

impl Kind {
    /// Tells by the names of the parameters.
    pub(super) fn of(params: &Params) -> Self {
        let has = |name| params.get(name).is_some();
        let method = params.get("method").unwrap_or_default();
        if has("notify_id") || has("notify_type") || has("notify_time") {
            Self::Notice
        } else if method.ends_with(".return") || (has("trade_no") && !has("biz_content")) {
            Self::Return
        } else {
            Self::Request
        }
    }

    /// Its name, for machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Notice => "notice",
            Self::Return => "return",
            Self::Answer => "answer",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How the parameters are sorted before they are joined.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Order {
    Bytes,
    AsReceived,
    IgnoringCase,
}

/// A text that may have been signed: parameters, how they were joined, and which mistakes that
/// takes.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) params: Params,
    pub(super) with_sign_type: bool,
    pub(super) with_empties: bool,
    pub(super) encoded: bool,
    pub(super) order: Order,
    pub(super) charset: Charset,
    pub(super) causes: Vec<Cause>,
}

impl Candidate {
    /// The text as Alipay's rules want it.
    pub(super) fn proper(params: Params, kind: Kind, charset: Charset) -> Self {
        Self {
            params,
            with_sign_type: kind == Kind::Request,
            with_empties: false,
            encoded: false,
            order: Order::Bytes,
            charset,
            causes: Vec::new(),
        }
    }

    /// The same with one more mistake.
    pub(super) fn with(&self, cause: Cause, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed.causes.push(cause);
        changed
    }

    /// The same with other values.
    pub(super) fn mapped(&self, cause: Cause, change: impl Fn(&str, &str) -> String) -> Self {
        self.with(cause, |candidate| {
            candidate.params = self
                .params
                .iter()
                .map(|(name, value)| (name, change(name, value)))
                .collect();
        })
    }

    pub(super) fn text(&self) -> String {
        if self.order == Order::Bytes && !self.encoded {
            return match (self.with_sign_type, self.with_empties) {
                (true, false) => sign::request_text(&self.params),
                (true, true) => sign::request_text_keeping_empties(&self.params),
                (false, false) => sign::notice_text(&self.params),
                (false, true) => self.joined(),
            };
        }
        self.joined()
    }

    fn joined(&self) -> String {
        let mut pairs = match self.order {
            Order::Bytes => self.params.sorted().collect::<Vec<_>>(),
            Order::AsReceived | Order::IgnoringCase => self.params.iter().collect(),
        };
        if self.order == Order::IgnoringCase {
            pairs.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        }
        let mut text = String::with_capacity(self.params.text_len() * 2);
        for (name, value) in pairs {
            let left_out = name == "sign"
                || (name == "sign_type" && !self.with_sign_type)
                || (value.is_empty() && !self.with_empties);
            if left_out {
                continue;
            }
            if !text.is_empty() {
                text.push('&');
            }
            text.push_str(name);
            text.push('=');
            if self.encoded {
                form::escape(value.as_bytes(), &mut text);
            } else {
                text.push_str(value);
            }
        }
        text
    }
}

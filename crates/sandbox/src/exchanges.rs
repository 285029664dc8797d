//! The last exchanges of the gateway in full, for whoever asks why. Kept in memory, bounded: what
//! a developer looks up is minutes old.

use crate::faults::What;
use bytes::Bytes;
use kernel::Timestamp;
use service::i18n::Lang;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many are kept.
const MOST: usize = 2_000;
/// How many bytes of requests and answers are kept.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// How much of one request is kept, bytes.
const MOST_OF_ONE: usize = 64 * 1024;

/// One request and what it was answered.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The value of the answer's header `trace_id`.
    pub trace_id: String,
    /// When, by the business clock.
    pub at: Timestamp,
    /// `GET` or `POST`.
    pub http_method: String,
    /// The query of the URL, as it came.
    pub query: String,
    /// The request's `Content-Type`.
    pub content_type: String,
    /// The request's body, as it came.
    pub body: Bytes,
    /// Who called, when that could be read.
    pub app_id: Option<String>,
    /// What was called, when that could be read.
    pub method: Option<String>,
    /// About which order, when that could be read.
    pub out_trade_no: Option<String>,
    /// The text whose signature was checked, when it came so far.
    pub signed_text: Option<String>,
    /// The parameters as they were read.
    pub params: Vec<(String, String)>,
    /// What was answered.
    pub answer: Bytes,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The code of the answer: `10000`, or the sub_code when there is one.
    pub code: String,
    /// In words what to change.
    pub explain: Option<String>,
    /// The same in Chinese and in English, for whoever looks it up.
    pub advice: [Option<String>; 2],
    /// What the fault dial did to it.
    pub struck: Option<What>,
}

impl Exchange {
    /// In words what to change, in a language.
    #[must_use]
    pub fn advice(&self, lang: Lang) -> Option<&str> {
        let [zh, en] = &self.advice;
        match lang {
            Lang::Zh => zh.as_deref(),
            Lang::En => en.as_deref(),
        }
    }

    fn size(&self) -> usize {
        let params = self
            .params
            .iter()
            .map(|(name, value)| name.len() + value.len());
        self.query.len()
            + self.body.len()
            + self.answer.len()
            + self.signed_text.as_ref().map_or(0, String::len)
            + params.sum::<usize>()
            + 512
    }
}

#[derive(Default)]
struct Kept {
    newest_last: VecDeque<Arc<Exchange>>,
    bytes: usize,
}

/// The exchanges that are kept.
#[derive(Default)]
pub struct Exchanges(Mutex<Kept>);

impl Exchanges {
    /// Keeps one, and forgets the oldest beyond the bounds.
    pub fn keep(&self, mut exchange: Exchange) {
        if exchange.body.len() > MOST_OF_ONE {
            exchange.body = Bytes::copy_from_slice(&exchange.body[..MOST_OF_ONE]);
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += exchange.size();
        kept.newest_last.push_back(Arc::new(exchange));
        while kept.newest_last.len() > MOST || kept.bytes > MOST_BYTES {
            let Some(oldest) = kept.newest_last.pop_front() else {
                return;
            };
            kept.bytes = kept.bytes.saturating_sub(oldest.size());
        }
    }

    /// One of them.
    pub fn find(&self, trace_id: &str) -> Option<Arc<Exchange>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut newest_first = kept.newest_last.iter().rev();
        newest_first
            .find(|exchange| exchange.trace_id == trace_id)
            .cloned()
    }

    /// The newest that `wanted` wants, before a cursor, at most `limit`.
    pub fn list(
        &self,
        before: Option<&str>,
        limit: usize,
        wanted: impl Fn(&Exchange) -> bool,
    ) -> Vec<Arc<Exchange>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut newest_first = kept.newest_last.iter().rev();
        if let Some(before) = before {
            newest_first
                .by_ref()
                .find(|exchange| exchange.trace_id == before);
        }
        newest_first
            .filter(|exchange| wanted(exchange))
            .take(limit)
            .cloned()
            .collect()
    }

    /// Forgets all of them.
    pub fn clear(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Kept::default();
    }
}

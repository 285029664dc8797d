//! Answers: the same doctor for the text of a node.

use super::{Cause, input::compact};
use crate::response;
use serde_json::Value;

/// Texts that may have been signed instead of this node.
pub(super) fn rewritten(raw: &str) -> Vec<(Cause, String)> {
    let mut texts = vec![
        compact(raw),
        compact(raw).replace("\\/", "/"),
        compact(raw).replace("\\/", "/").replace('/', "\\/"),
    ];
    if let Ok(node) = serde_json::from_str::<Value>(raw) {
        texts.push(response::write_node(&node));
        texts.push(response::write_node(&node).replace("\\/", "/"));
        texts.push(node.to_string());
    }
    texts
        .into_iter()
        .filter(|text| text != raw)
        .map(|text| (Cause::AnswerRewritten, text))
        .collect()
}

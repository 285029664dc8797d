//! What the fault dial does to a call and to its answer.

use super::errors::Fault;
use super::errors::gateway::UNKNOWN_ERROR;
use crate::faults::{Struck, What};
use alipay::response;
use axum::body::Body;
use bytes::Bytes;
use futures::{StreamExt, stream};
use serde_json::{Map, Value};
use std::future::pending;
use std::time::Duration;

/// In how many pieces a slow body comes.
const PIECES: usize = 10;
/// How long a slow body takes unless the dial says it, milliseconds.
const SLOW_MS: i64 = 3_000;
/// What something in front of the gateway says when the gateway does not.
const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// Refuses a call that is not done, or not now.
pub(super) fn refuse(struck: Option<Struck>) -> Result<(), Fault> {
    let fault = match struck.map(|struck| struck.what) {
        Some(
            What::Unavailable | What::UnavailableInGbk | What::UnsignedError | What::BadGateway,
        ) => Fault::new(
            UNKNOWN_ERROR,
            "沙箱的故障开关（faults）让这次调用失败，什么都没有执行。",
            "The sandbox's fault dial let this call fail; nothing was done.",
        ),
        Some(What::EffectLate) => Fault::new(
            UNKNOWN_ERROR,
            "沙箱的故障开关（faults）让这次调用没有回答，稍后才执行。",
            "The sandbox's fault dial let this call go unanswered; it is done later.",
        ),
        _ => return Ok(()),
    };
    Err(fault)
}

/// What a good answer says instead of the truth, or in another order.
pub(super) fn twist(struck: Option<Struck>, node: Map<String, Value>) -> Map<String, Value> {
    match struck.map(|struck| struck.what) {
        Some(What::WaitsForEver) if node.contains_key("trade_status") => {
            let before = [
                "out_trade_no",
                "trade_no",
                "total_amount",
                "buyer_user_type",
            ];
            let mut node = node;
            node.retain(|name, _| before.contains(&name.as_str()));
            node.insert("trade_status".to_owned(), "WAIT_BUYER_PAY".into());
            for amount in [
                "buyer_pay_amount",
                "invoice_amount",
                "point_amount",
                "receipt_amount",
            ] {
                node.insert(amount.to_owned(), "0.00".into());
            }
            node
        }
        _ => node,
    }
}

/// The node with its fields from the last to the first, each as it is always written.
pub(super) fn backwards(node: &Value) -> String {
    let Value::Object(fields) = node else {
        return response::write_node(node);
    };
    let written = fields.iter().rev().map(|(name, value)| {
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        let text = response::write_node(&alone);
        text[1..text.len() - 1].to_owned()
    });
    format!("{{{}}}", written.collect::<Vec<_>>().join(","))
}

/// Whether it is this that goes wrong.
pub(super) fn is_struck(struck: Option<Struck>, what: What) -> bool {
    struck.is_some_and(|struck| struck.what == what)
}

/// The merchant's number in a call's content, read leniently.
pub(super) fn number_in(biz: &str) -> Option<String> {
    let biz: Value = serde_json::from_str(biz).ok()?;
    biz.get("out_trade_no")?.as_str().map(str::to_owned)
}

/// The page of something in front of the gateway.
pub(super) fn bad_gateway() -> Vec<u8> {
    BAD_GATEWAY.as_bytes().to_vec()
}

/// The same as text.
pub(super) fn bad_gateway_page() -> String {
    BAD_GATEWAY.to_owned()
}

/// The body of an answer as it goes onto the wire.
pub(super) fn body(struck: Option<Struck>, answer: &Bytes) -> Body {
    let Some(struck) = struck else {
        return Body::from(answer.clone());
    };
    match struck.what {
        What::AnswerLost | What::EffectLate => breaks_off(Bytes::new()),
        What::AnswerCut => breaks_off(answer.slice(..answer.len() / 2)),
        What::AnswerSlow => {
            let ms = struck.delay_ms.unwrap_or(SLOW_MS);
            slowly(answer, Duration::from_millis(ms.unsigned_abs()))
        }
        _ => Body::from(answer.clone()),
    }
}

/// A body that breaks off behind its first bytes.
fn breaks_off(first: Bytes) -> Body {
    let broken = std::io::Error::other("cut off by the fault dial");
    let pieces = [Ok(first), Err(broken)];
    let pieces = pieces.into_iter().filter(|piece| {
        // An empty first piece would still be one.
        !piece.as_ref().is_ok_and(Bytes::is_empty)
    });
    Body::from_stream(stream::iter(pieces.collect::<Vec<_>>()))
}

/// A body that comes in pieces, the last when `all` has passed.
fn slowly(answer: &Bytes, all: Duration) -> Body {
    let size = answer.len().div_ceil(PIECES).max(1);
    let pieces: Vec<Bytes> = answer
        .chunks(size)
        .map(|piece| answer.slice_ref(piece))
        .collect();
    let gap = all / u32::try_from(pieces.len().max(1)).unwrap_or(1);
    let pieces = stream::iter(pieces).then(move |piece| async move {
        let _ = tokio::time::timeout(gap, pending::<()>()).await;
        Ok::<_, std::io::Error>(piece)
    });
    Body::from_stream(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use serde_json::json;

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_takes_its_time_and_is_whole() {
        let answer = Bytes::from_static(b"{\"node\":{\"code\":\"10000\"},\"sign\":\"abc\"}");
        let before = tokio::time::Instant::now();
        let body = slowly(&answer, Duration::from_secs(5)).collect().await;
        assert_eq!(body.unwrap().to_bytes(), answer);
        assert_eq!(before.elapsed().as_secs(), 5);
    }

    #[tokio::test]
    async fn a_cut_body_breaks_off_behind_its_half() {
        let mut body = breaks_off(Bytes::from_static(b"half"));
        let first = body.frame().await.unwrap().unwrap();
        assert_eq!(first.into_data().unwrap(), "half");
        assert!(body.frame().await.unwrap().is_err());
        assert!(breaks_off(Bytes::new()).collect().await.is_err());
    }

    #[test]
    fn fields_are_the_same_in_another_order() {
        let node = json!({"code": "10000", "msg": "Success", "a": {"x": 1}});
        let text = backwards(&node);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), node);
        assert!(text.starts_with("{\"a\""), "{text}");
    }
}

//! What an answer and a change say about a row.

use super::card::Outcome;
use super::examinee::Reply;

/// What an answer to a notice must be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Must {
    Refuse,
    Acknowledge,
    Whatever,
}

pub(super) fn judged(reply: &Result<Reply, String>, must: Must) -> Outcome {
    match reply {
        Err(why) => no_answer(why),
        Ok(reply) => match (must, reply.acknowledges()) {
            (Must::Refuse, true) => Outcome::failed("答复了 success", "it was answered success"),
            (Must::Acknowledge, false) => Outcome::failed(
                format!("答复是 {}，不是 200 和七个字节 success", reply.shown()),
                format!(
                    "it was answered {}, not 200 and the seven bytes success",
                    reply.shown()
                ),
            ),
            _ => Outcome::Passed,
        },
    }
}

pub(super) fn no_answer(why: &str) -> Outcome {
    Outcome::failed(format!("没有答复：{why}"), format!("no answer: {why}"))
}

pub(super) fn unmoved() -> Outcome {
    Outcome::failed(
        "答复了 success，订单却没有变",
        "it was answered success, and the order shows no change",
    )
}

/// The first place where two states differ, in a few words of each.
pub(super) fn changed(before: &str, after: &str) -> Outcome {
    let same = before
        .chars()
        .zip(after.chars())
        .take_while(|(a, b)| a == b);
    let from = same.count().saturating_sub(20);
    let part = |text: &str| text.chars().skip(from).take(60).collect::<String>();
    let (was, is) = (part(before), part(after));
    Outcome::failed(
        format!("应该显示 {was:?}，却显示 {is:?}（--state-field 可以只看发货）"),
        format!("it should show {was:?} and shows {is:?} (--state-field picks what was delivered)"),
    )
}

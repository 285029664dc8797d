//! What holds after every step, in whatever state the network and the services are.

use super::Broken;
use super::facts::{Attempt, Facts, TradeKey};
use crate::net::Acknowledged;

/// Says what does not hold now. `acknowledged` are the genuine notices that were answered
/// `success` so far.
#[must_use]
pub fn always(facts: &Facts, acknowledged: &[Acknowledged]) -> Vec<String> {
    let mut broken = Broken::default();
    attempts(facts, &mut broken);
    orders(facts, &mut broken);
    remembered(facts, acknowledged, &mut broken);
    looked_after(facts, &mut broken);
    shop(facts, &mut broken);
    broken.into_words()
}

fn named(key: &TradeKey) -> String {
    format!("attempt {} of {}", key.1, key.0)
}

/// What the merchant believes to be paid is paid, and nothing goes back unnoticed.
fn attempts(facts: &Facts, broken: &mut Broken) {
    for (key, attempt) in &facts.attempts {
        let Attempt {
            paid,
            refunded,
            reserved,
            ..
        } = attempt;
        let trade = facts.trades.get(key);
        if attempt.state == "succeeded" {
            broken.unless(trade.is_some_and(|trade| trade.paid_at.is_some()), || {
                format!("{} counts as paid, its trade is not: {trade:?}", named(key))
            });
            broken.unless(trade.is_none_or(|trade| trade.total == *paid), || {
                format!("{} counts {paid} fen, its trade is {trade:?}", named(key))
            });
        }
        broken.unless(refunded + reserved <= *paid, || {
            format!(
                "{}: {refunded} back and {reserved} reserved of {paid}",
                named(key)
            )
        });
        let gone = trade.map_or(0, |trade| trade.refunded);
        broken.unless(
            attempt.state != "succeeded" || gone <= refunded + reserved,
            || {
                format!(
                    "{}: {gone} went back, only {refunded} and {reserved} are known of",
                    named(key)
                )
            },
        );
    }
    for (key, trade) in &facts.trades {
        let sum = facts.refund_sums.get(key).copied().unwrap_or_default();
        broken.unless(sum == trade.refunded, || {
            format!(
                "trade {}: {} refunded, its refunds sum to {sum}",
                key.1, trade.refunded
            )
        });
    }
}

/// An order is worth what it costs, once, and ends only when nobody can pay it any more.
fn orders(facts: &Facts, broken: &mut Broken) {
    for (order_id, order) in &facts.orders {
        broken.unless(order.paid == 0 || order.paid == order.amount, || {
            format!(
                "order {order_id} of {} fen counts {} as paid",
                order.amount, order.paid
            )
        });
        broken.unless(order.refunded + order.reserved <= order.paid, || {
            format!("order {order_id}: more goes back than came in: {order:?}")
        });
        if order.state == "closed" {
            for (key, _, trade) in facts.attempts_of(order_id) {
                let waits = trade.is_some_and(|trade| trade.state == "waiting");
                broken.unless(!waits, || {
                    format!(
                        "order {order_id} is closed, and {} can still be paid",
                        named(key)
                    )
                });
            }
        }
    }
}

/// What was acknowledged is remembered.
fn remembered(facts: &Facts, acknowledged: &[Acknowledged], broken: &mut Broken) {
    for notice in acknowledged {
        let field = |name: &str| notice.fields.get(name).cloned().unwrap_or_default();
        let paid = matches!(
            field("trade_status").as_str(),
            "TRADE_SUCCESS" | "TRADE_FINISHED"
        );
        if !paid || notice.fields.contains_key("refund_fee") {
            continue;
        }
        let key = (field("app_id"), field("out_trade_no"));
        let known = facts.attempts.get(&key);
        broken.unless(
            known.is_some_and(|attempt| attempt.state == "succeeded"),
            || {
                format!(
                    "a notice of {} was acknowledged, and it is {known:?}",
                    named(&key)
                )
            },
        );
    }
}

/// Whatever has not ended has a job that looks after it.
fn looked_after(facts: &Facts, broken: &mut Broken) {
    let has_job = |id: &str| {
        let mut jobs = facts.merchant_jobs.iter();
        jobs.any(|job| job.state != "failed" && job.key.contains(id))
    };
    for (key, attempt) in &facts.attempts {
        broken.unless(
            !attempt.is_pending() || has_job(&attempt.attempt_id),
            || {
                format!(
                    "{} is {} and no job asks about it",
                    named(key),
                    attempt.state
                )
            },
        );
    }
    for refund in &facts.refunds {
        let pending = !matches!(refund.state.as_str(), "succeeded" | "failed");
        broken.unless(!pending || has_job(&refund.refund_id), || {
            format!(
                "refund {} is {} and no job asks about it",
                refund.refund_id, refund.state
            )
        });
    }
}

/// A course is open only to who paid for it, and once.
fn shop(facts: &Facts, broken: &mut Broken) {
    for course in &facts.enrollments {
        let order = facts.shop_orders.get(&course.out_trade_no);
        broken.unless(facts.details.contains(course), || {
            format!("{course:?} is open and on no order")
        });
        let free = order.is_some_and(|order| order.total == 0);
        let merchant = facts.order_of_number(&course.out_trade_no);
        let paid = merchant.is_some_and(|(_, order)| order.paid > 0);
        broken.unless(free || paid, || format!("{course:?} is open and not paid"));
        let mut same = facts.enrollments.iter().filter(|other| {
            (&other.user_id, other.course_id) == (&course.user_id, course.course_id)
        });
        broken.unless(same.nth(1).is_none(), || {
            format!("{course:?} is open twice")
        });
    }
}

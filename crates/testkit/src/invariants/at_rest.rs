//! What holds once the network works again and everything that was due has been done.

use super::Broken;
use super::facts::{Facts, ShopOrder};

/// Says what does not hold although nothing is left to do.
#[must_use]
pub fn at_rest(facts: &Facts) -> Vec<String> {
    let mut broken = Broken::default();
    nothing_lost(facts, &mut broken);
    nothing_pending(facts, &mut broken);
    money_agrees(facts, &mut broken);
    shop_agrees(facts, &mut broken);
    jobs_are_done(facts, &mut broken);
    broken.into_words()
}

/// Every payment that Alipay has is one that the merchant knows.
fn nothing_lost(facts: &Facts, broken: &mut Broken) {
    for (key, trade) in &facts.trades {
        let Some(attempt) = facts.attempts.get(key) else {
            continue;
        };
        if trade.kept() > 0 {
            broken.unless(attempt.state == "succeeded", || {
                format!(
                    "trade {} is paid and its attempt is {}",
                    key.1, attempt.state
                )
            });
        }
    }
    for (order_id, order) in &facts.orders {
        let kept: i64 = facts
            .attempts_of(order_id)
            .filter_map(|(_, _, trade)| trade)
            .map(super::Trade::kept)
            .sum();
        let counted = order.paid - order.refunded;
        let seen = facts.cases.iter().any(|(case, _)| case == order_id);
        broken.unless(
            kept == counted || (order.state == "attention" && seen),
            || {
                format!(
                    "order {order_id} ({}) counts {counted} fen, Alipay holds {kept}",
                    order.state
                )
            },
        );
        broken.unless(order.state != "attention" || seen, || {
            format!("order {order_id} needs attention, and no case says so")
        });
    }
}

/// Whatever could end has ended.
fn nothing_pending(facts: &Facts, broken: &mut Broken) {
    for (order_id, order) in &facts.orders {
        broken.unless(!order.is_pending(), || {
            format!(
                "order {order_id} is still {}, it ran out at {}",
                order.state, order.expires_at
            )
        });
    }
    for (key, attempt) in &facts.attempts {
        broken.unless(!attempt.is_pending(), || {
            format!("attempt {} is still {}", key.1, attempt.state)
        });
    }
    for refund in &facts.refunds {
        let ended = matches!(refund.state.as_str(), "succeeded" | "failed");
        broken.unless(ended, || {
            format!("refund {} is still {}", refund.refund_id, refund.state)
        });
    }
}

/// Both sides say the same about every fen that moved.
fn money_agrees(facts: &Facts, broken: &mut Broken) {
    for (key, attempt) in &facts.attempts {
        let Some(trade) = facts.trades.get(key) else {
            broken.unless(attempt.paid == 0, || {
                format!("attempt {} was paid by nobody", key.1)
            });
            continue;
        };
        let told = (attempt.paid, attempt.refunded);
        let real = (
            if trade.paid_at.is_some() {
                trade.total
            } else {
                0
            },
            trade.refunded,
        );
        broken.unless(told == real, || {
            format!(
                "attempt {}: merchant has {told:?} paid and refunded, Alipay {real:?}",
                key.1
            )
        });
    }
    let mut kept_by_app = std::collections::BTreeMap::<&str, i64>::new();
    for ((app_id, _), attempt) in &facts.attempts {
        *kept_by_app.entry(app_id).or_default() += attempt.paid - attempt.refunded;
    }
    for (app_id, kept) in kept_by_app {
        let booked = facts.clearing.get(&format!("clearing:{app_id}"));
        let booked = booked.copied().unwrap_or_default();
        broken.unless(booked == kept, || {
            format!("the books of {app_id} hold {booked} fen, its attempts {kept}")
        });
    }
}

/// The shop has handed out what was paid for, and nothing else.
fn shop_agrees(facts: &Facts, broken: &mut Broken) {
    for (number, shop_order) in &facts.shop_orders {
        let ShopOrder {
            total,
            status,
            refunded,
            ..
        } = shop_order;
        if *total == 0 {
            continue;
        }
        let Some((_, order)) = facts.order_of_number(number) else {
            broken.unless(*status != 1, || {
                format!("shop order {number} is paid nowhere")
            });
            continue;
        };
        let paid = order.state == "paid";
        broken.unless((*status == 1) == paid, || {
            format!(
                "shop order {number} has status {status}, the merchant says {}",
                order.state
            )
        });
        // What the merchant gave back by itself is not the shop's doing.
        broken.unless(!paid || *refunded <= order.refunded, || {
            format!(
                "shop order {number}: {refunded} back, the merchant says {}",
                order.refunded
            )
        });
        if *status != 1 {
            continue;
        }
        for detail in facts
            .details
            .iter()
            .filter(|detail| detail.out_trade_no == *number)
        {
            let mut open = facts.enrollments.iter().filter(|course| {
                (&course.user_id, course.course_id) == (&detail.user_id, detail.course_id)
            });
            broken.unless(open.next().is_some() || *refunded > 0, || {
                format!("{detail:?} is paid and not open")
            });
        }
    }
}

/// No work is left over that was due, and none was given up.
fn jobs_are_done(facts: &Facts, broken: &mut Broken) {
    for (whose, jobs) in [
        ("sandbox", &facts.sandbox_jobs),
        ("merchant", &facts.merchant_jobs),
        ("shop", &facts.shop_jobs),
    ] {
        for job in jobs {
            broken.unless(job.state == "waiting", || {
                format!("{whose} job is {}: {job:?}", job.state)
            });
        }
    }
}

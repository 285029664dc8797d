//! When Alipay is asked about what hangs: soon at first, then less and less, until it has ended.

use super::{Attempt, Order, Refund};
use kernel::Timestamp;
use kernel::time::{HOUR_MS, MINUTE_MS, SECOND_MS};

/// How long after a link's last second a missing trade counts as never opened. The clocks of two
/// houses differ, and a buyer may have opened it in that second.
pub const EXPIRY_GRACE_MS: i64 = MINUTE_MS;
/// How long a refund that nobody confirmed is left alone: Alipay asks for ten seconds.
const REFUND_FIRST_MS: i64 = 15 * SECOND_MS;

/// Returns `true` when no link of the order can open a trade any more.
#[must_use]
pub fn links_are_dead(order: &Order, now: Timestamp) -> bool {
    now >= order.expires_at.plus_ms(EXPIRY_GRACE_MS)
}

/// When an attempt that has not ended is asked for next.
#[must_use]
pub fn next_attempt_check(order: &Order, attempt: &Attempt, now: Timestamp) -> Timestamp {
    let dead_at = order.expires_at.plus_ms(EXPIRY_GRACE_MS);
    if now < order.expires_at {
        let age = now.since_ms(attempt.created_at);
        let wait = match order.closing_since {
            Some(since) => (now.since_ms(since) / 2).clamp(10 * SECOND_MS, 10 * MINUTE_MS),
            None => (age / 2).clamp(MINUTE_MS, 6 * HOUR_MS),
        };
        now.plus_ms(wait).min(order.expires_at)
    } else if now < dead_at {
        dead_at
    } else {
        let wait = (now.since_ms(order.expires_at) / 2).clamp(30 * SECOND_MS, HOUR_MS);
        now.plus_ms(wait)
    }
}

/// When a refund that has not ended is asked for next, after `tries` tries.
#[must_use]
pub fn next_refund_check(refund: &Refund, now: Timestamp) -> Timestamp {
    let doublings = u32::try_from(refund.tries.clamp(0, 8)).unwrap_or_default();
    now.plus_ms((REFUND_FIRST_MS << doublings).min(HOUR_MS))
}

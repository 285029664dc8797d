//! Orders that were written down but never reached the merchant service: the process ended in
//! between. Nobody has a link to pay them, and nobody but the shop can end them.
//!
//! One standing job goes through the unpaid orders whose time is over. A row of its own for every
//! order would be written and dropped with each, for what hardly ever happens.

use crate::courses::app::{fulfil, till};
use crate::courses::context::Context;
use crate::courses::store::orders;
use kernel::Timestamp;
use kernel::time::MINUTE_MS;
use std::sync::{Mutex, PoisonError};

/// The kind of the job.
pub(in crate::courses) const END_UNPLACED: &str = "end_unplaced_orders";

/// Ends, round by round, the orders that the merchant service does not know.
#[derive(Debug, Default)]
pub(in crate::courses) struct Rounds {
    /// The number of the last order that was looked at; the numbers are in the order of time. What
    /// was found placed stays so, and the merchant service ends it.
    seen: Mutex<String>,
}

impl Rounds {
    /// One round. Returns when the next one is due: as soon as another order's time is over, but
    /// not at once again.
    pub(in crate::courses) async fn run(
        &self,
        ctx: &Context,
    ) -> Result<Timestamp, till::TillError> {
        let now = ctx.clock.now();
        loop {
            let waiting = orders::unpaid_after(&ctx.db, &self.seen()).await?;
            if waiting.is_empty() {
                return Ok(now.plus_ms(TIME_TO_PAY_MS));
            }
            for order in waiting {
                let over_at = order.created_at.plus_ms(TIME_TO_PAY_MS);
                if over_at > now {
                    return Ok(over_at.max(now.plus_ms(MINUTE_MS)));
                }
                if !till::is_placed(ctx, &order.out_trade_no).await? {
                    fulfil::closed(ctx, &order.out_trade_no).await?;
                }
                *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = order.out_trade_no;
            }
        }
    }

    fn seen(&self) -> String {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }
}

/// As long as the merchant service gives an order to be paid.
pub(in crate::courses) const TIME_TO_PAY_MS: i64 = 30 * MINUTE_MS;

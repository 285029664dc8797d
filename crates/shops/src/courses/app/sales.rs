//! What came in, day by day in China, for staff.

use crate::courses::context::Context;
use crate::courses::store::order_list;
use kernel::Timestamp;
use kernel::time::{DAY_MS, HOUR_MS};
use money::Fen;
use store::StoreError;

/// One day.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::courses) struct Day {
    /// The day as it is written: `2026-08-21`.
    pub date: String,
    /// How many orders were paid.
    pub orders: i64,
    /// What they brought, less what went back of them since.
    pub taken: Fen,
}

/// The last `days` days, today the last one; a day without orders is there too.
pub(in crate::courses) async fn by_day(ctx: &Context, days: i64) -> Result<Vec<Day>, StoreError> {
    let today = (ctx.clock.now().ms() + CHINA_MS).div_euclid(DAY_MS);
    let first = today - days + 1;
    let since = Timestamp::from_ms(first * DAY_MS - CHINA_MS);
    let sums = ctx
        .db
        .read(move |tx| Box::pin(async move { order_list::paid_by_day(tx, since).await }))
        .await?;
    Ok((first..=today)
        .map(|day| {
            let found = sums.iter().find(|sum| sum.day == day);
            let date = Timestamp::from_ms(day * DAY_MS).china();
            Day {
                date: date.chars().take(10).collect(),
                orders: found.map_or(0, |sum| sum.orders),
                taken: found.map_or(Fen::ZERO, |sum| sum.taken),
            }
        })
        .collect())
}

/// China's days begin eight hours before those of UTC.
const CHINA_MS: i64 = 8 * HOUR_MS;

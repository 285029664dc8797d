//! Sums over trades, for people to look at.

use ::store::{StoreError, Tx, params};
use kernel::Timestamp;
use kernel::time::DAY_MS;
use money::Fen;

::store::statements! {
    /// How many postings there are, about: their numbers have few gaps.
    POSTINGS = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) AS many FROM ledger_postings";
    /// When the next notice is due.
    NEXT_NOTICE = "SELECT MIN(due_at) AS at FROM jobs WHERE kind = 'send_notice' AND state = 'waiting'";
    /// What was paid on each day of China since an instant.
    PAID_BY_DAY = "SELECT (paid_at + 28800000) / 86400000 AS day, COUNT(*) AS trades, CAST(COALESCE(SUM(total_amount), 0) AS BIGINT) AS total FROM sandbox_trades WHERE paid_at >= $1 GROUP BY (paid_at + 28800000) / 86400000 ORDER BY day";
}

/// How far China is ahead of UTC, milliseconds.
const CHINA_MS: i64 = 8 * kernel::time::HOUR_MS;

/// What was paid on one day.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PaidDay {
    /// Its midnight in China.
    pub day: Timestamp,
    /// How many trades.
    pub trades: i64,
    /// How much, before refunds.
    pub total: Fen,
}

/// The `days` days of China that end with the one of `now`; those without a payment too.
///
/// # Errors
/// What the engine said.
pub async fn paid_by_day(
    tx: &mut Tx<'_>,
    now: Timestamp,
    days: i64,
) -> Result<Vec<PaidDay>, StoreError> {
    let last = now.ms().saturating_add(CHINA_MS).div_euclid(DAY_MS);
    let first = last - days + 1;
    let midnight = |day: i64| Timestamp::from_ms(day * DAY_MS - CHINA_MS);
    let rows = tx.query(&PAID_BY_DAY, &params![midnight(first)]).await?;
    let mut found: Vec<PaidDay> = (first..=last)
        .map(|day| PaidDay {
            day: midnight(day),
            trades: 0,
            total: Fen::ZERO,
        })
        .collect();
    for row in &rows {
        let index = usize::try_from(row.int("day")? - first).ok();
        if let Some(day) = index.and_then(|index| found.get_mut(index)) {
            day.trades = row.int("trades")?;
            day.total = Fen::new(row.int("total")?);
        }
    }
    Ok(found)
}

/// How many postings there are, about.
///
/// # Errors
/// What the engine said.
pub async fn postings(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.query_one(&POSTINGS, &[]).await?.int("many")
}

/// When the next notice is due; none when none waits.
///
/// # Errors
/// What the engine said.
pub async fn next_notice_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.query_one(&NEXT_NOTICE, &[]).await?.opt_time("at")
}

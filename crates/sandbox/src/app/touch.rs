//! Brings a locked trade up to the present: what is overdue closes, what is past its time for
//! refunds finishes, before anything else happens to it.

use super::fresh::Fresh;
use super::tell::tell;
use crate::domain::{CloseReason, NoticeKind, Trade};
use crate::jobs;
use crate::store::trades::{self, Key};
use store::jobs::NewJob;
use store::{StoreError, Tx};

/// A trade, held until the transaction ends, as it stands now.
///
/// # Errors
/// What the engine said.
pub async fn lock_present(
    tx: &mut Tx<'_>,
    key: Key<'_>,
    fresh: &Fresh,
) -> Result<Option<Trade>, StoreError> {
    let Some(mut trade) = trades::lock(tx, key).await? else {
        return Ok(None);
    };
    bring_up(tx, &mut trade, fresh).await?;
    Ok(Some(trade))
}

/// Ends a locked trade whose time is over; returns whether it did.
///
/// # Errors
/// What the engine said.
pub async fn bring_up(
    tx: &mut Tx<'_>,
    trade: &mut Trade,
    fresh: &Fresh,
) -> Result<bool, StoreError> {
    let now = fresh.now;
    let ended = if trade.is_overdue(now) {
        trade.close(CloseReason::Expired, now).ok()
    } else if trade.is_past_refund(now) {
        trade.finish(now).ok()
    } else {
        None
    };
    let Some(state) = ended else {
        return Ok(false);
    };
    let (what, detail) = if trade.payment().is_some() {
        ("finished", "the time for refunds is over")
    } else {
        ("closed", "nobody paid in time")
    };
    trade.state = state;
    trades::save(tx, trade, now, what, detail).await?;
    let kind = NoticeKind::Ended { at: now };
    tell(tx, trade, &kind, fresh).await?;
    Ok(true)
}

/// Schedules the close of a trade that just came into being.
///
/// # Errors
/// What the engine said.
pub async fn schedule_expiry(
    tx: &mut Tx<'_>,
    trade: &Trade,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let Some(born) = trade.born() else {
        return Ok(());
    };
    let job = NewJob {
        job_id: fresh.end_job.clone(),
        kind: jobs::EXPIRE_TRADE,
        key: trade.trade_id.as_str().to_owned(),
        payload: "{}".to_owned(),
        due_at: born.expires_at,
    };
    store::jobs::schedule(tx, &job).await?;
    Ok(())
}

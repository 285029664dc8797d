//! Freezes a notice and schedules its first delivery, in the transaction of what it tells.

use super::fresh::Fresh;
use crate::domain::{NoticeKind, Trade};
use crate::jobs;
use crate::notices::form;
use crate::store::notices::{self, Notice, NoticeState};
use store::jobs::NewJob;
use store::{StoreError, Tx};

/// Writes the notice that `kind` calls for, if its product tells that at all and the merchant gave
/// an address.
///
/// # Errors
/// What the engine said.
pub async fn tell(
    tx: &mut Tx<'_>,
    trade: &Trade,
    kind: &NoticeKind,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let Some(status) = trade.status() else {
        return Ok(());
    };
    let Some(url) = &trade.offer.notify_url else {
        return Ok(());
    };
    if !trade.offer.product.tells(status) {
        return Ok(());
    }
    let notice = Notice {
        notify_id: fresh.notify_id.clone(),
        trade_id: trade.trade_id.clone(),
        app_id: trade.app_id.clone(),
        out_trade_no: trade.offer.out_trade_no.clone(),
        trade_status: status,
        url: url.clone(),
        charset: trade.offer.charset.clone(),
        fields: form::frozen(trade, status, kind, &fresh.notify_id),
        state: NoticeState::Pending,
        created_at: fresh.now,
    };
    notices::insert(tx, &notice).await?;
    let job = NewJob {
        job_id: fresh.notice_job.clone(),
        kind: jobs::SEND_NOTICE,
        key: notice.notify_id,
        payload: "{}".to_owned(),
        due_at: fresh.now,
    };
    store::jobs::schedule(tx, &job).await?;
    Ok(())
}

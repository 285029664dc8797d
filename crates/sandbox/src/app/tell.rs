//! Freezes a notice and schedules its first delivery, in the transaction of what it tells.

use super::fresh::Fresh;
use crate::domain::agreement::AgreedBy;
use crate::domain::{About, NoticeKind, Product, Trade};
use crate::jobs;
use crate::notices::form;
use crate::store::agreements;
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
    let agreed = if trade.offer.product == Product::Deduct || trade.offer.signing.is_some() {
        agreements::of_trade(tx, &trade.trade_id).await?
    } else {
        None
    };
    tell_by(tx, trade, kind, agreed.as_ref(), fresh).await
}

/// The same about a trade that an agreement pays, or with which one was signed; it is named in the
/// notice (6.3).
///
/// # Errors
/// What the engine said.
pub async fn tell_by(
    tx: &mut Tx<'_>,
    trade: &Trade,
    kind: &NoticeKind,
    agreed: Option<&AgreedBy>,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let Some(status) = trade.status() else {
        return Ok(());
    };
    let Some(url) = &trade.offer.notify_url else {
        return Ok(());
    };
    let app = super::meet_trade::app_of(tx, trade).await?;
    if !app.is_told(trade.offer.product, status) {
        return Ok(());
    }
    let mut fields = form::frozen(trade, status, kind, &fresh.notify_id);
    if let Some(agreed) = agreed {
        let mut add = |name: &str, value: &String| fields.push((name.to_owned(), value.clone()));
        add("agreement_no", &agreed.agreement_no);
        if let Some(number) = &agreed.external_agreement_no {
            add("external_agreement_no", number);
        }
    }
    let notice = Told {
        about: About::Trade(trade.trade_id.clone()),
        notify_type: "trade_status_sync".to_owned(),
        app_id: trade.app_id.clone(),
        number: trade.offer.out_trade_no.clone(),
        status: status.as_str().to_owned(),
        url: url.clone(),
        charset: trade.offer.charset.clone(),
        fields,
        at_once: app.at_once(trade.offer.product),
    };
    freeze(tx, notice, fresh).await
}

/// What is to be told, about whatever it is.
#[derive(Clone, Debug)]
pub struct Told {
    /// What it is about.
    pub about: About,
    /// The kind of notice on the wire.
    pub notify_type: String,
    /// Whose.
    pub app_id: String,
    /// The merchant's number of it.
    pub number: String,
    /// The status it tells.
    pub status: String,
    /// Where it goes.
    pub url: String,
    /// In which charset it is written.
    pub charset: String,
    /// Names and values in the order of the wire.
    pub fields: Vec<(String, String)>,
    /// How many deliveries follow the first one at once.
    pub at_once: usize,
}

/// Keeps a notice under the number of `fresh` and schedules its first delivery.
///
/// # Errors
/// What the engine said.
pub async fn freeze(tx: &mut Tx<'_>, told: Told, fresh: &Fresh) -> Result<(), StoreError> {
    let notice = Notice {
        notify_id: fresh.notify_id.clone(),
        about: told.about,
        notify_type: told.notify_type,
        app_id: told.app_id,
        out_trade_no: told.number,
        status: told.status,
        url: told.url,
        charset: told.charset,
        fields: told.fields,
        state: NoticeState::Pending,
        created_at: fresh.now,
        at_once: told.at_once,
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

//! Takes a notice: verifies it outside, observes it in one transaction, answers after the commit.
//!
//! *Transactions*: exactly one; evidence, order, books, events and follow-up work are in it. The usual
//! notice is decided on a look before it, and written only while the order is what it was then.
//! *Recovery*: whatever goes wrong before the commit, Alipay sends the notice again.

use super::apply::{Locked, apply};
use crate::alipay::{self, Genuine, NoticeTold};
use crate::context::{Killed, Merchant, Mint, Minting};
use crate::domain::{Attempt, CaseKind, Decision, Mismatch, Order, OrderId};
use crate::parts::Point;
use crate::store::cases::{self, Case};
use crate::store::notices::{self, NewNotice};
use crate::store::{attempts, orders};
use ::alipay::notice::Verified;
use ::store::{Engine, Script, StoreError, Tx};
use bytes::Bytes;
use std::sync::Arc;

/// On whose path a notice arrived.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Scope {
    /// The service's own: it is there for every merchant.
    Any,
    /// A merchant's: its own applications only.
    Merchant(String),
}

/// A notice as it arrived.
#[derive(Clone, Debug)]
pub struct NoticeIn {
    /// On whose path.
    pub scope: Scope,
    /// The body, as it came.
    pub body: Bytes,
    /// The header, as it came.
    pub content_type: Option<String>,
}

/// What a notice is worth.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NoticeVerdict {
    /// Ours and in order, or a repeat of it: `success`. Everything that follows is durable.
    Accepted {
        /// The order, unless the notice is about none.
        order_id: Option<OrderId>,
        /// What was done.
        decision: Decision,
    },
    /// Genuine, and not what we expect: refused, and somebody will look at it.
    Case(CaseOpened),
    /// Not believed: refused and counted.
    Refused(NoticeRefusal),
}

/// Why a genuine notice is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CaseOpened {
    /// `wrong_amount`, `wrong_app`, `wrong_seller`, `unknown_order`, `other_shop`.
    pub kind: &'static str,
}

/// Why a notice is not believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoticeRefusal {
    /// No application of ours, no signature, or one that does not hold.
    Forged,
    /// Not well formed, too large, in no known charset, or signed as something else.
    Malformed,
}

impl NoticeVerdict {
    /// The text of the answer: `success`, or the refusal that the path uses.
    #[must_use]
    pub const fn answer(&self, refusal: &'static str) -> &'static str {
        match self {
            Self::Accepted { .. } => "success",
            Self::Case(_) | Self::Refused(_) => refusal,
        }
    }

    /// One word for it, as it is counted and kept.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted { decision, .. } => decision.as_str(),
            Self::Case(opened) => opened.kind,
            Self::Refused(NoticeRefusal::Forged) => "forged",
            Self::Refused(NoticeRefusal::Malformed) => "malformed",
        }
    }
}

/// Our own fault: answer 500, and the notice comes again.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveNoticeError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A test ended the service.
    #[error(transparent)]
    Killed(#[from] Killed),
}

/// Takes a notice. Safe to repeat, also in parallel.
///
/// # Errors
/// When we could not keep what follows from it.
pub async fn receive_notice(
    merchant: &Merchant,
    notice: NoticeIn,
) -> Result<NoticeVerdict, ReceiveNoticeError> {
    let read = alipay::read_notice(merchant, &notice.body, notice.content_type.as_deref());
    let genuine = match read {
        Ok(genuine) => genuine,
        Err(forged) => {
            let refusal = match &forged {
                alipay::Forged::NoApp => NoticeRefusal::Forged,
                alipay::Forged::Notice(error) if is_signature(error) => NoticeRefusal::Forged,
                alipay::Forged::Notice(_) | alipay::Forged::NotANotice => NoticeRefusal::Malformed,
            };
            refuse_notice(merchant, &notice.body, &forged.to_string()).await;
            return Ok(NoticeVerdict::Refused(refusal));
        }
    };
    let arrived = Arc::new(Arrived {
        scope: notice.scope,
        told: NoticeTold::read(&genuine.message),
        genuine,
        content_type: notice.content_type,
    });
    match commit(merchant, arrived).await {
        Err(_) if merchant.bugs().acknowledged_before_commit => Ok(NoticeVerdict::Accepted {
            order_id: None,
            decision: Decision::Nothing,
        }),
        other => other,
    }
}

fn is_signature(error: &::alipay::notice::NoticeError) -> bool {
    use ::alipay::notice::NoticeError;
    matches!(error, NoticeError::Signature(_) | NoticeError::SignType)
}

/// Counts a message that nobody of ours signed; a digest of what was read of it is all that stays.
/// That this cannot be written is no reason to ask for the message again.
pub async fn refuse_notice(merchant: &Merchant, body: &[u8], reason: &str) {
    service::metrics::notice_judged("forged");
    let digest = hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body));
    let (reason, now) = (reason.to_owned(), merchant.now());
    let counted = merchant
        .db()
        .write(move |tx| {
            let (digest, reason) = (digest.clone(), reason.clone());
            Box::pin(async move {
                notices::count_forged(tx, &digest, &reason, now).await?;
                Ok::<_, StoreError>(())
            })
        })
        .await;
    if let Err(error) = counted {
        tracing::warn!(%error, "A refused notice was not counted");
    }
}

struct Arrived {
    scope: Scope,
    genuine: Genuine<Verified>,
    told: NoticeTold,
    content_type: Option<String>,
}

async fn commit(
    merchant: &Merchant,
    arrived: Arc<Arrived>,
) -> Result<NoticeVerdict, ReceiveNoticeError> {
    merchant.survive(Point::NoticeBeforeCommit)?;
    let mint = merchant.mint();
    let quick = observe_first_payment(merchant, mint, &arrived).await;
    let (verdict, has_work) = if let Some(observed) = quick {
        observed
    } else {
        let service = merchant.clone();
        let observed = merchant.db().write(move |tx| {
            let (service, arrived) = (service.clone(), arrived.clone());
            Box::pin(async move {
                let mut minting = mint.start();
                let verdict = observe_notice(tx, &service, &mut minting, &arrived).await?;
                Ok::<_, StoreError>((verdict, minting.has_work()))
            })
        });
        observed.await?
    };
    merchant.survive(Point::NoticeAfterCommit)?;
    service::metrics::notice_judged(verdict.word());
    if has_work {
        merchant.wake();
    }
    Ok(verdict)
}

/// The notice that nearly all are: it pays an order of which nothing was paid. What is to be written
/// is decided on a look, and written while nothing has changed since; then notices of several orders
/// travel to the database together. `None` when it is another, when something did change, or when
/// anything went wrong: the long way decides.
async fn observe_first_payment(
    merchant: &Merchant,
    mint: Mint,
    arrived: &Arc<Arrived>,
) -> Option<(NoticeVerdict, bool)> {
    // On SQLite closures of several callers share a transaction anyway, and a look beforehand costs
    // more than it saves: its reader sees a new file after each commit.
    if merchant.db().engine() == Engine::Sqlite || is_elsewhere(arrived) {
        return None;
    }
    let number = arrived.told.out_trade_no.as_deref()?;
    let app_id = &arrived.genuine.app.client.app().app_id;
    let look = orders::look_by_attempt(merchant.db(), number, app_id).await;
    let (order, attempt) = look.ok()??;
    if !order.state.is_pending() || !attempt.state.is_pending() {
        return None;
    }
    let (service, notice) = (merchant.clone(), Arc::clone(arrived));
    let observed = Script::record(merchant.db().engine(), move |tx| {
        Box::pin(async move {
            let mut minting = mint.start();
            let locked = Locked { order, attempt };
            let verdict = observe_found(tx, &service, &mut minting, &notice, locked).await?;
            Ok::<_, StoreError>((verdict, minting.has_work()))
        })
    });
    let ((verdict, has_work), script): (_, Script) = observed.ok()?;
    let pays = matches!(
        verdict,
        NoticeVerdict::Accepted {
            decision: Decision::Pay,
            ..
        }
    );
    if !pays {
        return None;
    }
    match merchant.db().run(script).await {
        Ok(()) => Some((verdict, has_work)),
        Err(error) => {
            tracing::debug!(%error, "A notice is observed the long way");
            None
        }
    }
}

/// Whether it came on the path of a merchant that its application does not belong to.
fn is_elsewhere(arrived: &Arrived) -> bool {
    match &arrived.scope {
        Scope::Any => false,
        Scope::Merchant(name) => *name != arrived.genuine.app.merchant.name,
    }
}

async fn observe_notice(
    tx: &mut Tx<'_>,
    merchant: &Merchant,
    minting: &mut Minting,
    arrived: &Arrived,
) -> Result<NoticeVerdict, StoreError> {
    if is_elsewhere(arrived) && !merchant.bugs().notice_for_other_app_accepted {
        return case(tx, minting, arrived, CaseKind::OtherShop, None).await;
    }
    let Some(number) = arrived.told.out_trade_no.as_deref() else {
        let verdict = NoticeVerdict::Accepted {
            order_id: None,
            decision: Decision::Nothing,
        };
        record(tx, minting, arrived, None, "irrelevant", true).await?;
        return Ok(verdict);
    };
    let app_id = &arrived.genuine.app.client.app().app_id;
    let mut found = orders::lock_by_attempt(tx, number, app_id).await?;
    if found.is_none() {
        match others(tx, number).await? {
            None => return case(tx, minting, arrived, CaseKind::UnknownOrder, None).await,
            Some(attempt) if merchant.bugs().notice_for_other_app_accepted => {
                found = orders::lock_by_attempt(tx, number, &attempt.app_id).await?;
            }
            Some(attempt) => {
                let order = orders::find(tx, &attempt.order_id).await?;
                let kind = CaseKind::Mismatch(Mismatch::App);
                return case(tx, minting, arrived, kind, order.as_ref()).await;
            }
        }
    }
    let Some((order, attempt)) = found else {
        return case(tx, minting, arrived, CaseKind::UnknownOrder, None).await;
    };
    observe_found(tx, merchant, minting, arrived, Locked { order, attempt }).await
}

async fn observe_found(
    tx: &mut Tx<'_>,
    merchant: &Merchant,
    minting: &mut Minting,
    arrived: &Arrived,
    mut locked: Locked,
) -> Result<NoticeVerdict, StoreError> {
    let Locked { order, attempt } = &locked;
    let facts = alipay::facts_of_notice(
        merchant,
        order,
        attempt,
        &arrived.genuine.app,
        &arrived.told,
    );
    let decision = apply(tx, merchant, minting, &mut locked, &facts).await?;
    let order_id = locked.order.order_id;
    if let (Decision::OpenCase, Some(mismatch)) = (decision, facts.mismatch) {
        let kind = CaseKind::Mismatch(mismatch).as_str();
        record(tx, minting, arrived, Some(&order_id), kind, false).await?;
        return Ok(NoticeVerdict::Case(CaseOpened { kind }));
    }
    record(
        tx,
        minting,
        arrived,
        Some(&order_id),
        decision.as_str(),
        true,
    )
    .await?;
    Ok(NoticeVerdict::Accepted {
        order_id: Some(order_id),
        decision,
    })
}

/// An attempt of that number that another application has.
async fn others(tx: &mut Tx<'_>, number: &str) -> Result<Option<Attempt>, StoreError> {
    Ok(attempts::by_number(tx, number).await?.into_iter().next())
}

/// Opens a case for a genuine notice that is about no attempt of its application's, and refuses it.
async fn case(
    tx: &mut Tx<'_>,
    minting: &Minting,
    arrived: &Arrived,
    kind: CaseKind,
    order: Option<&Order>,
) -> Result<NoticeVerdict, StoreError> {
    let app = &arrived.genuine.app;
    let told = &arrived.genuine.message;
    let merchant = match (&arrived.scope, order) {
        (_, Some(order)) => &order.merchant,
        (Scope::Merchant(name), None) => name,
        (Scope::Any, None) => &app.merchant.name,
    };
    let notify_id = arrived.told.notify_id().to_owned();
    let app_id = app.client.app().app_id.clone();
    let word = kind.as_str();
    let opened = Case {
        case_id: minting.case_id(),
        dedup: format!("notice:{app_id}:{notify_id}"),
        merchant: merchant.clone(),
        kind: word.to_owned(),
        order_id: order.map(|order| order.order_id.clone()),
        app_id,
        notify_id: Some(notify_id),
        detail: serde_json::json!({
            "told": {
                "app_id": told.app_id(),
                "seller_id": told.seller_id(),
                "out_trade_no": told.out_trade_no(),
                "trade_no": told.trade_no(),
                "total_amount": told.total_amount().map(|amount| amount.to_string()),
            },
        })
        .to_string(),
        state: "open".to_owned(),
        opened_at: minting.now,
    };
    cases::open(tx, &opened).await?;
    let order_id = order.map(|order| &order.order_id);
    record(tx, minting, arrived, order_id, word, false).await?;
    Ok(NoticeVerdict::Case(CaseOpened { kind: word }))
}

/// Keeps the notice as evidence.
async fn record(
    tx: &mut Tx<'_>,
    minting: &Minting,
    arrived: &Arrived,
    order_id: Option<&OrderId>,
    verdict: &str,
    acknowledged: bool,
) -> Result<(), StoreError> {
    let Arrived { genuine, told, .. } = arrived;
    let notice = NewNotice {
        app_id: &genuine.app.client.app().app_id,
        notify_id: told.notify_id(),
        merchant: &genuine.app.merchant.name,
        order_id,
        out_trade_no: told.out_trade_no.as_deref().unwrap_or_default(),
        trade_status: &told.trade_status,
        verdict,
        acknowledged,
        content_type: arrived.content_type.as_deref(),
        raw: genuine.message.raw(),
        at: minting.now,
    };
    notices::record(tx, &notice).await
}

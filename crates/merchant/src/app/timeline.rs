//! What happened to an order: its history, the notices as they came, its refunds and cases.

use super::query_order::{OrderRef, QueryOrderError, load};
use crate::context::Merchant;
use crate::store::{cases, history, notices};
use crate::views::OrderView;
use ::store::StoreError;
use kernel::Timestamp;
use serde::Serialize;

/// The story of an order, the oldest first.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Timeline {
    /// What it is now.
    pub order: OrderView,
    /// What happened.
    pub data: Vec<TimelineEntry>,
}

/// One thing that happened.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TimelineEntry {
    /// A state changed.
    Transition {
        /// When.
        #[schema(value_type = String)]
        at: Timestamp,
        /// `order`, `attempt` or `refund`.
        entity: String,
        /// Its id.
        entity_id: String,
        /// The state before; empty for what began.
        from: String,
        /// The state after.
        to: String,
        /// Who told us.
        cause: String,
        /// Where the proof is.
        reference: Option<String>,
    },
    /// Alipay told us something; this is what it signed.
    Notice {
        /// When it came first.
        #[schema(value_type = String)]
        at: Timestamp,
        /// When it came last.
        #[schema(value_type = String)]
        last_at: Timestamp,
        /// Its number.
        notify_id: String,
        /// Alipay's word.
        trade_status: String,
        /// What we made of it.
        verdict: String,
        /// Whether we answered `success`.
        acknowledged: bool,
        /// How often it came.
        deliveries: i64,
        /// The body as it came. Bytes that are no UTF-8 show as replacement characters.
        raw: String,
    },
    /// Somebody has to look at it.
    Case {
        /// When it was opened.
        #[schema(value_type = String)]
        at: Timestamp,
        /// Its id.
        id: String,
        /// What it is about.
        about: String,
        /// What was expected and what was told.
        detail: String,
        /// `open` or `done`.
        state: String,
    },
}

impl TimelineEntry {
    /// When it happened.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Transition { at, .. } | Self::Notice { at, .. } | Self::Case { at, .. } => *at,
        }
    }
}

/// The story of an order.
///
/// # Errors
/// When the merchant has no such order.
pub async fn timeline(
    merchant: &Merchant,
    owner: &str,
    order: &OrderRef,
) -> Result<Timeline, QueryOrderError> {
    let order = load(merchant, owner, order).await?;
    let order_id = order.order_id.clone();
    let (changes, told, opened) = merchant
        .db()
        .read(move |tx| {
            let order_id = order_id.clone();
            Box::pin(async move {
                let changes = history::of_order(tx, &order_id).await?;
                let told = notices::of_order(tx, &order_id).await?;
                let opened = cases::of_order(tx, &order_id).await?;
                Ok::<_, StoreError>((changes, told, opened))
            })
        })
        .await?;
    let told = told.into_iter().map(|notice| TimelineEntry::Notice {
        at: notice.first_at,
        last_at: notice.last_at,
        notify_id: notice.notify_id,
        trade_status: notice.trade_status,
        verdict: notice.verdict,
        acknowledged: notice.acknowledged,
        deliveries: notice.deliveries,
        raw: String::from_utf8_lossy(&notice.raw).into_owned(),
    });
    let changes = changes.into_iter().map(|row| TimelineEntry::Transition {
        at: row.at,
        entity: row.entity,
        entity_id: row.entity_id,
        from: row.from_state,
        to: row.to_state,
        cause: row.cause,
        reference: row.reference,
    });
    let opened = opened.into_iter().map(|case| TimelineEntry::Case {
        at: case.opened_at,
        id: case.case_id.to_string(),
        about: case.kind,
        detail: case.detail,
        state: case.state,
    });
    // A notice stands before what it caused: the sort is stable.
    let mut data: Vec<_> = told.chain(changes).chain(opened).collect();
    data.sort_by_key(TimelineEntry::at);
    Ok(Timeline {
        order: OrderView::from(&order),
        data,
    })
}

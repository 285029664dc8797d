//! Looks at orders, attempts and refunds. A merchant sees its own and nothing else.

use crate::context::Merchant;
use crate::domain::{OrderId, OrderState};
use crate::store::{attempts, orders, refunds};
use crate::views::{AttemptView, OrderView, RefundView};
use ::store::StoreError;

/// How a caller names an order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum OrderRef {
    /// By our id.
    Id(OrderId),
    /// By the merchant's number, or the number of any of its attempts.
    Number(String),
}

impl std::fmt::Display for OrderRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Number(number) => f.write_str(number),
        }
    }
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum QueryOrderError {
    /// The merchant has no such order.
    #[error("there is no order `{0}`")]
    NotFound(OrderRef),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which orders are listed.
#[derive(Clone, Debug, Default)]
pub struct ListOrders {
    /// Whose.
    pub merchant: String,
    /// Older than this one.
    pub before: Option<OrderId>,
    /// In this state.
    pub state: Option<OrderState>,
    /// At most this many, 1 to 100.
    pub limit: i64,
}

/// One order of the merchant.
///
/// # Errors
/// When it has no such order.
pub async fn find_order(
    merchant: &Merchant,
    owner: &str,
    order: &OrderRef,
) -> Result<OrderView, QueryOrderError> {
    let found = load(merchant, owner, order).await?;
    Ok(OrderView::from(&found))
}

/// The merchant's orders, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_orders(
    merchant: &Merchant,
    query: ListOrders,
) -> Result<Vec<OrderView>, StoreError> {
    let found = merchant
        .db()
        .read(move |tx| {
            let query = query.clone();
            Box::pin(async move {
                let state = query.state.map(OrderState::as_str);
                let limit = query.limit.clamp(1, 101);
                orders::list(tx, &query.merchant, query.before.as_ref(), state, limit).await
            })
        })
        .await?;
    Ok(found.iter().map(OrderView::from).collect())
}

/// The attempts of an order, the first first.
///
/// # Errors
/// When the merchant has no such order.
pub async fn list_attempts(
    merchant: &Merchant,
    owner: &str,
    order: &OrderRef,
) -> Result<Vec<AttemptView>, QueryOrderError> {
    let order = load(merchant, owner, order).await?;
    let found = merchant
        .db()
        .read(move |tx| {
            let order_id = order.order_id.clone();
            Box::pin(async move { attempts::of_order(tx, &order_id).await })
        })
        .await?;
    Ok(found.iter().map(AttemptView::from).collect())
}

/// The refunds of an order, the first first.
///
/// # Errors
/// When the merchant has no such order.
pub async fn list_refunds(
    merchant: &Merchant,
    owner: &str,
    order: &OrderRef,
) -> Result<Vec<RefundView>, QueryOrderError> {
    let order = load(merchant, owner, order).await?;
    let found = merchant
        .db()
        .read(move |tx| {
            let order_id = order.order_id.clone();
            Box::pin(async move { refunds::of_order(tx, &order_id).await })
        })
        .await?;
    Ok(found.iter().map(RefundView::from).collect())
}

/// The row of an order, when it is the merchant's.
pub(super) async fn load(
    merchant: &Merchant,
    owner: &str,
    order: &OrderRef,
) -> Result<crate::domain::Order, QueryOrderError> {
    let wanted = order.clone();
    let whose = owner.to_owned();
    let found = merchant
        .db()
        .read(move |tx| {
            let (wanted, whose) = (wanted.clone(), whose.clone());
            Box::pin(async move {
                match &wanted {
                    OrderRef::Id(id) => orders::find(tx, id).await,
                    OrderRef::Number(number) => {
                        if let Some(order) = orders::find_by_no(tx, &whose, number).await? {
                            return Ok(Some(order));
                        }
                        for attempt in attempts::by_number(tx, number).await? {
                            let order = orders::find(tx, &attempt.order_id).await?;
                            if order.as_ref().is_some_and(|order| order.merchant == whose) {
                                return Ok(order);
                            }
                        }
                        Ok::<_, StoreError>(None)
                    }
                }
            })
        })
        .await?;
    found
        .filter(|found| found.merchant == owner)
        .ok_or_else(|| QueryOrderError::NotFound(order.clone()))
}

//! Cases: what somebody has to look at.

use crate::domain::{CaseId, OrderId};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;

/// A case, as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Case {
    /// Its row.
    pub case_id: CaseId,
    /// What makes it one: the same cause opens no second one.
    pub dedup: String,
    /// Whose it is.
    pub merchant: String,
    /// What it is about.
    pub kind: String,
    /// The order that it is about, when it is ours.
    pub order_id: Option<OrderId>,
    /// The application that the message spoke for.
    pub app_id: String,
    /// The notice that opened it.
    pub notify_id: Option<String>,
    /// What was expected and what was told, JSON.
    pub detail: String,
    /// `open` or `done`.
    pub state: String,
    /// Since when.
    pub opened_at: Timestamp,
}

::store::statements! {
    /// Opens a case, once for each cause.
    OPEN = "INSERT INTO cases (case_id, dedup, merchant, kind, order_id, app_id, notify_id, detail,
            state, opened_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9)
        ON CONFLICT (dedup) DO NOTHING";
    /// The merchant's cases, newest first, before a given one.
    LIST = "SELECT * FROM cases
        WHERE merchant = $1 AND (CAST($2 AS TEXT) IS NULL OR case_id < $2)
        ORDER BY case_id DESC LIMIT $3";
    /// The cases of an order.
    OF_ORDER = "SELECT * FROM cases WHERE order_id = $1 ORDER BY opened_at, case_id";
    /// How many cases are open.
    OPEN_COUNT = "SELECT COUNT(*) AS open FROM cases WHERE state = 'open'";
}

/// Opens a case; `false` when its cause has one.
///
/// # Errors
/// What the store said.
pub async fn open(tx: &mut Tx<'_>, case: &Case) -> Result<bool, StoreError> {
    let values = params![
        case.case_id.as_str(),
        case.dedup.as_str(),
        case.merchant.as_str(),
        case.kind.as_str(),
        case.order_id.as_ref().map(OrderId::as_str),
        case.app_id.as_str(),
        case.notify_id.as_deref(),
        case.detail.as_str(),
        case.opened_at,
    ];
    Ok(tx.execute(&OPEN, &values).await? == 1)
}

/// The merchant's cases, newest first, older than `before`, at most `limit`.
///
/// # Errors
/// What the store said.
pub async fn list(
    tx: &mut Tx<'_>,
    merchant: &str,
    before: Option<&CaseId>,
    limit: i64,
) -> Result<Vec<Case>, StoreError> {
    let before = before.map(CaseId::as_str);
    let rows = tx.query(&LIST, &params![merchant, before, limit]).await?;
    rows.iter().map(read).collect()
}

/// The cases of an order, the oldest first.
///
/// # Errors
/// What the store said.
pub async fn of_order(tx: &mut Tx<'_>, order_id: &OrderId) -> Result<Vec<Case>, StoreError> {
    let rows = tx.query(&OF_ORDER, &params![order_id.as_str()]).await?;
    rows.iter().map(read).collect()
}

/// How many cases are open, of all merchants.
///
/// # Errors
/// What the store said.
pub async fn open_count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.query_one(&OPEN_COUNT, &[]).await?.int("open")
}

fn read(row: &Row) -> Result<Case, StoreError> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(Case {
        case_id: row.parse("case_id")?,
        dedup: text("dedup")?,
        merchant: text("merchant")?,
        kind: text("kind")?,
        order_id: row
            .opt_text("order_id")?
            .is_some()
            .then(|| row.parse("order_id"))
            .transpose()?,
        app_id: text("app_id")?,
        notify_id: row.opt_text("notify_id")?.map(str::to_owned),
        detail: text("detail")?,
        state: text("state")?,
        opened_at: row.time("opened_at")?,
    })
}

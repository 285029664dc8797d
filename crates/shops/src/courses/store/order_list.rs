//! Orders as lists: a user's own, and all of them for staff.

use crate::courses::domain::{Order, Status, UserId};
use crate::courses::store::orders;
use kernel::Timestamp;
use money::Fen;
use store::{Row, StoreError, Tx, params};

store::statements! {
    /// A page of a user's orders, the newest first: numbers are time-ordered.
    ORDERS_OF_USER = "SELECT out_trade_no, user_id, title, total_fen, status, pay_type, dialect, coupon, trade_no, paid_at, cancel_asked_at, refunded_fen, created_at, updated_at FROM orders WHERE user_id = $1 ORDER BY out_trade_no DESC LIMIT $2 OFFSET $3";
    /// How many orders a user has.
    COUNT_OF_USER = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM orders WHERE user_id = $1";
    /// A page of all orders, for staff.
    ORDERS_FILTERED = "SELECT o.out_trade_no, o.user_id, o.title, o.total_fen, o.status, o.pay_type, o.dialect, o.coupon, o.trade_no, o.paid_at, o.cancel_asked_at, o.refunded_fen, o.created_at, o.updated_at, u.username FROM orders o JOIN users u ON u.user_id = o.user_id WHERE (CAST($1 AS BIGINT) IS NULL OR o.status = $1) AND (CAST($2 AS TEXT) IS NULL OR o.out_trade_no = $2 OR o.trade_no = $2 OR u.username = $2) ORDER BY o.out_trade_no DESC LIMIT $3 OFFSET $4";
    /// How many there are of those.
    COUNT_FILTERED = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM orders o JOIN users u ON u.user_id = o.user_id WHERE (CAST($1 AS BIGINT) IS NULL OR o.status = $1) AND (CAST($2 AS TEXT) IS NULL OR o.out_trade_no = $2 OR o.trade_no = $2 OR u.username = $2)";
    /// Who made an order.
    BUYER_OF = "SELECT u.username FROM orders o JOIN users u ON u.user_id = o.user_id WHERE o.out_trade_no = $1";
    /// What was paid on each of China's days since an instant.
    PAID_BY_DAY = "SELECT (paid_at + 28800000) / 86400000 AS china_day, CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(SUM(total_fen - refunded_fen), 0) AS BIGINT) AS fen FROM orders WHERE status = $1 AND paid_at >= $2 GROUP BY (paid_at + 28800000) / 86400000";
}

/// What was paid on one of China's days, which are counted from 1970.
pub(in crate::courses) struct PaidDay {
    pub(in crate::courses) day: i64,
    pub(in crate::courses) orders: i64,
    pub(in crate::courses) taken: Fen,
}

/// An order and who made it.
#[derive(Clone, Debug)]
pub(in crate::courses) struct StaffOrder {
    /// The order with its lines.
    pub order: Order,
    /// Its user's name.
    pub username: String,
}

/// A page of a user's orders with their lines, the newest first, and how many there are in all.
pub(in crate::courses) async fn of_user(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Order>, i64), StoreError> {
    let count = tx
        .query_one(&COUNT_OF_USER, &params![user_id.as_str()])
        .await?
        .int("n")?;
    let values = params![user_id.as_str(), limit, offset];
    let rows = tx.query(&ORDERS_OF_USER, &values).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(complete(tx, row).await?);
    }
    Ok((found, count))
}

/// A page of all orders for staff: of one status, and of one number, trade number or user name.
pub(in crate::courses) async fn filtered(
    tx: &mut Tx<'_>,
    status: Option<Status>,
    text: Option<&str>,
    limit: i64,
    offset: i64,
) -> Result<(Vec<StaffOrder>, i64), StoreError> {
    let code = status.map(Status::code);
    let count = tx
        .query_one(&COUNT_FILTERED, &params![code, text])
        .await?
        .int("n")?;
    let values = params![code, text, limit, offset];
    let rows = tx.query(&ORDERS_FILTERED, &values).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(StaffOrder {
            order: complete(tx, row).await?,
            username: row.text("username")?.to_owned(),
        });
    }
    Ok((found, count))
}

/// What was paid on each day since an instant; a day without orders is left out.
pub(in crate::courses) async fn paid_by_day(
    tx: &mut Tx<'_>,
    since: Timestamp,
) -> Result<Vec<PaidDay>, StoreError> {
    let values = params![Status::Paid.code(), since];
    let rows = tx.query(&PAID_BY_DAY, &values).await?;
    rows.iter()
        .map(|row| {
            Ok(PaidDay {
                day: row.int("china_day")?,
                orders: row.int("n")?,
                taken: Fen::new(row.int("fen")?),
            })
        })
        .collect()
}

/// Who made an order.
pub(in crate::courses) async fn buyer_of(
    tx: &mut Tx<'_>,
    out_trade_no: &str,
) -> Result<Option<String>, StoreError> {
    let row = tx.query_opt(&BUYER_OF, &params![out_trade_no]).await?;
    row.map(|row| row.text("username").map(ToOwned::to_owned))
        .transpose()
}

async fn complete(tx: &mut Tx<'_>, row: &Row) -> Result<Order, StoreError> {
    let mut order = orders::read(row)?;
    order.details = orders::details(tx, &order.out_trade_no).await?;
    Ok(order)
}

//! One order at a time: written when it is made, locked when something becomes of it.

use crate::courses::domain::{Detail, Order, PayType, Status};
use kernel::Timestamp;
use money::Fen;
use store::{Db, Row, Script, StoreError, Tx, Value, params};

store::statements! {
    /// A new order.
    INSERT_ORDER = "INSERT INTO orders (out_trade_no, user_id, title, total_fen, status, pay_type, dialect, coupon, trade_no, paid_at, cancel_asked_at, refunded_fen, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    /// A line of an order.
    INSERT_DETAIL = "INSERT INTO order_details (out_trade_no, line, course_id, course_name, course_name_en, quantity, price_fen, real_price_fen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// One order.
    ORDER = "SELECT out_trade_no, user_id, title, total_fen, status, pay_type, dialect, coupon, trade_no, paid_at, cancel_asked_at, refunded_fen, created_at, updated_at FROM orders WHERE out_trade_no = $1";
    /// One order, locked until the transaction ends.
    LOCK_ORDER = "SELECT out_trade_no, user_id, title, total_fen, status, pay_type, dialect, coupon, trade_no, paid_at, cancel_asked_at, refunded_fen, created_at, updated_at FROM orders WHERE out_trade_no = $1", pg " FOR UPDATE";
    /// The lines of an order.
    DETAILS = "SELECT course_id, course_name, course_name_en, quantity, price_fen, real_price_fen FROM order_details WHERE out_trade_no = $1 ORDER BY line";
    /// Unpaid orders behind that number, the oldest first.
    UNPAID_AFTER = "SELECT out_trade_no, created_at FROM orders WHERE status = $1 AND out_trade_no > $2 ORDER BY out_trade_no LIMIT 100";
    /// What may change of an order.
    UPDATE_ORDER = "UPDATE orders SET status = $2, trade_no = $3, paid_at = $4, cancel_asked_at = $5, refunded_fen = $6, updated_at = $7 WHERE out_trade_no = $1";
}

/// Writes a new order with its lines.
pub(in crate::courses) async fn insert(tx: &mut Tx<'_>, order: &Order) -> Result<(), StoreError> {
    tx.later(&INSERT_ORDER, values_of(order), 1).await?;
    for (line, detail) in (1_i64..).zip(&order.details) {
        let values = detail_values(order, line, detail);
        tx.later(&INSERT_DETAIL, values, 1).await?;
    }
    Ok(())
}

/// Writes a new order with its lines in a script.
pub(in crate::courses) fn script_new(script: &mut Script, order: &Order) {
    script.add(&INSERT_ORDER, values_of(order));
    for (line, detail) in (1_i64..).zip(&order.details) {
        script.add(&INSERT_DETAIL, detail_values(order, line, detail));
    }
}

fn values_of(order: &Order) -> Vec<Value> {
    params![
        order.out_trade_no.as_str(),
        order.user_id.as_str(),
        order.title.as_str(),
        order.total.fen(),
        order.status.code(),
        order.pay_type.code(),
        order.dialect.as_str(),
        order.coupon.as_ref(),
        order.trade_no.as_ref(),
        order.paid_at,
        order.cancel_asked_at,
        order.refunded.fen(),
        order.created_at,
        order.updated_at,
    ]
    .into()
}

fn detail_values(order: &Order, line: i64, detail: &Detail) -> Vec<Value> {
    params![
        order.out_trade_no.as_str(),
        line,
        detail.course_id,
        detail.course_name.as_str(),
        detail.course_name_en.as_str(),
        detail.quantity,
        detail.price.fen(),
        detail.real_price.fen(),
    ]
    .into()
}

/// One order with its lines.
pub(in crate::courses) async fn find(
    tx: &mut Tx<'_>,
    out_trade_no: &str,
) -> Result<Option<Order>, StoreError> {
    let row = tx.query_opt(&ORDER, &params![out_trade_no]).await?;
    with_details(tx, row).await
}

/// One order with its lines, locked until the transaction ends.
pub(in crate::courses) async fn lock(
    tx: &mut Tx<'_>,
    out_trade_no: &str,
) -> Result<Option<Order>, StoreError> {
    let row = tx.query_opt(&LOCK_ORDER, &params![out_trade_no]).await?;
    with_details(tx, row).await
}

/// An order that was not paid so far.
#[derive(Clone, Debug)]
pub(in crate::courses) struct Unpaid {
    /// Its number.
    pub out_trade_no: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The next hundred unpaid orders behind that number, the oldest first.
pub(in crate::courses) async fn unpaid_after(
    db: &Db,
    out_trade_no: &str,
) -> Result<Vec<Unpaid>, StoreError> {
    let values = params![Status::Unpaid.code(), out_trade_no];
    db.read(move |tx| {
        let values = values.clone();
        Box::pin(async move {
            let rows = tx.query(&UNPAID_AFTER, &values).await?;
            let unpaid = |row: &Row| {
                Ok(Unpaid {
                    out_trade_no: row.text("out_trade_no")?.to_owned(),
                    created_at: row.time("created_at")?,
                })
            };
            rows.iter().map(unpaid).collect()
        })
    })
    .await
}

/// Saves what may change of an order.
pub(in crate::courses) async fn save(
    tx: &mut Tx<'_>,
    order: &Order,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = params![
        order.out_trade_no.as_str(),
        order.status.code(),
        order.trade_no.as_ref(),
        order.paid_at,
        order.cancel_asked_at,
        order.refunded.fen(),
        now,
    ];
    tx.execute_one(&UPDATE_ORDER, &values).await
}

async fn with_details(tx: &mut Tx<'_>, row: Option<Row>) -> Result<Option<Order>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    let mut order = read(&row)?;
    order.details = details(tx, &order.out_trade_no).await?;
    Ok(Some(order))
}

/// The lines of an order.
pub(in crate::courses) async fn details(
    tx: &mut Tx<'_>,
    out_trade_no: &str,
) -> Result<Vec<Detail>, StoreError> {
    let rows = tx.query(&DETAILS, &params![out_trade_no]).await?;
    rows.iter()
        .map(|row| {
            Ok(Detail {
                course_id: row.int("course_id")?,
                course_name: row.text("course_name")?.to_owned(),
                course_name_en: row.text("course_name_en")?.to_owned(),
                quantity: row.int("quantity")?,
                price: Fen::new(row.int("price_fen")?),
                real_price: Fen::new(row.int("real_price_fen")?),
            })
        })
        .collect()
}

/// An order without its lines.
pub(super) fn read(row: &Row) -> Result<Order, StoreError> {
    let out_trade_no = row.text("out_trade_no")?.to_owned();
    let wrong = |what: &str| StoreError::Inconsistent {
        table: "orders",
        id: out_trade_no.clone(),
        what: what.to_owned(),
    };
    Ok(Order {
        user_id: row.parse("user_id")?,
        title: row.text("title")?.to_owned(),
        total: Fen::new(row.int("total_fen")?),
        status: Status::from_code(row.int("status")?).ok_or_else(|| wrong("status"))?,
        pay_type: PayType::from_code(row.int("pay_type")?).ok_or_else(|| wrong("pay_type"))?,
        dialect: row
            .text("dialect")?
            .parse()
            .map_err(|()| wrong("dialect"))?,
        coupon: row.opt_text("coupon")?.map(ToOwned::to_owned),
        trade_no: row.opt_text("trade_no")?.map(ToOwned::to_owned),
        paid_at: row.opt_time("paid_at")?,
        cancel_asked_at: row.opt_time("cancel_asked_at")?,
        refunded: Fen::new(row.int("refunded_fen")?),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        details: Vec::new(),
        out_trade_no,
    })
}

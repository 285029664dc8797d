//! Money that is held, and what was done about it.

use crate::domain::PayChannels;
use crate::domain::freeze::{
    Freeze, FreezeState, Operation, OperationKind, OperationStatus, Payer,
};
use ::store::{Row, StoreError, Tx, params};
use money::Fen;

::store::statements! {
    /// Adds a hold.
    INSERT_FREEZE = "INSERT INTO sandbox_freezes (auth_no, app_id, seller_id, out_order_no, product_code, title, amount, notify_url, charset, code, state, payer_user_id, payer_logon_id, rest, unfrozen, paid, hold, asked_at, expires_at, frozen_at, ended_at, pay_channels) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
    /// Writes a hold back.
    SAVE_FREEZE = "UPDATE sandbox_freezes SET notify_url = $2, charset = $3, state = $4, payer_user_id = $5, payer_logon_id = $6, rest = $7, unfrozen = $8, paid = $9, hold = $10, frozen_at = $11, ended_at = $12 WHERE auth_no = $1";
    /// A hold by the merchant's number.
    FIND_FREEZE_BY_ORDER = "SELECT * FROM sandbox_freezes WHERE app_id = $1 AND out_order_no = $2";
    /// A hold by the token in its QR code.
    FIND_FREEZE_BY_CODE = "SELECT * FROM sandbox_freezes WHERE code = $1";
    /// A hold, kept until the transaction ends.
    LOCK_FREEZE = "SELECT * FROM sandbox_freezes WHERE auth_no = $1", pg " FOR UPDATE";
    /// Adds an operation.
    INSERT_OPERATION = "INSERT INTO sandbox_freeze_operations (operation_id, auth_no, out_request_no, kind, amount, status, remark, created_at, done_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// What became of an operation.
    SAVE_OPERATION = "UPDATE sandbox_freeze_operations SET status = $2, done_at = $3 WHERE operation_id = $1";
    /// The operations of a hold, in their order.
    LIST_OPERATIONS = "SELECT * FROM sandbox_freeze_operations WHERE auth_no = $1 ORDER BY created_at, operation_id";
    /// Holds whose money the ledger does not hold.
    UNHELD = "SELECT f.auth_no, f.rest, CAST(COALESCE(l.amount, 0) AS BIGINT) AS held FROM sandbox_freezes f LEFT JOIN ledger_transfers l ON l.transfer_id = 'freeze:' || f.auth_no || ':' || CAST(f.hold AS TEXT) AND NOT EXISTS (SELECT 1 FROM ledger_transfers e WHERE e.pending_id = l.transfer_id) WHERE f.rest > 0 AND (l.amount IS NULL OR l.amount <> f.rest) ORDER BY f.auth_no LIMIT $1";
    /// What the ledger holds for no hold.
    STRAY_HOLD = "SELECT s.transfer_id FROM (SELECT transfer_id FROM ledger_transfers WHERE code = 'freeze' AND kind = 'pending' EXCEPT SELECT 'freeze:' || auth_no || ':' || CAST(hold AS TEXT) FROM sandbox_freezes WHERE rest > 0) s WHERE NOT EXISTS (SELECT 1 FROM ledger_transfers e WHERE e.pending_id = s.transfer_id) ORDER BY s.transfer_id LIMIT $1";
    /// Every hold that still waits or holds something.
    LIST_OPEN_FREEZES = "SELECT * FROM sandbox_freezes WHERE state = 'INIT' OR state = 'AUTHORIZED' ORDER BY auth_no";
    /// The holds that wait for somebody.
    LIST_FREEZES_ASKED = "SELECT * FROM sandbox_freezes WHERE payer_user_id = $1 AND state = 'INIT' ORDER BY asked_at DESC, auth_no DESC LIMIT $2";
    /// Forgets operations.
    DELETE_OPERATIONS = "DELETE FROM sandbox_freeze_operations";
    /// Forgets holds.
    DELETE_FREEZES = "DELETE FROM sandbox_freezes";
}

/// Adds a hold.
///
/// # Errors
/// What the engine said; a conflict when the application used the number before.
pub async fn insert(tx: &mut Tx<'_>, freeze: &Freeze) -> Result<(), StoreError> {
    let payer = freeze.payer.as_ref();
    let values = params![
        &freeze.auth_no,
        &freeze.app_id,
        &freeze.seller_id,
        &freeze.out_order_no,
        &freeze.product_code,
        &freeze.title,
        freeze.amount.fen(),
        freeze.notify_url.as_ref(),
        &freeze.charset,
        &freeze.code,
        freeze.state.as_str(),
        payer.map(|payer| payer.user_id.clone()),
        payer.map(|payer| payer.logon_id.clone()),
        freeze.rest.fen(),
        freeze.unfrozen.fen(),
        freeze.paid.fen(),
        freeze.hold,
        freeze.asked_at,
        freeze.expires_at,
        freeze.frozen_at,
        freeze.ended_at,
        freeze.channels.column(),
    ];
    tx.execute_one(&INSERT_FREEZE, &values).await
}

/// Writes a locked hold back.
///
/// # Errors
/// What the engine said.
pub async fn save(tx: &mut Tx<'_>, freeze: &Freeze) -> Result<(), StoreError> {
    let payer = freeze.payer.as_ref();
    let values = params![
        &freeze.auth_no,
        freeze.notify_url.as_ref(),
        &freeze.charset,
        freeze.state.as_str(),
        payer.map(|payer| payer.user_id.clone()),
        payer.map(|payer| payer.logon_id.clone()),
        freeze.rest.fen(),
        freeze.unfrozen.fen(),
        freeze.paid.fen(),
        freeze.hold,
        freeze.frozen_at,
        freeze.ended_at,
    ];
    tx.execute_one(&SAVE_FREEZE, &values).await
}

/// Which hold is meant.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// By Alipay's number.
    AuthNo(&'a str),
    /// By the merchant's.
    Order {
        /// Whose number.
        app_id: &'a str,
        /// The number.
        out_order_no: &'a str,
    },
    /// By the token in its QR code.
    Code(&'a str),
}

/// A hold, kept until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock(tx: &mut Tx<'_>, key: Key<'_>) -> Result<Option<Freeze>, StoreError> {
    let found = match key {
        Key::AuthNo(auth_no) => Some(auth_no.to_owned()),
        Key::Order {
            app_id,
            out_order_no,
        } => {
            let values = params![app_id, out_order_no];
            let row = tx.query_opt(&FIND_FREEZE_BY_ORDER, &values).await?;
            row.map(|row| row.text("auth_no").map(str::to_owned))
                .transpose()?
        }
        Key::Code(code) => {
            let row = tx.query_opt(&FIND_FREEZE_BY_CODE, &params![code]).await?;
            row.map(|row| row.text("auth_no").map(str::to_owned))
                .transpose()?
        }
    };
    let Some(auth_no) = found else {
        return Ok(None);
    };
    let row = tx.query_opt(&LOCK_FREEZE, &params![auth_no]).await?;
    row.map(|row| read(&row)).transpose()
}

/// Adds an operation.
///
/// # Errors
/// What the engine said; a conflict when the hold has one of that number.
pub async fn add_operation(tx: &mut Tx<'_>, operation: &Operation) -> Result<(), StoreError> {
    let values = params![
        &operation.operation_id,
        &operation.auth_no,
        &operation.out_request_no,
        operation.kind.as_str(),
        operation.amount.fen(),
        operation.status.as_str(),
        &operation.remark,
        operation.created_at,
        operation.done_at,
    ];
    tx.execute_one(&INSERT_OPERATION, &values).await
}

/// What became of an operation.
///
/// # Errors
/// What the engine said.
pub async fn save_operation(tx: &mut Tx<'_>, operation: &Operation) -> Result<(), StoreError> {
    let values = params![
        &operation.operation_id,
        operation.status.as_str(),
        operation.done_at,
    ];
    tx.execute_one(&SAVE_OPERATION, &values).await
}

/// The operations of a hold, in their order.
///
/// # Errors
/// What the engine said.
pub async fn operations(tx: &mut Tx<'_>, auth_no: &str) -> Result<Vec<Operation>, StoreError> {
    let rows = tx.query(&LIST_OPERATIONS, &params![auth_no]).await?;
    rows.iter().map(read_operation).collect()
}

/// Every hold that still waits or holds something.
///
/// # Errors
/// What the engine said.
pub async fn open(tx: &mut Tx<'_>) -> Result<Vec<Freeze>, StoreError> {
    let rows = tx.query(&LIST_OPEN_FREEZES, &[]).await?;
    rows.iter().map(read).collect()
}

/// The holds that wait for somebody, newest first.
///
/// # Errors
/// What the engine said.
pub async fn asked_of(
    tx: &mut Tx<'_>,
    user_id: &str,
    most: i64,
) -> Result<Vec<Freeze>, StoreError> {
    let values = params![user_id, most];
    let rows = tx.query(&LIST_FREEZES_ASKED, &values).await?;
    rows.iter().map(read).collect()
}

/// Forgets all holds.
///
/// # Errors
/// What the engine said.
pub async fn forget(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute(&DELETE_OPERATIONS, &[]).await?;
    tx.execute(&DELETE_FREEZES, &[]).await.map(|_| ())
}

/// Where holds and the ledger differ, in words.
///
/// # Errors
/// What the engine said.
pub async fn differences(tx: &mut Tx<'_>, most: i64) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for row in tx.query(&UNHELD, &params![most]).await? {
        found.push(format!(
            "freeze {} holds {} fen, but the ledger holds {}",
            row.text("auth_no")?,
            row.int("rest")?,
            row.int("held")?
        ));
    }
    for row in tx.query(&STRAY_HOLD, &params![most]).await? {
        let transfer_id = row.text("transfer_id")?;
        found.push(format!("transfer {transfer_id} holds money for nobody"));
    }
    Ok(found)
}

fn inconsistent(row: &Row, what: &str) -> StoreError {
    StoreError::Inconsistent {
        table: "sandbox_freezes",
        id: row.text("auth_no").unwrap_or_default().to_owned(),
        what: what.to_owned(),
    }
}

fn read(row: &Row) -> Result<Freeze, StoreError> {
    let payer = match row.opt_text("payer_user_id")? {
        None => None,
        Some(user_id) => Some(Payer {
            user_id: user_id.to_owned(),
            logon_id: row.text("payer_logon_id")?.to_owned(),
        }),
    };
    Ok(Freeze {
        auth_no: row.text("auth_no")?.to_owned(),
        app_id: row.text("app_id")?.to_owned(),
        seller_id: row.text("seller_id")?.to_owned(),
        out_order_no: row.text("out_order_no")?.to_owned(),
        product_code: row.text("product_code")?.to_owned(),
        title: row.text("title")?.to_owned(),
        amount: Fen::new(row.int("amount")?),
        notify_url: row.opt_text("notify_url")?.map(str::to_owned),
        charset: row.text("charset")?.to_owned(),
        code: row.text("code")?.to_owned(),
        state: FreezeState::parse(row.text("state")?)
            .ok_or_else(|| inconsistent(row, "the state is none"))?,
        payer,
        rest: Fen::new(row.int("rest")?),
        unfrozen: Fen::new(row.int("unfrozen")?),
        paid: Fen::new(row.int("paid")?),
        hold: row.int("hold")?,
        asked_at: row.time("asked_at")?,
        expires_at: row.time("expires_at")?,
        frozen_at: row.opt_time("frozen_at")?,
        ended_at: row.opt_time("ended_at")?,
        channels: PayChannels::of_column(row.opt_text("pay_channels")?)
            .ok_or_else(|| inconsistent(row, "the payment channels are none"))?,
    })
}

fn read_operation(row: &Row) -> Result<Operation, StoreError> {
    Ok(Operation {
        operation_id: row.text("operation_id")?.to_owned(),
        auth_no: row.text("auth_no")?.to_owned(),
        out_request_no: row.text("out_request_no")?.to_owned(),
        kind: OperationKind::parse(row.text("kind")?)
            .ok_or_else(|| inconsistent(row, "the kind of an operation is none"))?,
        amount: Fen::new(row.int("amount")?),
        status: OperationStatus::parse(row.text("status")?)
            .ok_or_else(|| inconsistent(row, "the status of an operation is none"))?,
        remark: row.text("remark")?.to_owned(),
        created_at: row.time("created_at")?,
        done_at: row.opt_time("done_at")?,
    })
}

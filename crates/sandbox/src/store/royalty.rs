//! Receivers of shares, settlements and their lines.

use crate::domain::TradeId;
use crate::domain::royalty::{Line, LineState, Operation};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Binds a receiver; one that is bound gets the new words.
    BIND = "INSERT INTO sandbox_royalty_relations (app_id, user_id, type, account, name, memo, bound_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (app_id, user_id) DO UPDATE SET type = excluded.type, account = excluded.account, name = excluded.name, memo = excluded.memo";
    /// Lets go of a receiver.
    UNBIND = "DELETE FROM sandbox_royalty_relations WHERE app_id = $1 AND user_id = $2";
    /// One receiver.
    FIND_RELATION = "SELECT user_id, type, account, name, memo FROM sandbox_royalty_relations WHERE app_id = $1 AND user_id = $2";
    /// A page of receivers, in the order in which they were bound.
    LIST_RELATIONS = "SELECT user_id, type, account, name, memo FROM sandbox_royalty_relations WHERE app_id = $1 ORDER BY bound_at, user_id LIMIT $2 OFFSET $3";
    /// How many receivers there are.
    COUNT_RELATIONS = "SELECT COUNT(*) AS number FROM sandbox_royalty_relations WHERE app_id = $1";
    /// Adds a settlement.
    INSERT_SETTLEMENT = "INSERT INTO sandbox_settlements (settle_no, trade_id, out_request_no, request, finishes, made_at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// One settlement by the merchant's number.
    FIND_SETTLEMENT = "SELECT settle_no, trade_id, out_request_no, request, finishes, made_at FROM sandbox_settlements WHERE trade_id = $1 AND out_request_no = $2";
    /// One settlement by Alipay's number.
    FIND_SETTLEMENT_BY_NO = "SELECT settle_no, trade_id, out_request_no, request, finishes, made_at FROM sandbox_settlements WHERE settle_no = $1";
    /// Whether a trade was said to be shared out.
    COUNT_FINISHED = "SELECT COUNT(*) AS number FROM sandbox_settlements WHERE trade_id = $1 AND finishes = TRUE";
    /// Adds a line.
    INSERT_LINE = "INSERT INTO sandbox_royalty_lines (detail_id, trade_id, settle_no, place, operation, trans_out, trans_in, debit, credit, amount, description, state, error_code, error_desc, executed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    /// The lines of a trade.
    LIST_LINES = "SELECT detail_id, settle_no, operation, trans_out, trans_in, debit, credit, amount, description, state, error_code, error_desc, executed_at FROM sandbox_royalty_lines WHERE trade_id = $1 ORDER BY place, detail_id";
    /// Ends a line.
    END_LINE = "UPDATE sandbox_royalty_lines SET state = $2, error_code = $3, error_desc = $4, executed_at = $5 WHERE detail_id = $1";
    /// What shares brought an account, less what they took.
    SUM_LINES = "SELECT CAST(COALESCE(SUM(CASE WHEN credit = $1 THEN amount ELSE 0 END), 0) AS BIGINT) AS got, CAST(COALESCE(SUM(CASE WHEN debit = $1 THEN amount ELSE 0 END), 0) AS BIGINT) AS gave FROM sandbox_royalty_lines WHERE state = 'SUCCESS' AND (credit = $1 OR debit = $1)";
    /// Lines without their transfer, or with another amount or other accounts.
    UNMOVED = "SELECT r.detail_id, r.amount, CAST(COALESCE(l.amount, 0) AS BIGINT) AS moved FROM sandbox_royalty_lines r LEFT JOIN ledger_transfers l ON l.transfer_id = 'royalty:' || r.detail_id AND l.debit = r.debit AND l.credit = r.credit WHERE r.state = 'SUCCESS' AND (l.amount IS NULL OR l.amount <> r.amount) ORDER BY r.detail_id LIMIT $1";
    /// Transfers for shares that nobody knows of, since the last start over.
    STRAY_SHARE = "SELECT s.transfer_id FROM (SELECT transfer_id FROM ledger_transfers WHERE code = 'royalty' EXCEPT SELECT 'royalty:' || detail_id FROM sandbox_royalty_lines WHERE state = 'SUCCESS') s WHERE EXISTS (SELECT 1 FROM ledger_postings p WHERE p.transfer_id = s.transfer_id AND p.seq > (SELECT COALESCE(MAX(up_to_seq), 0) FROM sandbox_resets)) ORDER BY s.transfer_id LIMIT $1";
    /// Settlements whose money is still to move.
    LIST_PROCESSING = "SELECT DISTINCT settle_no FROM sandbox_royalty_lines WHERE state = 'PROCESSING' AND settle_no IS NOT NULL";
    /// Adds a report; the same number again is passed over.
    INSERT_REPORT = "INSERT INTO sandbox_order_reports (trade_id, out_request_no, biz_type, order_biz_info, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    /// Forgets lines.
    DELETE_LINES = "DELETE FROM sandbox_royalty_lines";
    /// Forgets settlements.
    DELETE_SETTLEMENTS = "DELETE FROM sandbox_settlements";
    /// Forgets receivers.
    DELETE_RELATIONS = "DELETE FROM sandbox_royalty_relations";
    /// Forgets reports.
    DELETE_REPORTS = "DELETE FROM sandbox_order_reports";
}

/// A receiver of shares.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Relation {
    /// Who, 16 digits.
    pub user_id: String,
    /// How the merchant names accounts: `userId`, `loginName`, `openId`.
    pub kind: String,
    /// The account as the merchant named it.
    pub account: String,
    /// The name that came with it.
    pub name: Option<String>,
    /// What the merchant remembers by it.
    pub memo: Option<String>,
}

/// A request to share out a trade.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Alipay's number.
    pub settle_no: String,
    /// Of which trade.
    pub trade_id: TradeId,
    /// The merchant's number.
    pub out_request_no: String,
    /// What was asked for, to be held against a repeat.
    pub request: String,
    /// Whether nothing more follows.
    pub finishes: bool,
    /// When.
    pub made_at: Timestamp,
}

/// Binds a receiver.
///
/// # Errors
/// What the engine said.
pub async fn bind(
    tx: &mut Tx<'_>,
    app_id: &str,
    relation: &Relation,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = params![
        app_id,
        &relation.user_id,
        &relation.kind,
        &relation.account,
        relation.name.as_ref(),
        relation.memo.as_ref(),
        now,
    ];
    tx.execute(&BIND, &values).await.map(|_| ())
}

/// Lets go of a receiver.
///
/// # Errors
/// What the engine said.
pub async fn unbind(tx: &mut Tx<'_>, app_id: &str, user_id: &str) -> Result<(), StoreError> {
    let values = params![app_id, user_id];
    tx.execute(&UNBIND, &values).await.map(|_| ())
}

/// Whether a receiver is bound.
///
/// # Errors
/// What the engine said.
pub async fn is_bound(tx: &mut Tx<'_>, app_id: &str, user_id: &str) -> Result<bool, StoreError> {
    let values = params![app_id, user_id];
    Ok(tx.query_opt(&FIND_RELATION, &values).await?.is_some())
}

/// A page of receivers, and how many there are.
///
/// # Errors
/// What the engine said.
pub async fn relations(
    tx: &mut Tx<'_>,
    app_id: &str,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Relation>, i64), StoreError> {
    let count = tx.query_one(&COUNT_RELATIONS, &params![app_id]).await?;
    let values = params![app_id, limit, offset];
    let rows = tx.query(&LIST_RELATIONS, &values).await?;
    let found: Result<Vec<_>, StoreError> = rows
        .iter()
        .map(|row| {
            Ok(Relation {
                user_id: row.text("user_id")?.to_owned(),
                kind: row.text("type")?.to_owned(),
                account: row.text("account")?.to_owned(),
                name: row.opt_text("name")?.map(str::to_owned),
                memo: row.opt_text("memo")?.map(str::to_owned),
            })
        })
        .collect();
    Ok((found?, count.int("number")?))
}

/// Adds a settlement.
///
/// # Errors
/// What the engine said.
pub async fn insert(tx: &mut Tx<'_>, settlement: &Settlement) -> Result<(), StoreError> {
    let values = params![
        &settlement.settle_no,
        settlement.trade_id.as_str(),
        &settlement.out_request_no,
        &settlement.request,
        settlement.finishes,
        settlement.made_at,
    ];
    tx.execute_one(&INSERT_SETTLEMENT, &values).await
}

/// One settlement by the merchant's number.
///
/// # Errors
/// What the engine said.
pub async fn find(
    tx: &mut Tx<'_>,
    trade_id: &TradeId,
    out_request_no: &str,
) -> Result<Option<Settlement>, StoreError> {
    let values = params![trade_id.as_str(), out_request_no];
    let row = tx.query_opt(&FIND_SETTLEMENT, &values).await?;
    row.map(|row| read(&row)).transpose()
}

/// One settlement by Alipay's number.
///
/// # Errors
/// What the engine said.
pub async fn find_by_no(
    tx: &mut Tx<'_>,
    settle_no: &str,
) -> Result<Option<Settlement>, StoreError> {
    let row = tx
        .query_opt(&FIND_SETTLEMENT_BY_NO, &params![settle_no])
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// Whether a trade was said to be shared out.
///
/// # Errors
/// What the engine said.
pub async fn is_finished(tx: &mut Tx<'_>, trade_id: &TradeId) -> Result<bool, StoreError> {
    let row = tx
        .query_one(&COUNT_FINISHED, &params![trade_id.as_str()])
        .await?;
    Ok(row.int("number")? > 0)
}

/// Adds a line at its place.
///
/// # Errors
/// What the engine said.
pub async fn insert_line(
    tx: &mut Tx<'_>,
    trade_id: &TradeId,
    place: i64,
    line: &Line,
) -> Result<(), StoreError> {
    let values = params![
        &line.detail_id,
        trade_id.as_str(),
        line.settle_no.as_ref(),
        place,
        line.operation.as_str(),
        &line.trans_out,
        &line.trans_in,
        &line.debit,
        &line.credit,
        line.amount.fen(),
        line.description.as_ref(),
        line.state.as_str(),
        line.error.as_ref().map(|(code, _)| code.as_str()),
        line.error.as_ref().map(|(_, words)| words.as_str()),
        line.executed_at,
    ];
    tx.execute_one(&INSERT_LINE, &values).await
}

/// Writes what became of a line.
///
/// # Errors
/// What the engine said.
pub async fn end_line(tx: &mut Tx<'_>, line: &Line) -> Result<(), StoreError> {
    let values = params![
        &line.detail_id,
        line.state.as_str(),
        line.error.as_ref().map(|(code, _)| code.as_str()),
        line.error.as_ref().map(|(_, words)| words.as_str()),
        line.executed_at,
    ];
    tx.execute_one(&END_LINE, &values).await
}

/// The lines of a trade.
///
/// # Errors
/// What the engine said.
pub async fn lines(tx: &mut Tx<'_>, trade_id: &TradeId) -> Result<Vec<Line>, StoreError> {
    let rows = tx.query(&LIST_LINES, &params![trade_id.as_str()]).await?;
    rows.iter().map(read_line).collect()
}

/// What shares brought an account, less what they took.
///
/// # Errors
/// What the engine said.
pub async fn net_of(tx: &mut Tx<'_>, account: &str) -> Result<i64, StoreError> {
    let row = tx.query_one(&SUM_LINES, &params![account]).await?;
    Ok(row.int("got")?.saturating_sub(row.int("gave")?))
}

/// Where shares do not fit the ledger's transfers, in words.
///
/// # Errors
/// What the engine said.
pub async fn differences(tx: &mut Tx<'_>, most: i64) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for row in tx.query(&UNMOVED, &params![most]).await? {
        found.push(format!(
            "share {} is {} fen, but the ledger moved {}",
            row.text("detail_id")?,
            row.int("amount")?,
            row.int("moved")?
        ));
    }
    for row in tx.query(&STRAY_SHARE, &params![most]).await? {
        let transfer_id = row.text("transfer_id")?;
        found.push(format!("transfer {transfer_id} is of no share"));
    }
    Ok(found)
}

/// Settlements whose money is still to move.
///
/// # Errors
/// What the engine said.
pub async fn processing(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(&LIST_PROCESSING, &[]).await?;
    rows.iter()
        .map(|row| Ok(row.text("settle_no")?.to_owned()))
        .collect()
}

/// Notes what a merchant reported; the same number again is passed over.
///
/// # Errors
/// What the engine said.
pub async fn report(
    tx: &mut Tx<'_>,
    trade_id: &TradeId,
    out_request_no: &str,
    biz_type: &str,
    info: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = params![trade_id.as_str(), out_request_no, biz_type, info, now];
    tx.execute(&INSERT_REPORT, &values).await.map(|_| ())
}

/// Forgets receivers, settlements and reports.
///
/// # Errors
/// What the engine said.
pub async fn forget(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    for statement in [
        DELETE_LINES,
        DELETE_SETTLEMENTS,
        DELETE_RELATIONS,
        DELETE_REPORTS,
    ] {
        tx.execute(&statement, &[]).await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<Settlement, StoreError> {
    Ok(Settlement {
        settle_no: row.text("settle_no")?.to_owned(),
        trade_id: row.parse("trade_id")?,
        out_request_no: row.text("out_request_no")?.to_owned(),
        request: row.text("request")?.to_owned(),
        finishes: row.bool("finishes")?,
        made_at: row.time("made_at")?,
    })
}

fn read_line(row: &Row) -> Result<Line, StoreError> {
    let detail_id = row.text("detail_id")?.to_owned();
    let none = |what: &str| StoreError::Inconsistent {
        table: "sandbox_royalty_lines",
        id: detail_id.clone(),
        what: format!("the {what} is none"),
    };
    let operation = Operation::parse(row.text("operation")?).ok_or_else(|| none("operation"))?;
    let state = LineState::parse(row.text("state")?).ok_or_else(|| none("state"))?;
    let error = match row.opt_text("error_code")? {
        None => None,
        Some(code) => {
            let words = row.opt_text("error_desc")?.unwrap_or_default();
            Some((code.to_owned(), words.to_owned()))
        }
    };
    Ok(Line {
        settle_no: row.opt_text("settle_no")?.map(str::to_owned),
        operation,
        trans_out: row.text("trans_out")?.to_owned(),
        trans_in: row.text("trans_in")?.to_owned(),
        debit: row.text("debit")?.to_owned(),
        credit: row.text("credit")?.to_owned(),
        amount: Fen::new(row.int("amount")?),
        description: row.opt_text("description")?.map(str::to_owned),
        state,
        error,
        executed_at: row.opt_time("executed_at")?,
        detail_id,
    })
}

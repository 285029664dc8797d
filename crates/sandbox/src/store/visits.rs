//! Visits to the cashier: one for each time a link was opened or a code scanned.

use super::agreements::{read_terms, terms_text};
use crate::domain::{Product, Shown, TradeId};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Adds a visit.
    INSERT_VISIT = "INSERT INTO sandbox_visits (visit_id, trade_id, product, return_url, quit_url, charset, total_amount, subject, signs, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// One visit.
    FIND_VISIT = "SELECT visit_id, trade_id, product, return_url, quit_url, charset, total_amount, subject, signs, created_at FROM sandbox_visits WHERE visit_id = $1";
}

/// A buyer's visit to the cashier.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The token in its address, 32 hex digits that nobody guesses.
    pub visit_id: String,
    /// What is to be paid.
    pub trade_id: TradeId,
    /// By which door the buyer came.
    pub product: Product,
    /// Where the buyer goes after paying.
    pub return_url: Option<String>,
    /// Where a phone's buyer goes without paying.
    pub quit_url: Option<String>,
    /// The charset of the link, in which the return is written.
    pub charset: String,
    /// What its pages show.
    pub shown: Shown,
    /// When.
    pub created_at: Timestamp,
}

/// Adds a visit.
///
/// # Errors
/// What the engine said.
pub async fn insert(tx: &mut Tx<'_>, visit: &Visit) -> Result<(), StoreError> {
    let values = params![
        &visit.visit_id,
        visit.trade_id.as_str(),
        visit.product.as_str(),
        visit.return_url.as_ref(),
        visit.quit_url.as_ref(),
        &visit.charset,
        visit.shown.total_amount.fen(),
        &visit.shown.subject,
        visit.shown.signs.as_ref().map(|terms| terms_text(terms)),
        visit.created_at,
    ];
    tx.execute_one(&INSERT_VISIT, &values).await
}

/// One visit.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, visit_id: &str) -> Result<Option<Visit>, StoreError> {
    let row = tx.query_opt(&FIND_VISIT, &params![visit_id]).await?;
    row.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<Visit, StoreError> {
    Ok(Visit {
        visit_id: row.text("visit_id")?.to_owned(),
        trade_id: row.parse("trade_id")?,
        product: row.parse("product")?,
        return_url: row.opt_text("return_url")?.map(str::to_owned),
        quit_url: row.opt_text("quit_url")?.map(str::to_owned),
        charset: row.text("charset")?.to_owned(),
        shown: Shown {
            total_amount: Fen::new(row.int("total_amount")?),
            subject: row.text("subject")?.to_owned(),
            signs: match row.opt_text("signs")? {
                None => None,
                Some(text) => Some(Box::new(read_terms(text).ok_or_else(|| inconsistent(row))?)),
            },
        },
        created_at: row.time("created_at")?,
    })
}

fn inconsistent(row: &Row) -> StoreError {
    StoreError::Inconsistent {
        table: "sandbox_visits",
        id: row.text("visit_id").unwrap_or_default().to_owned(),
        what: "what its page shows to be signed is nothing".to_owned(),
    }
}

//! Bank cards, and which of them paid what; their money is on the ledger.

use crate::domain::TradeId;
use crate::domain::card::{Bank, CardNo};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Adds a card.
    INSERT_CARD = "INSERT INTO sandbox_cards (card_no, bank, phone, user_id, began_with, issued_at, bound_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// One card.
    FIND_CARD = "SELECT card_no, bank, phone, user_id FROM sandbox_cards WHERE card_no = $1";
    /// One card, held until the transaction ends.
    LOCK_CARD = "SELECT card_no, bank, phone, user_id FROM sandbox_cards WHERE card_no = $1", pg " FOR UPDATE";
    /// The cards of a wallet, in the order in which they came.
    CARDS_OF_USER = "SELECT card_no, bank, phone, user_id FROM sandbox_cards WHERE user_id = $1 ORDER BY bound_at, card_no";
    /// What every card began with, for starting over.
    LIST_CARD_BEGINNINGS = "SELECT card_no, began_with FROM sandbox_cards ORDER BY card_no";
    /// Says whose wallet a card is in.
    BIND_CARD = "UPDATE sandbox_cards SET user_id = $2, bound_at = $3 WHERE card_no = $1";
    /// Notes which card paid a trade.
    INSERT_CARD_PAYMENT = "INSERT INTO sandbox_card_payments (trade_id, card_no, bank) VALUES ($1, $2, $3)";
    /// The card that paid a trade.
    FIND_CARD_PAYMENT = "SELECT c.card_no, c.bank, c.phone, c.user_id FROM sandbox_card_payments p JOIN sandbox_cards c ON c.card_no = p.card_no WHERE p.trade_id = $1";
}

/// A card.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Card {
    /// Its number.
    pub card_no: CardNo,
    /// Whose it is.
    pub bank: Bank,
    /// The phone that the bank knows.
    pub phone: String,
    /// In whose wallet it is.
    pub user_id: Option<String>,
}

/// Adds a card.
///
/// # Errors
/// What the engine said; a number that is there already is a conflict.
pub async fn insert(
    tx: &mut Tx<'_>,
    card: &Card,
    began_with: Fen,
    now: Timestamp,
) -> Result<(), StoreError> {
    let bound_at = card.user_id.is_some().then_some(now);
    let values = params![
        card.card_no.as_str(),
        card.bank.as_str(),
        &card.phone,
        card.user_id.as_ref(),
        began_with.fen(),
        now,
        bound_at,
    ];
    tx.execute_one(&INSERT_CARD, &values).await
}

/// One card.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, card_no: &CardNo) -> Result<Option<Card>, StoreError> {
    let row = tx.query_opt(&FIND_CARD, &params![card_no.as_str()]).await?;
    row.map(|row| read(&row)).transpose()
}

/// A card that must be there.
///
/// # Errors
/// What the engine said, and when it is not.
pub async fn get(tx: &mut Tx<'_>, card_no: &str) -> Result<Card, StoreError> {
    read(&tx.query_one(&FIND_CARD, &params![card_no]).await?)
}

/// One card, held until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock(tx: &mut Tx<'_>, card_no: &CardNo) -> Result<Option<Card>, StoreError> {
    let row = tx.query_opt(&LOCK_CARD, &params![card_no.as_str()]).await?;
    row.map(|row| read(&row)).transpose()
}

/// The cards of a wallet.
///
/// # Errors
/// What the engine said.
pub async fn of_user(tx: &mut Tx<'_>, user_id: &str) -> Result<Vec<Card>, StoreError> {
    let rows = tx.query(&CARDS_OF_USER, &params![user_id]).await?;
    rows.iter().map(read).collect()
}

/// What every card began with.
///
/// # Errors
/// What the engine said.
pub async fn beginnings(tx: &mut Tx<'_>) -> Result<Vec<(CardNo, Fen)>, StoreError> {
    let rows = tx.query(&LIST_CARD_BEGINNINGS, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.parse("card_no")?, Fen::new(row.int("began_with")?))))
        .collect()
}

/// Puts a card into a wallet, or takes it out.
///
/// # Errors
/// What the engine said.
pub async fn bind(
    tx: &mut Tx<'_>,
    card_no: &CardNo,
    user_id: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let bound_at = user_id.is_some().then_some(now);
    let values = params![card_no.as_str(), user_id, bound_at];
    tx.execute_one(&BIND_CARD, &values).await
}

/// Notes which card paid a trade.
///
/// # Errors
/// What the engine said.
pub async fn note_payment(
    tx: &mut Tx<'_>,
    trade_id: &TradeId,
    card: &Card,
) -> Result<(), StoreError> {
    let values = params![trade_id.as_str(), card.card_no.as_str(), card.bank.as_str()];
    tx.execute_one(&INSERT_CARD_PAYMENT, &values).await
}

/// The card that paid a trade; none when no card of ours did.
///
/// # Errors
/// What the engine said.
pub async fn that_paid(tx: &mut Tx<'_>, trade_id: &TradeId) -> Result<Option<Card>, StoreError> {
    let values = params![trade_id.as_str()];
    let row = tx.query_opt(&FIND_CARD_PAYMENT, &values).await?;
    row.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<Card, StoreError> {
    Ok(Card {
        card_no: row.parse("card_no")?,
        bank: row.parse("bank")?,
        phone: row.text("phone")?.to_owned(),
        user_id: row.opt_text("user_id")?.map(str::to_owned),
    })
}

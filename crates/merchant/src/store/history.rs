//! What happened to orders: rows that are only ever added.

use crate::domain::OrderId;
use ::store::{StoreError, Tx, params};
use kernel::Timestamp;

/// One change of state, as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Transition {
    /// The order that it belongs to.
    pub order_id: OrderId,
    /// When.
    pub at: Timestamp,
    /// Sorts what happened at one instant.
    pub transition_id: String,
    /// `order`, `attempt` or `refund`.
    pub entity: String,
    /// Its id.
    pub entity_id: String,
    /// The state before; empty for what began.
    pub from_state: String,
    /// The state after.
    pub to_state: String,
    /// Who told us: `notice`, `query`, `close`, `return`, `merchant`, `expiry`.
    pub cause: String,
    /// Where the proof is: a `notify_id`, a `trade_no`.
    pub reference: Option<String>,
}

::store::statements! {
    /// Adds a transition.
    ADD = "INSERT INTO transitions (order_id, at, transition_id, entity, entity_id, from_state,
            to_state, cause, reference)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// The history of an order.
    OF_ORDER = "SELECT * FROM transitions WHERE order_id = $1 ORDER BY at, transition_id";
}

/// Adds what happened.
///
/// # Errors
/// What the store said.
pub async fn append(
    tx: &mut Tx<'_>,
    rows: impl IntoIterator<Item = Transition>,
) -> Result<(), StoreError> {
    for row in rows {
        let values = params![
            row.order_id.as_str(),
            row.at,
            row.transition_id,
            row.entity,
            row.entity_id,
            row.from_state,
            row.to_state,
            row.cause,
            row.reference,
        ];
        tx.later(&ADD, values, 1).await?;
    }
    Ok(())
}

/// The history of an order, the oldest first.
///
/// # Errors
/// What the store said.
pub async fn of_order(tx: &mut Tx<'_>, order_id: &OrderId) -> Result<Vec<Transition>, StoreError> {
    let rows = tx.query(&OF_ORDER, &params![order_id.as_str()]).await?;
    rows.iter()
        .map(|row| {
            let text = |column| row.text(column).map(str::to_owned);
            Ok(Transition {
                order_id: row.parse("order_id")?,
                at: row.time("at")?,
                transition_id: text("transition_id")?,
                entity: text("entity")?,
                entity_id: text("entity_id")?,
                from_state: text("from_state")?,
                to_state: text("to_state")?,
                cause: text("cause")?,
                reference: row.opt_text("reference")?.map(str::to_owned),
            })
        })
        .collect()
}

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
    ADD_ONE = "INSERT INTO transitions (order_id, at, transition_id, entity, entity_id, from_state,
            to_state, cause, reference)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Adds two transitions of one order that happened together.
    ADD_TWO = "INSERT INTO transitions (order_id, at, transition_id, entity, entity_id, from_state,
            to_state, cause, reference)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9),
            ($1, $2, $10, $11, $12, $13, $14, $8, $9)";
    /// The history of an order.
    OF_ORDER = "SELECT * FROM transitions WHERE order_id = $1 ORDER BY at, transition_id";
}

/// Adds what happened to one order at one instant by one cause.
///
/// # Errors
/// What the store said.
pub async fn append(tx: &mut Tx<'_>, rows: &[Transition]) -> Result<(), StoreError> {
    match rows {
        [] => Ok(()),
        [first, second] if first.order_id == second.order_id => {
            let values = params![
                first.order_id.as_str(),
                first.at,
                first.transition_id.as_str(),
                first.entity.as_str(),
                first.entity_id.as_str(),
                first.from_state.as_str(),
                first.to_state.as_str(),
                first.cause.as_str(),
                first.reference.as_deref(),
                second.transition_id.as_str(),
                second.entity.as_str(),
                second.entity_id.as_str(),
                second.from_state.as_str(),
                second.to_state.as_str(),
            ];
            let changed = tx.execute(&ADD_TWO, &values).await?;
            if changed == 2 {
                Ok(())
            } else {
                Err(StoreError::Affected {
                    statement: ADD_TWO.name,
                    changed,
                    wanted: 2,
                })
            }
        }
        rows => {
            for row in rows {
                let values = params![
                    row.order_id.as_str(),
                    row.at,
                    row.transition_id.as_str(),
                    row.entity.as_str(),
                    row.entity_id.as_str(),
                    row.from_state.as_str(),
                    row.to_state.as_str(),
                    row.cause.as_str(),
                    row.reference.as_deref(),
                ];
                tx.execute_one(&ADD_ONE, &values).await?;
            }
            Ok(())
        }
    }
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

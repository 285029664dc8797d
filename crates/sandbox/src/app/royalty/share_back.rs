//! A refund takes shares back from their receivers, before the buyer gets the money.

use super::party::{self, Named};
use super::settle::move_share;
use crate::app::fresh::Fresh;
use crate::domain::Trade;
use crate::domain::app::seller_account;
use crate::domain::royalty::{Line, LineState, Operation, ShareRefusal, left_of};
use crate::store::royalty;
use money::Fen;
use store::{StoreError, Tx};

/// A share to take back.
#[derive(Clone, Debug)]
pub struct BackShare {
    /// Who got it.
    pub from: Named,
    /// How much of it, in fen.
    pub amount: Fen,
    /// What for.
    pub description: Option<String>,
    /// A number of its own, taken before the transaction.
    pub detail_id: String,
}

/// The shares of a locked trade that are to come back to its seller, with their accounts.
///
/// # Errors
/// What the engine said; inside, why they cannot come back.
pub(in crate::app) async fn plan_back(
    tx: &mut Tx<'_>,
    trade: &Trade,
    shares: &[BackShare],
) -> Result<Result<Vec<Line>, ShareRefusal>, StoreError> {
    if shares.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let mut known = royalty::lines(tx, &trade.trade_id).await?;
    let mut lines: Vec<Line> = Vec::new();
    for share in shares {
        let Some(party) = party::find(tx, &trade.app_id, &share.from).await? else {
            return Ok(Err(ShareRefusal::NotBound(share.from.account.clone())));
        };
        let left = left_of(&party.user_id, &known);
        if share.amount > left {
            return Ok(Err(ShareRefusal::Exceeds { left }));
        }
        let line = Line {
            detail_id: share.detail_id.clone(),
            settle_no: None,
            operation: Operation::TransferRefund,
            trans_out: party.user_id,
            trans_in: trade.seller_id.clone(),
            debit: party.ledger_account,
            credit: seller_account(&trade.app_id),
            amount: share.amount,
            description: share.description.clone(),
            // Counted as done for the next share of the same receiver.
            state: LineState::Success,
            error: None,
            executed_at: None,
        };
        known.push(line.clone());
        lines.push(line);
    }
    Ok(Ok(lines))
}

/// Moves planned shares back. The accounts are locked, and every receiver was found able to pay.
///
/// # Errors
/// What the engine said.
pub(in crate::app) async fn move_back(
    tx: &mut Tx<'_>,
    trade: &Trade,
    lines: &mut [Line],
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let known = royalty::lines(tx, &trade.trade_id).await?;
    let place = i64::try_from(known.len()).unwrap_or(i64::MAX);
    for (place, line) in (place..).zip(lines) {
        if !move_share(tx, line, fresh).await? {
            return Err(StoreError::Inconsistent {
                table: "sandbox_royalty_lines",
                id: line.detail_id.clone(),
                what: "the receiver could pay a moment ago".to_owned(),
            });
        }
        royalty::insert_line(tx, &trade.trade_id, place, line).await?;
    }
    Ok(())
}

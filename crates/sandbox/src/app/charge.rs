//! Takes a payment that its payer allowed before: a capture of frozen money, a deduction by
//! agreement. No code, no page, no password; the caller has checked that it may.

use super::fresh::Fresh;
use super::open_trade::ask;
use super::take_money::{NotTaken, Purse, take_money};
use crate::domain::{App, Offer, Trade};
use store::{StoreError, Tx};

/// A payment without a question.
#[derive(Clone, Debug)]
pub struct Charge {
    /// Who is paid.
    pub app: App,
    /// What for. Its product is [`Capture`](crate::domain::Product::Capture) or
    /// [`Deduct`](crate::domain::Product::Deduct).
    pub offer: Offer,
    /// Who pays, out of which ledger account.
    pub purse: Purse,
}

/// Charges within the caller's transaction: the trade of the offer's number is made or continued,
/// and paid. When it was not paid, the trade that was made for it waits, as Alipay leaves it; a
/// caller that wants none rolls back.
///
/// # Errors
/// What the engine said; inside, why nothing was paid.
pub async fn charge(
    tx: &mut Tx<'_>,
    charge: &Charge,
    fresh: &Fresh,
) -> Result<Result<Trade, NotTaken>, StoreError> {
    let mut trade = match ask(tx, &charge.app, &charge.offer, fresh).await? {
        Ok(trade) => trade,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let taken = take_money(tx, &mut trade, &charge.purse, fresh).await?;
    Ok(taken.map(|()| trade))
}

//! A merchant takes money by an agreement: a trade is made and paid, the plan goes on.

use crate::app::charge::{Charge, charge};
use crate::app::fresh::Fresh;
use crate::app::pay_trade::FundChannel;
use crate::app::take_money::{NotTaken, Purse};
use crate::app::touch::bring_up;
use crate::context::Context;
use crate::domain::agreement::{AgreedBy, AgreementRefusal};
use crate::domain::{App, Offer, Trade};
use crate::store::agreements::{self, Deduction};
use crate::store::{accounts, trades};
use store::{StoreError, Tx};

/// A wish to deduct.
#[derive(Clone, Debug)]
pub struct Deduct {
    /// Who takes.
    pub app: App,
    /// By which agreement.
    pub agreement_no: String,
    /// The product that the request names.
    pub product_code: String,
    /// The buyer that the request names, if it does.
    pub buyer_id: Option<String>,
    /// The trade to be paid; its product is a deduction.
    pub offer: Offer,
}

/// Why nothing was taken.
#[derive(Debug, thiserror::Error)]
pub enum DeductError {
    /// The agreement does not allow it.
    #[error("the agreement does not allow it: {0:?}")]
    Agreement(AgreementRefusal),
    /// The trade or the money does not allow it.
    #[error(transparent)]
    Trade(NotTaken),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Taken = Result<Trade, DeductError>;

/// Takes money by an agreement.
///
/// # Errors
/// When the agreement, its plan, the buyer's money or the trade does not allow it.
pub async fn deduct(cx: &Context, wish: Deduct) -> Taken {
    let taken = match once(cx, wish.clone()).await {
        // Two of a new number at once: the other one made the trade.
        Err(error) if error.as_conflict().is_some() => once(cx, wish).await?,
        other => other?,
    };
    cx.wake();
    taken
}

async fn once(cx: &Context, wish: Deduct) -> Result<Taken, StoreError> {
    let fresh = Fresh::take(cx);
    cx.db()
        .write(move |tx| {
            let (wish, fresh) = (wish.clone(), fresh.clone());
            Box::pin(async move { take(tx, &wish, &fresh).await })
        })
        .await
}

async fn take(tx: &mut Tx<'_>, wish: &Deduct, fresh: &Fresh) -> Result<Taken, StoreError> {
    let locked = agreements::lock(tx, &wish.agreement_no).await?;
    let own = locked.filter(|found| found.app_id == wish.app.app_id);
    // A number that is over says so, whatever the agreement is: a repeat after a lost answer must
    // learn that it was paid. The trade's row comes before the ledger's, as everybody locks them.
    let key = trades::Key::Number {
        app_id: &wish.app.app_id,
        out_trade_no: &wish.offer.out_trade_no,
    };
    if let Some(mut trade) = trades::lock(tx, key).await? {
        bring_up(tx, &mut trade, fresh).await?;
        if let Err(refusal) = trade.reopen(&wish.offer, wish.app.profile, fresh.now) {
            return Ok(Err(DeductError::Trade(refusal.into())));
        }
    }
    let Some(agreement) = own else {
        return Ok(Err(DeductError::Agreement(AgreementRefusal::NotExist)));
    };
    let mut agreement = agreement.at(fresh.now);
    let amount = wish.offer.total_amount;
    if let Err(refusal) = agreement.may_deduct(amount, &wish.product_code, fresh.now) {
        return Ok(Err(DeductError::Agreement(refusal)));
    }
    let signer = agreement.signer.as_ref().map(|signer| &signer.user_id);
    if wish.buyer_id.is_some() && signer != wish.buyer_id.as_ref() {
        return Ok(Err(DeductError::Agreement(AgreementRefusal::OtherBuyer)));
    }
    let user_id = signer.cloned().unwrap_or_default();
    let Some(account) = accounts::find_by_user(tx, &user_id).await? else {
        return Ok(Err(DeductError::Agreement(AgreementRefusal::NotExist)));
    };
    let asked = Charge {
        app: wish.app.clone(),
        offer: wish.offer.clone(),
        purse: Purse {
            agreed: Some(AgreedBy::of(&agreement)),
            ..Purse::of(&account, FundChannel::Balance)
        },
    };
    let trade = match charge(tx, &asked, fresh).await? {
        Ok(trade) => trade,
        Err(refused) => return Ok(Err(DeductError::Trade(refused))),
    };
    let deduction = Deduction {
        trade_id: trade.trade_id.to_string(),
        planned_day: agreement.plan.as_ref().map(|plan| plan.next_day),
        amount,
        taken_at: fresh.now,
    };
    agreement.deducted(amount, fresh.now);
    agreements::save(tx, &agreement).await?;
    agreements::add_deduction(tx, &agreement.agreement_no, &deduction).await?;
    Ok(Ok(trade))
}

//! A merchant takes money that it holds: a trade is made and paid with it, the rest stays held or
//! goes back.

use super::end_freeze::bring_up;
use super::hold::{hold_the_rest, let_go, operation_id, pocket};
use super::tell_freeze::{To, tell_freeze};
use crate::app::charge::{Charge, charge};
use crate::app::fresh::Fresh;
use crate::app::take_money::{NotTaken, Purse};
use crate::context::Context;
use crate::domain::freeze::{
    Freeze, FreezeRefusal, FreezeState, Operation, OperationKind, OperationStatus,
};
use crate::domain::{App, Offer, Trade};
use crate::jobs;
use crate::store::freezes::{self, Key};
use crate::store::{accounts, trades};
use money::Fen;
use store::{StoreError, Tx};

/// A wish to take held money.
#[derive(Clone, Debug)]
pub struct Capture {
    /// Who takes.
    pub app: App,
    /// Which hold.
    pub auth_no: String,
    /// The product that the request names.
    pub product_code: String,
    /// The buyer that the request names, if it does.
    pub buyer_id: Option<String>,
    /// The trade to be paid; its product is a capture.
    pub offer: Offer,
    /// Whether the rest goes back: `auth_confirm_mode=COMPLETE`.
    pub complete: bool,
}

/// The numbers of what is taken, and of the rest that goes back.
#[derive(Clone)]
struct Numbers {
    taken: (String, Fresh),
    freed: (String, Fresh),
}

/// Why nothing was taken.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The hold does not allow it.
    #[error("the hold does not allow it: {0:?}")]
    Hold(FreezeRefusal),
    /// The trade does not allow it.
    #[error(transparent)]
    Trade(NotTaken),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes held money for a trade.
///
/// # Errors
/// When less is held, the buyer or product is another, or the trade cannot be paid.
pub async fn capture(cx: &Context, wish: Capture) -> Result<Trade, CaptureError> {
    let fresh = Fresh::take(cx);
    let freed = Fresh {
        now: fresh.now,
        ..Fresh::take(cx)
    };
    let numbers = Numbers {
        taken: (operation_id(cx, &fresh), fresh),
        freed: (operation_id(cx, &freed), freed),
    };
    let taken: Result<Result<Trade, CaptureError>, CaptureError> = cx
        .db()
        .write(move |tx| {
            let (wish, numbers) = (wish.clone(), numbers.clone());
            Box::pin(async move { take(tx, &wish, numbers).await })
        })
        .await;
    cx.wake();
    taken?
}

/// The inner error leaves behind what was brought up to date on the way; the outer one undoes
/// everything.
async fn take(
    tx: &mut Tx<'_>,
    wish: &Capture,
    numbers: Numbers,
) -> Result<Result<Trade, CaptureError>, CaptureError> {
    let (operation_id, fresh) = (numbers.taken.0, &numbers.taken.1);
    let locked = freezes::lock(tx, Key::AuthNo(&wish.auth_no)).await?;
    let Some(mut freeze) = locked.filter(|freeze| freeze.app_id == wish.app.app_id) else {
        return Ok(Err(CaptureError::Hold(FreezeRefusal::NotExist)));
    };
    bring_up(tx, &mut freeze, fresh).await?;
    // The trade's row before the ledger's, as everybody locks them.
    let key = trades::Key::Number {
        app_id: &wish.app.app_id,
        out_trade_no: &wish.offer.out_trade_no,
    };
    trades::lock(tx, key).await?;
    if let Err(refusal) = fits(&freeze, wish) {
        return Ok(Err(CaptureError::Hold(refusal)));
    }
    let payer = freeze.payer.clone();
    let payer = payer.map(|payer| payer.user_id).unwrap_or_default();
    let Some(account) = accounts::find_by_user(tx, &payer).await? else {
        return Ok(Err(CaptureError::Hold(FreezeRefusal::NotExist)));
    };
    let_go(tx, &freeze, fresh).await?;
    let asked = Charge {
        app: wish.app.clone(),
        offer: wish.offer.clone(),
        purse: Purse::of(&account, pocket(&freeze).unwrap_or_default()),
    };
    // The hold was let go of by now: a trade that says no undoes that.
    let trade = charge(tx, &asked, fresh)
        .await?
        .map_err(CaptureError::Trade)?;
    let amount = wish.offer.total_amount.fen();
    freeze.paid = Fen::new(freeze.paid.fen().saturating_add(amount));
    freeze.rest = Fen::new(freeze.rest.fen().saturating_sub(amount));
    let mut rest = Fen::ZERO;
    if wish.complete {
        rest = freeze.rest;
        freeze.unfrozen = Fen::new(freeze.unfrozen.fen().saturating_add(rest.fen()));
        freeze.rest = Fen::ZERO;
    }
    hold_the_rest(tx, &mut freeze, fresh).await?;
    freezes::save(tx, &freeze).await?;
    if freeze.state == FreezeState::Finish {
        store::jobs::cancel(tx, jobs::END_FREEZE, &freeze.auth_no).await?;
    }
    let operation = Operation {
        operation_id,
        auth_no: freeze.auth_no.clone(),
        // A trade of that number is paid once.
        out_request_no: format!("pay:{}", wish.offer.out_trade_no),
        kind: OperationKind::Pay,
        amount: wish.offer.total_amount,
        status: OperationStatus::Success,
        remark: wish.offer.subject.clone(),
        created_at: fresh.now,
        done_at: Some(fresh.now),
    };
    freezes::add_operation(tx, &operation).await?;
    if rest.is_positive() {
        release(tx, &freeze, rest, wish, numbers.freed).await?;
    }
    Ok(Ok(trade))
}

/// Writes that the rest went back, and tells whoever asked for the hold: that address hears of all
/// that is let go, while the trade's own hears of the trade.
async fn release(
    tx: &mut Tx<'_>,
    freeze: &Freeze,
    rest: Fen,
    wish: &Capture,
    (operation_id, fresh): (String, Fresh),
) -> Result<(), StoreError> {
    let operation = Operation {
        operation_id,
        auth_no: freeze.auth_no.clone(),
        out_request_no: format!("rest:{}", wish.offer.out_trade_no),
        kind: OperationKind::Unfreeze,
        amount: rest,
        status: OperationStatus::Success,
        remark: "转支付完成，解冻剩余金额".to_owned(),
        created_at: fresh.now,
        done_at: Some(fresh.now),
    };
    freezes::add_operation(tx, &operation).await?;
    let to = To::Request(freeze.notify_url.clone());
    tell_freeze(tx, to, "fund_auth_unfreeze", (freeze, &operation), &fresh).await
}

fn fits(freeze: &Freeze, wish: &Capture) -> Result<(), FreezeRefusal> {
    freeze.may_take(wish.offer.total_amount)?;
    if freeze.product_code != wish.product_code {
        return Err(FreezeRefusal::Unfit("product_code"));
    }
    let payer = freeze.payer.as_ref().map(|payer| &payer.user_id);
    if wish.buyer_id.is_some() && payer != wish.buyer_id.as_ref() {
        return Err(FreezeRefusal::Unfit("buyer_id"));
    }
    Ok(())
}

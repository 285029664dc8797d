//! Money goes back, once for each number that the merchant gives a refund.

use super::close_trade::TradeRef;
use super::fresh::Fresh;
use super::pay_trade::{FundChannel, unexpected};
use super::royalty::settle::all_can_pay;
use super::royalty::share_back::{BackShare, move_back, plan_back};
use super::tell::tell;
use super::touch::bring_up;
use super::wallet::pay_by_card;
use crate::context::Context;
use crate::domain::app::seller_account;
use crate::domain::royalty::ShareRefusal;
use crate::domain::{CloseReason, NoticeKind, Profile, Refusal, Trade, TradeId, TradeState};
use crate::jobs;
use crate::store::refunds::{self, Refund};
use crate::store::trades;
use ledger::{Kind, NewTransfer, TransferResult};
use money::Fen;
use store::{StoreError, Tx};

/// A merchant's wish to give money back.
#[derive(Clone, Debug)]
pub struct RefundTrade {
    /// Of which trade.
    pub wanted: TradeRef,
    /// How the application is treated.
    pub profile: Profile,
    /// How much, in fen.
    pub amount: Fen,
    /// The refund's number; without one it is the whole amount, and the number is the trade's own.
    pub out_request_no: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Shares that come back first.
    pub back: Vec<BackShare>,
}

/// A refund that happened, now or before.
#[derive(Clone, Debug)]
pub struct Refunded {
    /// The trade as it is with it.
    pub trade: Trade,
    /// The refund.
    pub refund: Refund,
    /// Whether the money moved by this very request: the wire's `fund_change`.
    pub moved: bool,
}

/// Why nothing went back.
#[derive(Debug, thiserror::Error)]
pub enum RefundTradeError {
    /// The trade does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The seller has not enough.
    #[error("the seller's balance of {balance} is too small")]
    SellerBalanceNotEnough {
        /// What is there.
        balance: Fen,
    },
    /// A share does not come back.
    #[error(transparent)]
    Share(#[from] ShareRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a transaction that gives money back came to.
pub(super) enum Given {
    /// It went back.
    Done(Box<Refunded>),
    /// The trade does not allow it.
    Refused(Refusal),
    /// The seller holds too little.
    NotEnough(Fen),
    /// A share does not come back.
    Share(ShareRefusal),
}

/// Gives money back.
///
/// # Errors
/// When the trade, the amount or the seller's balance does not allow it, or the database fails.
pub async fn refund_trade(cx: &Context, wish: RefundTrade) -> Result<Refunded, RefundTradeError> {
    let fresh = Fresh::take(cx);
    let outcome = cx
        .db()
        .write(move |tx| {
            let (wish, fresh) = (wish.clone(), fresh.clone());
            Box::pin(async move { give_back(tx, &wish, &fresh).await })
        })
        .await?;
    cx.wake();
    match outcome {
        Given::Done(refunded) => Ok(*refunded),
        Given::Refused(refusal) => Err(refusal.into()),
        Given::Share(refusal) => Err(refusal.into()),
        Given::NotEnough(balance) => Err(RefundTradeError::SellerBalanceNotEnough { balance }),
    }
}

async fn give_back(
    tx: &mut Tx<'_>,
    wish: &RefundTrade,
    fresh: &Fresh,
) -> Result<Given, StoreError> {
    let locked = match wish.wanted.key() {
        Some(key) => trades::lock(tx, key).await?,
        None => None,
    };
    let Some(mut trade) = locked else {
        return Ok(Given::Refused(Refusal::NotExist));
    };
    bring_up(tx, &mut trade, fresh).await?;
    give(tx, trade, wish, fresh).await
}

/// Gives all of a locked trade's money back, under the trade's own number.
///
/// # Errors
/// What the engine said.
pub(super) async fn give_whole(
    tx: &mut Tx<'_>,
    trade: Trade,
    fresh: &Fresh,
) -> Result<Given, StoreError> {
    let wish = RefundTrade {
        wanted: TradeRef {
            app_id: trade.app_id.clone(),
            out_trade_no: Some(trade.offer.out_trade_no.clone()),
            trade_no: None,
        },
        profile: Profile::Production,
        amount: trade.offer.total_amount,
        out_request_no: None,
        reason: None,
        back: Vec::new(),
    };
    give(tx, trade, &wish, fresh).await
}

async fn give(
    tx: &mut Tx<'_>,
    mut trade: Trade,
    wish: &RefundTrade,
    fresh: &Fresh,
) -> Result<Given, StoreError> {
    let number = match &wish.out_request_no {
        Some(number) => number.clone(),
        None => trade.offer.out_trade_no.clone(),
    };
    if let Some(refund) = refunds::find(tx, &trade.trade_id, &number).await? {
        if refund.amount != wish.amount {
            return Ok(Given::Refused(Refusal::Differs("refund_amount")));
        }
        let moved = false;
        let refunded = Refunded {
            trade,
            refund,
            moved,
        };
        return Ok(Given::Done(Box::new(refunded)));
    }
    let once = wish.profile == Profile::AlipaySandbox;
    if once && was_tried(tx, &trade.trade_id).await? {
        return Ok(Given::Refused(Refusal::RefundTried));
    }
    let numbered = wish.out_request_no.is_some();
    let (state, refunded) = match trade.refund(wish.amount, numbered, wish.profile, fresh.now) {
        Ok(next) => next,
        Err(refusal) => {
            if once && matches!(trade.state, TradeState::Paid(..)) {
                let detail = format!("{}: {refusal}", wish.amount);
                trades::save(tx, &trade, fresh.now, REFUND_REFUSED, &detail).await?;
            }
            return Ok(Given::Refused(refusal));
        }
    };
    let Some(payment) = trade.payment() else {
        return Ok(Given::Refused(Refusal::NotExist));
    };
    let channel: FundChannel = payment.fund_channel.parse().unwrap_or_default();
    let transfer = NewTransfer {
        transfer_id: transfer_id(&trade.trade_id, &number),
        debit: seller_account(&trade.app_id),
        credit: channel.ledger_account(&payment.buyer_user_id),
        amount: wish.amount,
        code: "refund",
        memo: trade.offer.subject.clone(),
        kind: Kind::Posted,
    };
    match shares_back(tx, &trade, wish, &transfer, fresh).await? {
        Back::Moved => {}
        Back::NotEnough(balance) => return Ok(Given::NotEnough(balance)),
        Back::Refused(refusal) => return Ok(Given::Share(refusal)),
    }
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    if result == TransferResult::ExceedsCredits {
        let balance = ledger::balance(tx, &transfer.debit).await?;
        return Ok(Given::NotEnough(
            balance.unwrap_or_default().available_credit(),
        ));
    }
    if !result.is_done() {
        return Err(unexpected(&transfer.transfer_id, result));
    }
    pay_by_card::give_back(tx, &trade, &number, wish.amount, fresh.now).await?;
    let refund = Refund {
        out_request_no: number,
        amount: wish.amount,
        reason: wish.reason.clone(),
        refunded_at: fresh.now,
        refunded_total: refunded,
    };
    refunds::insert(tx, &trade.trade_id, &refund).await?;
    trade.state = state;
    trade.refunded = refunded;
    let detail = format!("{} as {}", refund.amount, refund.out_request_no);
    trades::save(tx, &trade, fresh.now, "refunded", &detail).await?;
    if matches!(
        trade.state,
        TradeState::Closed(_, _, CloseReason::Refunded, _)
    ) {
        store::jobs::cancel(tx, jobs::FINISH_TRADE, trade.trade_id.as_str()).await?;
    }
    let kind = NoticeKind::Refunded {
        out_request_no: wish.out_request_no.clone(),
        at: fresh.now,
    };
    tell(tx, &trade, &kind, fresh).await?;
    Ok(Given::Done(Box::new(Refunded {
        trade,
        refund,
        moved: true,
    })))
}

/// The step in a trade's history that uses up its one refund in Alipay's own sandbox (7.2).
const REFUND_REFUSED: &str = "refund refused";

async fn was_tried(tx: &mut Tx<'_>, trade_id: &TradeId) -> Result<bool, StoreError> {
    let events = trades::history(tx, trade_id).await?;
    Ok(events.iter().any(|event| event.what == REFUND_REFUSED))
}

/// What became of the shares that were to come back.
enum Back {
    Moved,
    NotEnough(Fen),
    Refused(ShareRefusal),
}

/// Brings shares back to the seller. Nothing moves unless the refund that follows can be paid.
async fn shares_back(
    tx: &mut Tx<'_>,
    trade: &Trade,
    wish: &RefundTrade,
    refund: &NewTransfer,
    fresh: &Fresh,
) -> Result<Back, StoreError> {
    if wish.back.is_empty() {
        return Ok(Back::Moved);
    }
    let mut lines = match plan_back(tx, trade, &wish.back).await? {
        Ok(lines) => lines,
        Err(refusal) => return Ok(Back::Refused(refusal)),
    };
    let mut accounts = vec![refund.debit.as_str(), refund.credit.as_str()];
    accounts.extend(lines.iter().map(|line| line.debit.as_str()));
    ledger::lock(tx, &accounts).await?;
    if let Err(refusal) = all_can_pay(tx, &lines).await? {
        return Ok(Back::Refused(refusal));
    }
    let balance = ledger::balance(tx, &refund.debit)
        .await?
        .unwrap_or_default();
    let back = lines.iter().map(|line| line.amount.fen()).sum::<i64>();
    let held = balance.available_credit();
    if held.fen().saturating_add(back) < refund.amount.fen() {
        return Ok(Back::NotEnough(held));
    }
    move_back(tx, trade, &mut lines, fresh).await?;
    Ok(Back::Moved)
}

/// The ledger's number of a refund.
#[must_use]
pub fn transfer_id(trade_id: &TradeId, out_request_no: &str) -> String {
    format!("refund:{trade_id}:{out_request_no}")
}

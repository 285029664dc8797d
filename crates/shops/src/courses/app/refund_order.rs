//! Money going back: asked for by staff, or by the shop itself for a course bought twice.
//!
//! The refund is a row with its number before anybody is asked, and a job asks until there is an
//! answer. The number is the same on every try, so asking twice gives back once; it comes with the
//! form, so a form that is sent twice is one refund.

use crate::courses::app::till;
use crate::courses::context::Context;
use crate::courses::domain::{Order, OrderRefund, Status};
use crate::courses::store::{orders, refunds};
use kernel::Timestamp;
use money::Fen;
use store::jobs::{self, JobId, NewJob};
use store::{StoreError, Tx};

/// Why nothing goes back.
#[derive(Debug, thiserror::Error)]
pub(in crate::courses) enum RefundError {
    /// There is no such order.
    #[error("there is no such order")]
    NotFound,
    /// It was not paid with money, or everything went back.
    #[error("nothing of the order can be refunded")]
    NothingLeft,
    /// More than what is left.
    #[error("only {0} can be refunded")]
    TooMuch(Fen),
    /// The number is not one of ours, or stands for another order's refund or another amount.
    #[error("this is no number for a refund of the order")]
    Number,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new number for a refund, minted when its form is shown: 32 hex digits.
pub(in crate::courses) fn new_refund_no(ctx: &Context) -> String {
    kernel::uuid_v7_hex(ctx.clock.as_ref(), ctx.rng.as_ref())
}

/// What a form asks to go back.
#[derive(Clone, Debug)]
pub(in crate::courses) struct Wish {
    /// The refund's number, as [`new_refund_no`] minted it.
    pub refund_no: String,
    /// How much; all that is left without one.
    pub amount: Option<Fen>,
    /// Why, as the buyer's bill says.
    pub reason: String,
}

/// Asks for money of a paid order to go back. The answer may take a while: the refund's state
/// tells. A number that is known already is the same refund, and nothing more goes back; with another
/// amount it is refused.
pub(in crate::courses) async fn refund_order(
    ctx: &Context,
    out_trade_no: &str,
    wish: Wish,
) -> Result<OrderRefund, RefundError> {
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if wish.refund_no.len() != 32 || !wish.refund_no.bytes().all(hex) {
        return Err(RefundError::Number);
    }
    let now = ctx.clock.now();
    let job_id = ctx.new_job_id();
    let number = out_trade_no.to_owned();
    let refund = ctx
        .db
        .write(move |tx| {
            let (number, wish, job_id) = (number.clone(), wish.clone(), job_id.clone());
            Box::pin(async move {
                let order = orders::lock(tx, &number)
                    .await?
                    .ok_or(RefundError::NotFound)?;
                if let Some(known) = refunds::find(tx, &wish.refund_no).await? {
                    let amount = wish.amount.unwrap_or(known.amount);
                    let same = known.out_trade_no == number && known.amount == amount;
                    return same.then_some(known).ok_or(RefundError::Number);
                }
                let left = still_refundable(tx, &order).await?;
                if !left.is_positive() {
                    return Err(RefundError::NothingLeft);
                }
                let amount = wish.amount.unwrap_or(left);
                if amount > left || !amount.is_positive() {
                    return Err(RefundError::TooMuch(left));
                }
                let refund = OrderRefund {
                    refund_no: wish.refund_no,
                    out_trade_no: number,
                    amount,
                    reason: wish.reason,
                    state: ASKED.to_owned(),
                    created_at: now,
                };
                ask_later(tx, &refund, &job_id, now).await?;
                Ok(refund)
            })
        })
        .await?;
    if refund.state == ASKED {
        // The job would do it in a moment; doing it now shows the answer on the next page.
        let _ = ask(ctx, &refund).await;
    }
    Ok(refund)
}

/// What was paid, less what went back and what is on its way.
async fn still_refundable(tx: &mut Tx<'_>, order: &Order) -> Result<Fen, StoreError> {
    if order.status != Status::Paid || order.trade_no.is_none() {
        return Ok(Fen::ZERO);
    }
    let known = refunds::of_order(tx, &order.out_trade_no).await?;
    let taken = Fen::sum(
        known
            .iter()
            .filter(|refund| refund.state != FAILED)
            .map(|refund| refund.amount),
    );
    Ok(taken
        .and_then(|taken| order.total.checked_sub(taken))
        .unwrap_or(Fen::ZERO))
}

/// Part of fulfilment: courses that were open already were paid for once too often, and that much
/// goes back by itself.
pub(in crate::courses) async fn for_second_purchase(
    tx: &mut Tx<'_>,
    order: &Order,
    amount: Fen,
    now: Timestamp,
    job_id: &JobId,
) -> Result<(), StoreError> {
    let refund = OrderRefund {
        refund_no: format!("{}R", order.out_trade_no),
        out_trade_no: order.out_trade_no.clone(),
        amount,
        reason: "课程重复购买，自动退款".to_owned(),
        state: ASKED.to_owned(),
        created_at: now,
    };
    ask_later(tx, &refund, job_id, now).await
}

async fn ask_later(
    tx: &mut Tx<'_>,
    refund: &OrderRefund,
    job_id: &JobId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if refunds::insert(tx, refund).await? {
        let job = NewJob {
            job_id: job_id.clone(),
            kind: ASK_REFUND,
            key: refund.refund_no.clone(),
            payload: "{}".to_owned(),
            due_at: now,
        };
        jobs::schedule(tx, &job).await?;
    }
    Ok(())
}

/// Asks the merchant service for a refund and notes its answer. What it leaves open ends by an
/// event.
async fn ask(ctx: &Context, refund: &OrderRefund) -> Result<(), till::TillError> {
    let state = match till::refund(ctx, refund).await {
        Ok(state) => state,
        Err(error) if error.is_final() => {
            tracing::warn!(refund = %refund.refund_no, "A refund was refused: {error}");
            FAILED.to_owned()
        }
        Err(error) => return Err(error),
    };
    let now = ctx.clock.now();
    if state == SUCCEEDED {
        // Success is entered by its event, together with what it means for the order.
        return Ok(());
    }
    let refund = refund.clone();
    ctx.db
        .write(move |tx| {
            let (refund, state) = (refund.clone(), state.clone());
            Box::pin(async move {
                orders::lock(tx, &refund.out_trade_no).await?;
                refunds::set_state(tx, &refund.refund_no, &state, now).await?;
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    Ok(())
}

/// Asks for a refund that nobody has answered yet: the job's part.
pub(super) async fn ask_for(ctx: &Context, refund_no: &str) -> Result<(), till::TillError> {
    let number = refund_no.to_owned();
    let found = ctx
        .db
        .read(move |tx| {
            let number = number.clone();
            Box::pin(async move { refunds::find(tx, &number).await })
        })
        .await?;
    match found {
        Some(refund) if refund.state == ASKED => ask(ctx, &refund).await,
        _ => Ok(()),
    }
}

/// The kind of the job that asks.
pub(super) const ASK_REFUND: &str = "ask_refund";
/// Nobody has answered yet.
pub(super) const ASKED: &str = "asked";
const FAILED: &str = "failed";
const SUCCEEDED: &str = "succeeded";

//! A merchant shares out a paid trade, at once or a little later.

use super::party::{self, Named};
use crate::app::close_trade::TradeRef;
use crate::app::find_trade::find_trade;
use crate::app::fresh::{Fresh, digits};
use crate::app::pay_trade::unexpected;
use crate::app::touch::lock_present;
use crate::context::Context;
use crate::domain::royalty::{Line, LineState, Operation, Part, ShareRefusal, may_share};
use crate::domain::{App, Trade};
use crate::jobs;
use crate::store::royalty::{self, Settlement};
use crate::store::trades::Key;
use kernel::time::SECOND_MS;
use ledger::{Kind, NewTransfer, TransferResult};
use money::Fen;
use store::jobs::NewJob;
use store::{StoreError, Tx};

/// How long after the call an asynchronous settlement moves its money.
pub const ASYNC_DELAY_MS: i64 = 5 * SECOND_MS;

/// A share that is asked for.
#[derive(Clone, Debug)]
pub struct Share {
    /// To a receiver, or from one.
    pub operation: Operation,
    /// The receiver, or who makes up a difference.
    pub other: Named,
    /// How much.
    pub part: Part,
    /// What for.
    pub description: Option<String>,
}

/// A merchant's wish to share out a trade.
#[derive(Clone, Debug)]
pub struct Settle {
    /// Whose trade.
    pub app: App,
    /// Alipay's number of it.
    pub trade_no: String,
    /// The merchant's number of this wish.
    pub out_request_no: String,
    /// The shares.
    pub shares: Vec<Share>,
    /// Whether nothing more follows.
    pub finishes: bool,
    /// Whether the money moves later.
    pub later: bool,
}

/// Why nothing was shared out.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// There is no such trade.
    #[error("there is no such trade")]
    NoTrade,
    /// The trade or a receiver does not allow it.
    #[error(transparent)]
    Refused(#[from] ShareRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

enum Outcome {
    Done(Box<Trade>, String),
    NoTrade,
    Refused(ShareRefusal),
}

/// Ends a transaction whose shares cannot all be paid: nothing of it stays.
const NOT_ALL: &str = "a share could not be paid";

/// Shares out a trade; the same wish again is answered alike. Returns the settlement's number.
///
/// # Errors
/// When the trade, a receiver or the seller's balance does not allow it, or the database fails.
pub async fn settle(cx: &Context, wish: Settle) -> Result<(Trade, String), SettleError> {
    let fresh = Fresh::take(cx);
    let numbers: Vec<String> = (0..=wish.shares.len())
        .map(|_| format!("{}002530{}", fresh.now.china_day(), digits(cx.rng(), 16)))
        .collect();
    let outcome = cx
        .db()
        .write(move |tx| {
            let (wish, fresh, numbers) = (wish.clone(), fresh.clone(), numbers.clone());
            Box::pin(async move { share_out(tx, &wish, &fresh, &numbers).await })
        })
        .await?;
    cx.wake();
    match outcome {
        Outcome::Done(trade, settle_no) => Ok((*trade, settle_no)),
        Outcome::NoTrade => Err(SettleError::NoTrade),
        Outcome::Refused(refusal) => Err(refusal.into()),
    }
}

async fn share_out(
    tx: &mut Tx<'_>,
    wish: &Settle,
    fresh: &Fresh,
    numbers: &[String],
) -> Result<Outcome, StoreError> {
    let key = Key::TradeNo {
        app_id: &wish.app.app_id,
        trade_no: &wish.trade_no,
    };
    let Some(trade) = lock_present(tx, key, fresh).await? else {
        return Ok(Outcome::NoTrade);
    };
    let request = format!("{:?}{}{}", wish.shares, wish.finishes, wish.later);
    if let Some(before) = royalty::find(tx, &trade.trade_id, &wish.out_request_no).await? {
        if before.request != request {
            return Ok(Outcome::Refused(ShareRefusal::Differs));
        }
        return Ok(Outcome::Done(Box::new(trade), before.settle_no));
    }
    let before = royalty::lines(tx, &trade.trade_id).await?;
    let finished = royalty::is_finished(tx, &trade.trade_id).await?;
    let total = trade.offer.total_amount;
    if wish
        .shares
        .iter()
        .any(|share| !share.part.of(total).is_positive())
    {
        return Ok(Outcome::Refused(ShareRefusal::Nothing));
    }
    let given = wish
        .shares
        .iter()
        .filter(|share| share.operation == Operation::Transfer);
    let given = given.map(|share| share.part.of(total).fen()).sum::<i64>();
    if let Err(refusal) = may_share(&trade, &before, finished, Fen::new(given)) {
        return Ok(Outcome::Refused(refusal));
    }
    let (Some(settle_no), rest) = (numbers.first(), numbers.get(1..).unwrap_or_default()) else {
        return Ok(Outcome::NoTrade);
    };
    let mut lines = Vec::new();
    for (share, detail_id) in wish.shares.iter().zip(rest) {
        match line(tx, wish, (share, total), settle_no, detail_id).await? {
            Ok(line) => lines.push(line),
            Err(refusal) => return Ok(Outcome::Refused(refusal)),
        }
    }
    if !wish.later
        && let Err(refusal) = all_can_pay(tx, &lines).await?
    {
        return Ok(Outcome::Refused(refusal));
    }
    let settlement = Settlement {
        settle_no: settle_no.clone(),
        trade_id: trade.trade_id.clone(),
        out_request_no: wish.out_request_no.clone(),
        request,
        finishes: wish.finishes,
        made_at: fresh.now,
    };
    royalty::insert(tx, &settlement).await?;
    for (place, line) in (0_i64..).zip(&mut lines) {
        if !wish.later && !move_share(tx, line, fresh).await? {
            return Err(StoreError::Inconsistent {
                table: "sandbox_royalty_lines",
                id: line.detail_id.clone(),
                what: NOT_ALL.to_owned(),
            });
        }
        royalty::insert_line(tx, &trade.trade_id, place, line).await?;
    }
    if wish.later {
        let job = NewJob {
            job_id: fresh.end_job.clone(),
            kind: jobs::SETTLE_ROYALTY,
            key: settle_no.clone(),
            payload: "{}".to_owned(),
            due_at: fresh.now.plus_ms(ASYNC_DELAY_MS),
        };
        store::jobs::schedule(tx, &job).await?;
    }
    Ok(Outcome::Done(Box::new(trade), settle_no.clone()))
}

/// A share with its accounts; the receiver must be bound.
async fn line(
    tx: &mut Tx<'_>,
    wish: &Settle,
    (share, total): (&Share, Fen),
    settle_no: &str,
    detail_id: &str,
) -> Result<Result<Line, ShareRefusal>, StoreError> {
    let app = &wish.app;
    let not_bound = ShareRefusal::NotBound(share.other.account.clone());
    let Some(party) = party::find(tx, &app.app_id, &share.other).await? else {
        return Ok(Err(not_bound));
    };
    if party.user_id == app.seller_id || !royalty::is_bound(tx, &app.app_id, &party.user_id).await?
    {
        return Ok(Err(not_bound));
    }
    let seller = (app.seller_id.clone(), app.ledger_account());
    let other = (party.user_id, party.ledger_account);
    let (out, inward) = match share.operation {
        Operation::Transfer => (seller, other),
        Operation::Replenish | Operation::TransferRefund => (other, seller),
    };
    Ok(Ok(Line {
        detail_id: detail_id.to_owned(),
        settle_no: Some(settle_no.to_owned()),
        operation: share.operation,
        trans_out: out.0,
        trans_in: inward.0,
        debit: out.1,
        credit: inward.1,
        amount: share.part.of(total),
        description: share.description.clone(),
        state: LineState::Processing,
        error: None,
        executed_at: None,
    }))
}

/// Whether every account that gives holds enough for all that it gives, locked in one order.
pub(in crate::app) async fn all_can_pay(
    tx: &mut Tx<'_>,
    lines: &[Line],
) -> Result<Result<(), ShareRefusal>, StoreError> {
    let mut accounts: Vec<&str> = lines
        .iter()
        .flat_map(|line| [line.debit.as_str(), line.credit.as_str()])
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    ledger::lock(tx, &accounts).await?;
    for line in lines {
        let of_account = lines.iter().filter(|other| other.debit == line.debit);
        let wanted = of_account.map(|other| other.amount.fen()).sum::<i64>();
        let balance = ledger::balance(tx, &line.debit).await?.unwrap_or_default();
        if balance.available_credit().fen() < wanted {
            return Ok(Err(ShareRefusal::NotEnough(line.trans_out.clone())));
        }
    }
    Ok(Ok(()))
}

/// Moves a share's money and says so in the line; `false` when the account that gives holds too
/// little.
pub(super) async fn move_share(
    tx: &mut Tx<'_>,
    line: &mut Line,
    fresh: &Fresh,
) -> Result<bool, StoreError> {
    let memo = line.description.clone();
    let transfer = NewTransfer {
        transfer_id: format!("royalty:{}", line.detail_id),
        debit: line.debit.clone(),
        credit: line.credit.clone(),
        amount: line.amount,
        code: "royalty",
        memo: memo.unwrap_or_else(|| "分账 / share".to_owned()),
        kind: Kind::Posted,
    };
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    line.executed_at = Some(fresh.now);
    if result == TransferResult::ExceedsCredits {
        let words = "账户余额不足".to_owned();
        line.error = Some(("TXN_RESULT_ACCOUNT_BALANCE_NOT_ENOUGH".to_owned(), words));
        line.state = LineState::Fail;
        return Ok(false);
    }
    if !result.is_done() {
        return Err(unexpected(&transfer.transfer_id, result));
    }
    line.state = LineState::Success;
    Ok(true)
}

/// A settlement with its lines.
#[derive(Clone, Debug)]
pub struct SettlementStory {
    /// The settlement.
    pub settlement: Settlement,
    /// Its shares.
    pub lines: Vec<Line>,
}

/// Which settlement is meant.
#[derive(Clone, Debug)]
pub enum Which {
    /// By Alipay's number.
    SettleNo(String),
    /// By the merchant's number and the trade's.
    Request {
        /// The merchant's number.
        out_request_no: String,
        /// Alipay's number of the trade.
        trade_no: String,
    },
}

/// A settlement of an application; none when it has no such.
///
/// # Errors
/// When the database fails.
pub async fn find_settlement(
    cx: &Context,
    app_id: &str,
    which: Which,
) -> Result<Option<SettlementStory>, StoreError> {
    let trade = match &which {
        Which::SettleNo(_) => None,
        Which::Request { trade_no, .. } => {
            let wanted = TradeRef {
                app_id: app_id.to_owned(),
                out_trade_no: None,
                trade_no: Some(trade_no.clone()),
            };
            match find_trade(cx, &wanted).await? {
                Some(trade) => Some(trade.trade_id),
                None => return Ok(None),
            }
        }
    };
    let app_id = app_id.to_owned();
    cx.db()
        .read(move |tx| {
            let (which, trade, app_id) = (which.clone(), trade.clone(), app_id.clone());
            Box::pin(async move {
                let found = match (&which, &trade) {
                    (Which::Request { out_request_no, .. }, Some(trade_id)) => {
                        royalty::find(tx, trade_id, out_request_no).await?
                    }
                    (Which::SettleNo(settle_no), _) => royalty::find_by_no(tx, settle_no).await?,
                    (Which::Request { .. }, None) => None,
                };
                let Some(settlement) = found else {
                    return Ok(None);
                };
                let key = Key::Id(&settlement.trade_id);
                let trade = crate::store::trades::find(tx, key).await?;
                if trade.is_none_or(|trade| trade.app_id != app_id) {
                    return Ok(None);
                }
                let mut lines = royalty::lines(tx, &settlement.trade_id).await?;
                let settle_no = &settlement.settle_no;
                lines.retain(|line| line.settle_no.as_ref() == Some(settle_no));
                Ok(Some(SettlementStory { settlement, lines }))
            })
        })
        .await
}

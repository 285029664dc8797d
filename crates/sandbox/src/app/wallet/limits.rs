//! How much an owner lets leave the balance in a day, and what did.

use crate::app::login::{Checked, check};
use crate::context::Context;
use crate::domain::Account;
use crate::domain::account::{Denied, Secret, buyer_account};
use crate::store::daily_limits;
use kernel::Timestamp;
use kernel::time::DAY_MS;
use ledger::{PAGE_MAX, Side};
use money::Fen;
use store::{StoreError, Tx};

/// What counts: payments, gifts, and what a card gave.
const COUNTED: [&str; 4] = ["pay", "give", "card_charge", "top_up"];

/// Why the limit was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SetLimitError {
    /// It is less than nothing or more than anybody has.
    #[error("a limit is from 0.00 to 100000000.00")]
    Amount,
    /// The payment password was not taken.
    #[error("the payment password was not taken")]
    Password(Denied),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An owner's limit and what of it is spent today.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DailyLimit {
    /// What may leave in a day.
    pub amount: Fen,
    /// What did today.
    pub spent: Fen,
}

/// The limit of an owner; none when every amount may leave.
///
/// # Errors
/// When the database fails.
pub async fn of_user(cx: &Context, user_id: &str) -> Result<Option<DailyLimit>, StoreError> {
    let (user_id, now) = (user_id.to_owned(), cx.now());
    cx.db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { read(tx, &user_id, now).await })
        })
        .await
}

/// Sets an owner's limit, or takes it away.
///
/// # Errors
/// When the amount is none, the payment password is not taken, or the database fails.
pub async fn set(
    cx: &Context,
    account: &Account,
    amount: Option<Fen>,
    pay_password: &str,
) -> Result<(), SetLimitError> {
    if amount.is_some_and(|amount| amount.is_negative() || amount > Fen::MAX_PAYABLE) {
        return Err(SetLimitError::Amount);
    }
    if let Checked::Denied(denied) = check(cx, account, Secret::Pay, pay_password).await? {
        return Err(SetLimitError::Password(denied));
    }
    let user_id = account.user_id.clone();
    cx.db()
        .write(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { daily_limits::set(tx, &user_id, amount).await })
        })
        .await?;
    Ok(())
}

/// What may still leave today, when `amount` is more than that.
///
/// # Errors
/// What the engine said.
pub(crate) async fn exceeded(
    tx: &mut Tx<'_>,
    user_id: &str,
    amount: Fen,
    now: Timestamp,
) -> Result<Option<Fen>, StoreError> {
    let Some(limit) = read(tx, user_id, now).await? else {
        return Ok(None);
    };
    let left = limit.amount.checked_sub(limit.spent);
    let left = left.unwrap_or(Fen::ZERO).max(Fen::ZERO);
    Ok((amount > left).then_some(left))
}

async fn read(
    tx: &mut Tx<'_>,
    user_id: &str,
    now: Timestamp,
) -> Result<Option<DailyLimit>, StoreError> {
    let Some(amount) = daily_limits::find(tx, user_id).await? else {
        return Ok(None);
    };
    let midnight = now.next_china_midnight().plus_ms(-DAY_MS);
    let spent = spent_since(tx, &buyer_account(user_id), midnight).await?;
    Ok(Some(DailyLimit { amount, spent }))
}

/// What left an account since an instant, of what counts against a limit.
///
/// # Errors
/// What the engine said.
pub(super) async fn spent_since(
    tx: &mut Tx<'_>,
    account: &str,
    since: Timestamp,
) -> Result<Fen, StoreError> {
    let mut spent = Fen::ZERO;
    let mut before = None;
    loop {
        let page = ledger::history(tx, account, before, PAGE_MAX).await?;
        for entry in &page {
            if entry.at < since {
                return Ok(spent);
            }
            if entry.side == Side::Debit && COUNTED.contains(&entry.code.as_str()) {
                // More than fits counts as more than any limit.
                spent = spent
                    .checked_add(entry.amount)
                    .unwrap_or(Fen::new(i64::MAX));
            }
        }
        match page.last() {
            Some(last) => before = Some(last.seq),
            None => return Ok(spent),
        }
    }
}

//! Wallet accounts: opening them, putting money in, looking at it.

use super::books::BANK;
use super::fresh::{Fresh, digits};
use super::once::{Sent, Turn};
use super::pay_trade::unexpected;
use crate::context::Context;
use crate::domain::account::{buyer_account, is_pay_password};
use crate::domain::{Account, LogonId, Tries};
use crate::store::accounts;
use ledger::{Entry, Kind, Limit, NewAccount, NewTransfer};
use money::Fen;
use service::password::PasswordError;
use std::fmt;
use store::{StoreError, Tx};

/// A password as it comes: typed, or hashed before.
#[derive(Clone)]
pub enum Password {
    /// As somebody types it.
    Plain(String),
    /// As [`Passwords::hash`](service::password::Passwords::hash) made it.
    Hashed(String),
}

/// Never prints it.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A buyer to be there.
#[derive(Clone, Debug)]
pub struct BuyerSpec {
    /// An e-mail address or phone number.
    pub logon_id: String,
    /// Opens the wallet.
    pub login_password: Password,
    /// Six digits, releases a payment.
    pub pay_password: Password,
    /// What a new account begins with, in fen. An account that is there keeps what it has.
    pub balance: Fen,
}

impl BuyerSpec {
    /// The buyer that every sandbox starts with: both passwords `111111`, 100,000.00.
    #[must_use]
    pub fn default_buyer() -> Self {
        Self {
            logon_id: "buyer@sandbox.com".to_owned(),
            login_password: Password::Plain("111111".to_owned()),
            pay_password: Password::Plain("111111".to_owned()),
            balance: Fen::new(10_000_000),
        }
    }
}

/// Why there is no such buyer now.
#[derive(Debug, thiserror::Error)]
pub enum EnsureBuyerError {
    /// Nobody can log in with that.
    #[error(transparent)]
    LogonId(#[from] crate::domain::account::LogonIdError),
    /// The payment password is not six digits.
    #[error("a payment password is six digits")]
    PayPassword,
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// Less than nothing, or more than an account may begin with.
    #[error("an account begins with 0.00 to 100000000.00")]
    Balance,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The buyer of that logon id; made, with that balance, when it is missing.
///
/// # Errors
/// When something about the account is none, or the database fails.
pub async fn ensure_buyer(cx: &Context, buyer: BuyerSpec) -> Result<Account, EnsureBuyerError> {
    Ok(open_account(cx, buyer).await?.0)
}

/// The same; `true` when the account was made now.
///
/// # Errors
/// As [`ensure_buyer`].
pub async fn open_account(
    cx: &Context,
    buyer: BuyerSpec,
) -> Result<(Account, bool), EnsureBuyerError> {
    let logon_id: LogonId = buyer.logon_id.parse()?;
    if let Some(account) = super::login::find(cx, &logon_id).await? {
        return Ok((account, false));
    }
    if buyer.balance.is_negative() || buyer.balance > Fen::MAX_PAYABLE {
        return Err(EnsureBuyerError::Balance);
    }
    let account = Account {
        user_id: format!("2088722{}", digits(cx.rng(), 9)),
        logon_id,
        login_hash: hash(cx, buyer.login_password).await?,
        pay_hash: match buyer.pay_password {
            Password::Plain(plain) if !is_pay_password(&plain) => {
                return Err(EnsureBuyerError::PayPassword);
            }
            password => hash(cx, password).await?,
        },
        login_tries: Tries::default(),
        pay_tries: Tries::default(),
    };
    let fresh = Fresh::take(cx);
    let balance = buyer.balance;
    let opened = cx
        .db()
        .write(move |tx| {
            let (account, fresh) = (account.clone(), fresh.clone());
            Box::pin(async move {
                if !accounts::insert(tx, &account, balance, fresh.now).await? {
                    let there = accounts::find(tx, &account.logon_id).await?;
                    return Ok(there.map(|there| (there, false)));
                }
                let new = NewAccount {
                    account_id: account.ledger_account(),
                    kind: "buyer".to_owned(),
                    limit: Limit::DebitsWithinCredits,
                    owner: account.user_id.clone(),
                };
                let _ = ledger::open(tx, &new, fresh.now).await?;
                if balance.is_positive() {
                    put_in(tx, &account.user_id, balance, &fresh).await?;
                }
                Ok::<_, StoreError>(Some((account, true)))
            })
        })
        .await?;
    opened.ok_or_else(|| {
        // Only when the user number was taken, one time in a billion accounts.
        StoreError::Inconsistent {
            table: "sandbox_accounts",
            id: "user_id".to_owned(),
            what: "the number is taken; try again".to_owned(),
        }
        .into()
    })
}

async fn hash(cx: &Context, password: Password) -> Result<String, PasswordError> {
    match password {
        Password::Plain(plain) => cx.parts().passwords.hash(&plain).await,
        Password::Hashed(hashed) => Ok(hashed),
    }
}

/// Why no money was put in.
#[derive(Debug, thiserror::Error)]
pub enum TopUpError {
    /// The key put other money in before.
    #[error("the key was used for something else")]
    KeyReused,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts money from the bank into a buyer's account. With a key of the caller's own the same again
/// puts nothing more in.
///
/// # Errors
/// When the key was used for something else, or the database fails.
pub async fn top_up(
    cx: &Context,
    account: &Account,
    amount: Fen,
    key: Option<&str>,
) -> Result<(), TopUpError> {
    let fresh = Fresh::take(cx);
    let user_id = account.user_id.clone();
    let asks = ["top_up", &user_id, &amount.to_string()];
    let sent = key.map(|key| Sent::call(key, &asks));
    cx.db()
        .write(move |tx| {
            let (user_id, fresh, sent) = (user_id.clone(), fresh.clone(), sent.clone());
            Box::pin(async move {
                let turn = match sent {
                    Some(sent) => sent.take(tx, &fresh.token, fresh.now).await?,
                    None => Turn::First,
                };
                match turn {
                    Turn::First => Ok(put_in(tx, &user_id, amount, &fresh).await?),
                    Turn::Again(_) => Ok(()),
                    Turn::Other => Err(TopUpError::KeyReused),
                }
            })
        })
        .await
}

async fn put_in(
    tx: &mut Tx<'_>,
    user_id: &str,
    amount: Fen,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let transfer = NewTransfer {
        transfer_id: format!("top_up:{}", fresh.token),
        debit: BANK.to_owned(),
        credit: buyer_account(user_id),
        amount,
        code: "top_up",
        memo: "充值 / top-up".to_owned(),
        kind: Kind::Posted,
    };
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    if result.is_done() {
        Ok(())
    } else {
        Err(unexpected(&transfer.transfer_id, result))
    }
}

async fn balance_of(tx: &mut Tx<'_>, user_id: &str) -> Result<Fen, StoreError> {
    let balance = ledger::balance(tx, &buyer_account(user_id)).await?;
    Ok(balance.unwrap_or_default().available_credit())
}

/// What a buyer's account holds.
///
/// # Errors
/// When the database fails.
pub async fn balance(cx: &Context, user_id: &str) -> Result<Fen, StoreError> {
    let user_id = user_id.to_owned();
    cx.db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { balance_of(tx, &user_id).await })
        })
        .await
}

/// The movements of a buyer's account, newest first, before a cursor.
///
/// # Errors
/// When the database fails.
pub async fn movements(
    cx: &Context,
    user_id: &str,
    before_seq: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let account = buyer_account(user_id);
    cx.db()
        .read(move |tx| {
            let account = account.clone();
            Box::pin(async move { ledger::history(tx, &account, before_seq, limit).await })
        })
        .await
}

/// Every account, by logon id.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context) -> Result<Vec<Account>, StoreError> {
    cx.db()
        .read(|tx| Box::pin(async move { accounts::list(tx).await }))
        .await
}

/// Accounts with what they hold, by logon id, after a cursor.
///
/// # Errors
/// When the database fails.
pub async fn list_after(
    cx: &Context,
    after: &str,
    limit: i64,
) -> Result<Vec<(Account, Fen)>, StoreError> {
    let after = after.to_owned();
    cx.db()
        .read(move |tx| {
            let after = after.clone();
            Box::pin(async move {
                let mut held = Vec::new();
                for account in accounts::list_after(tx, &after, limit).await? {
                    let balance = balance_of(tx, &account.user_id).await?;
                    held.push((account, balance));
                }
                Ok(held)
            })
        })
        .await
}

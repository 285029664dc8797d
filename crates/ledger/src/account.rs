//! Accounts: what they are for, whose they are, and which limit guards them.

use kernel::Timestamp;
use std::fmt;
use std::str::FromStr;
use store::{StoreError, Tx, params};

/// Which balance an account must never leave.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Limit {
    /// None. Its balance is the sum of its postings, and its transfers wait for nobody.
    Free,
    /// Posted and pending debits never exceed posted credits: a wallet cannot be overdrawn.
    DebitsWithinCredits,
    /// Posted and pending credits never exceed posted debits: nobody pays back more than is owed.
    CreditsWithinDebits,
}

impl Limit {
    /// How it is written in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::DebitsWithinCredits => "debits_within_credits",
            Self::CreditsWithinDebits => "credits_within_debits",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no limit of this name")]
pub struct ParseLimitError;

impl FromStr for Limit {
    type Err = ParseLimitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [
            Self::Free,
            Self::DebitsWithinCredits,
            Self::CreditsWithinDebits,
        ]
        .into_iter()
        .find(|limit| limit.as_str() == text)
        .ok_or(ParseLimitError)
    }
}

/// An account to be opened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewAccount {
    /// Its id, made by whoever opens it: opening it again is recognised.
    pub account_id: String,
    /// What it is for, a word of the caller's: `buyer`, `revenue`, `clearing`.
    pub kind: String,
    /// Which balance it must never leave.
    pub limit: Limit,
    /// Whose it is, a word or an id of the caller's.
    pub owner: String,
}

/// An account as it is stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Account {
    /// Its id.
    pub account_id: String,
    /// What it is for.
    pub kind: String,
    /// Which balance it must never leave.
    pub limit: Limit,
    /// Whose it is.
    pub owner: String,
    /// When it was opened.
    pub created_at: Timestamp,
}

/// What became of the wish to open an account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Opened {
    /// It was opened.
    Created,
    /// It is there already, the same in all that was asked for.
    Exists,
    /// One of that id is there, and this differs.
    ExistsWithDifferent(Field),
}

/// A property of an account that cannot be changed once it is open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Field {
    /// What it is for.
    Kind,
    /// Which balance it must never leave.
    Limit,
    /// Whose it is.
    Owner,
}

store::statements! {
    /// Opens an account, once.
    INSERT_ACCOUNT = "INSERT INTO ledger_accounts (account_id, kind, owner, balance_limit, created_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    /// The row that transfers of a limited account lock.
    INSERT_BALANCE = "INSERT INTO ledger_balances (account_id) VALUES ($1)";
    /// One account.
    FIND_ACCOUNT = "SELECT account_id, kind, owner, balance_limit, created_at
        FROM ledger_accounts WHERE account_id = $1";
    /// One balance row, locked until the transaction ends. Free accounts have none.
    LOCK_BALANCE = "SELECT account_id FROM ledger_balances WHERE account_id = $1", pg " FOR UPDATE";
}

/// Opens an account, or says that it is open already.
///
/// # Errors
/// What the store said.
pub async fn open(
    tx: &mut Tx<'_>,
    account: &NewAccount,
    now: Timestamp,
) -> Result<Opened, StoreError> {
    let values = params![
        account.account_id.as_str(),
        account.kind.as_str(),
        account.owner.as_str(),
        account.limit.as_str(),
        now
    ];
    if tx.execute(&INSERT_ACCOUNT, &values).await? == 1 {
        if account.limit != Limit::Free {
            tx.execute_one(&INSERT_BALANCE, &params![account.account_id.as_str()])
                .await?;
        }
        return Ok(Opened::Created);
    }
    let stored = find(tx, &account.account_id)
        .await?
        .ok_or_else(|| StoreError::Inconsistent {
            table: "ledger_accounts",
            id: account.account_id.clone(),
            what: "it was refused as already there, and is not there".to_owned(),
        })?;
    Ok(if stored.kind != account.kind {
        Opened::ExistsWithDifferent(Field::Kind)
    } else if stored.limit != account.limit {
        Opened::ExistsWithDifferent(Field::Limit)
    } else if stored.owner != account.owner {
        Opened::ExistsWithDifferent(Field::Owner)
    } else {
        Opened::Exists
    })
}

/// The account of that id, if it was opened.
///
/// # Errors
/// What the store said.
pub async fn find(tx: &mut Tx<'_>, account_id: &str) -> Result<Option<Account>, StoreError> {
    let row = tx.query_opt(&FIND_ACCOUNT, &params![account_id]).await?;
    row.map(|row| {
        Ok(Account {
            account_id: row.text("account_id")?.to_owned(),
            kind: row.text("kind")?.to_owned(),
            limit: row.parse("balance_limit")?,
            owner: row.text("owner")?.to_owned(),
            created_at: row.time("created_at")?,
        })
    })
    .transpose()
}

/// Locks the balances of several accounts in the one order that everybody keeps.
///
/// A transaction that makes more than one transfer between limited accounts calls this first,
/// with all of them; otherwise two such transactions may wait for each other.
///
/// # Errors
/// What the store said.
pub async fn lock(tx: &mut Tx<'_>, account_ids: &[&str]) -> Result<(), StoreError> {
    let mut sorted = account_ids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    for account_id in sorted {
        tx.query(&LOCK_BALANCE, &params![account_id]).await?;
    }
    Ok(())
}

//! Wallet accounts; their money is on the ledger.

use crate::domain::account::Secret;
use crate::domain::{Account, LogonId, Tries};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Adds an account; a second one of that logon id is not added.
    INSERT_ACCOUNT = "INSERT INTO sandbox_accounts (user_id, logon_id, login_hash, pay_hash, login_wrong, login_locked_until, pay_wrong, pay_locked_until, created_at, began_with) VALUES ($1, $2, $3, $4, 0, NULL, 0, NULL, $5, $6) ON CONFLICT DO NOTHING";
    /// One account by its logon id.
    FIND_ACCOUNT = "SELECT user_id, logon_id, login_hash, pay_hash, login_wrong, login_locked_until, pay_wrong, pay_locked_until FROM sandbox_accounts WHERE logon_id = $1";
    /// One account by its number.
    FIND_ACCOUNT_BY_USER = "SELECT user_id, logon_id, login_hash, pay_hash, login_wrong, login_locked_until, pay_wrong, pay_locked_until FROM sandbox_accounts WHERE user_id = $1";
    /// One account, held until the transaction ends.
    LOCK_ACCOUNT = "SELECT user_id, logon_id, login_hash, pay_hash, login_wrong, login_locked_until, pay_wrong, pay_locked_until FROM sandbox_accounts WHERE user_id = $1", pg " FOR UPDATE";
    /// Every account, by logon id.
    LIST_ACCOUNTS = "SELECT user_id, logon_id, login_hash, pay_hash, login_wrong, login_locked_until, pay_wrong, pay_locked_until FROM sandbox_accounts ORDER BY logon_id";
    /// Accounts by logon id, after a cursor.
    LIST_ACCOUNTS_AFTER = "SELECT user_id, logon_id, login_hash, pay_hash, login_wrong, login_locked_until, pay_wrong, pay_locked_until FROM sandbox_accounts WHERE logon_id > $1 ORDER BY logon_id LIMIT $2";
    /// Counts wrong login passwords.
    SET_LOGIN_TRIES = "UPDATE sandbox_accounts SET login_wrong = $2, login_locked_until = $3 WHERE user_id = $1";
    /// Counts wrong payment passwords.
    SET_PAY_TRIES = "UPDATE sandbox_accounts SET pay_wrong = $2, pay_locked_until = $3 WHERE user_id = $1";
    /// Changes the login password.
    SET_LOGIN_HASH = "UPDATE sandbox_accounts SET login_hash = $2, login_wrong = 0, login_locked_until = NULL WHERE user_id = $1";
    /// Changes the payment password.
    SET_PAY_HASH = "UPDATE sandbox_accounts SET pay_hash = $2, pay_wrong = 0, pay_locked_until = NULL WHERE user_id = $1";
}

/// Adds an account that begins with an amount; `false` when its logon id is taken.
///
/// # Errors
/// What the engine said.
pub async fn insert(
    tx: &mut Tx<'_>,
    account: &Account,
    began_with: Fen,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![
        &account.user_id,
        account.logon_id.as_str(),
        &account.login_hash,
        &account.pay_hash,
        now,
        began_with.fen(),
    ];
    Ok(tx.execute(&INSERT_ACCOUNT, &values).await? == 1)
}

/// One account by its logon id.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, logon_id: &LogonId) -> Result<Option<Account>, StoreError> {
    let values = params![logon_id.as_str()];
    let row = tx.query_opt(&FIND_ACCOUNT, &values).await?;
    row.map(|row| read(&row)).transpose()
}

/// One account by its number.
///
/// # Errors
/// What the engine said.
pub async fn find_by_user(tx: &mut Tx<'_>, user_id: &str) -> Result<Option<Account>, StoreError> {
    let row = tx
        .query_opt(&FIND_ACCOUNT_BY_USER, &params![user_id])
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// One account, held until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock(tx: &mut Tx<'_>, user_id: &str) -> Result<Option<Account>, StoreError> {
    let row = tx.query_opt(&LOCK_ACCOUNT, &params![user_id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// Every account, by logon id.
///
/// # Errors
/// What the engine said.
pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<Account>, StoreError> {
    let rows = tx.query(&LIST_ACCOUNTS, &[]).await?;
    rows.iter().map(read).collect()
}

/// Accounts by logon id, after a cursor.
///
/// # Errors
/// What the engine said.
pub async fn list_after(
    tx: &mut Tx<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<Account>, StoreError> {
    let values = params![after, limit];
    let rows = tx.query(&LIST_ACCOUNTS_AFTER, &values).await?;
    rows.iter().map(read).collect()
}

/// Writes down how many wrong passwords of that kind there were.
///
/// # Errors
/// What the engine said.
pub async fn set_tries(
    tx: &mut Tx<'_>,
    user_id: &str,
    secret: Secret,
    tries: Tries,
) -> Result<(), StoreError> {
    let statement = match secret {
        Secret::Login => SET_LOGIN_TRIES,
        Secret::Pay => SET_PAY_TRIES,
    };
    let values = params![user_id, tries.wrong, tries.locked_until];
    tx.execute_one(&statement, &values).await
}

/// Changes a password.
///
/// # Errors
/// What the engine said.
pub async fn set_hash(
    tx: &mut Tx<'_>,
    user_id: &str,
    secret: Secret,
    hash: &str,
) -> Result<(), StoreError> {
    let statement = match secret {
        Secret::Login => SET_LOGIN_HASH,
        Secret::Pay => SET_PAY_HASH,
    };
    tx.execute_one(&statement, &params![user_id, hash]).await
}

fn read(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        user_id: row.text("user_id")?.to_owned(),
        logon_id: row.parse("logon_id")?,
        login_hash: row.text("login_hash")?.to_owned(),
        pay_hash: row.text("pay_hash")?.to_owned(),
        login_tries: Tries {
            wrong: row.int("login_wrong")?,
            locked_until: row.opt_time("login_locked_until")?,
        },
        pay_tries: Tries {
            wrong: row.int("pay_wrong")?,
            locked_until: row.opt_time("pay_locked_until")?,
        },
    })
}

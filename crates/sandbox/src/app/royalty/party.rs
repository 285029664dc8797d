//! Whom a merchant means by an account: a buyer's wallet or another seller.

use crate::domain::LogonId;
use crate::domain::account::buyer_account;
use crate::domain::open_id::user_of;
use crate::store::{accounts, apps, people};
use store::{StoreError, Tx};

/// An account as a merchant names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Named {
    /// `userId`, `loginName` or `openId`.
    pub kind: String,
    /// The number, the logon id or the open id.
    pub account: String,
}

/// An account that shares can go to and come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Party {
    /// 16 digits.
    pub user_id: String,
    /// What its owner logs in with; a seller's is not asked for.
    pub logon_id: Option<String>,
    /// The name of its owner.
    pub real_name: Option<String>,
    /// The account in the ledger.
    pub ledger_account: String,
}

/// Finds whom a merchant means; none when nobody is.
///
/// # Errors
/// What the engine said.
pub async fn find(
    tx: &mut Tx<'_>,
    app_id: &str,
    named: &Named,
) -> Result<Option<Party>, StoreError> {
    let account = match named.kind.as_str() {
        "loginName" => match named.account.parse::<LogonId>() {
            Ok(logon_id) => accounts::find(tx, &logon_id).await?,
            Err(_) => None,
        },
        "openId" => match user_of(app_id, &named.account) {
            Some(user_id) => accounts::find_by_user(tx, &user_id).await?,
            None => None,
        },
        _ => accounts::find_by_user(tx, &named.account).await?,
    };
    if let Some(account) = account {
        let person = people::find(tx, &account.user_id).await?;
        return Ok(Some(Party {
            ledger_account: buyer_account(&account.user_id),
            logon_id: Some(account.logon_id.to_string()),
            real_name: Some(person.real_name),
            user_id: account.user_id,
        }));
    }
    if named.kind != "userId" {
        return Ok(None);
    }
    let sellers = apps::list(tx).await?;
    let seller = sellers.iter().find(|app| app.seller_id == named.account);
    Ok(seller.map(|app| Party {
        user_id: app.seller_id.clone(),
        logon_id: None,
        real_name: None,
        ledger_account: app.ledger_account(),
    }))
}

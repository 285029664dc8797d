//! The books: recomputed from their postings, and held against the trades.

use super::wallet::claim::GIFTS;
use crate::context::Context;
use crate::domain::app::seller_account;
use crate::store::{agreements, books, figures, freezes, gifts, royalty, transfers};
use ledger::{Limit, NewAccount};
use money::Fen;
use store::{StoreError, Tx};

/// The bank outside: where top-ups and card payments come from.
pub const BANK: &str = "house:bank";
/// The lender behind Huabei.
pub const LENDER: &str = "house:lender";

/// Opens the accounts that every sandbox has.
///
/// # Errors
/// When the database fails.
pub async fn open_house_accounts(cx: &Context) -> Result<(), StoreError> {
    let now = cx.now();
    cx.db()
        .write(move |tx| {
            Box::pin(async move {
                for account_id in [BANK, LENDER, GIFTS] {
                    let account = NewAccount {
                        account_id: account_id.to_owned(),
                        kind: "house".to_owned(),
                        limit: Limit::Free,
                        owner: "house".to_owned(),
                    };
                    let _ = ledger::open(tx, &account, now).await?;
                }
                Ok(())
            })
        })
        .await
}

/// What the proof found.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Books {
    /// Whether nothing differs.
    pub balanced: bool,
    /// How many postings there are.
    pub postings: i64,
    /// How many accounts there are.
    pub accounts: i64,
    /// What differs, in words.
    pub differences: Vec<String>,
}

/// Recomputes the ledger from its postings and holds it against balances, trades and refunds.
///
/// # Errors
/// When the database fails.
pub async fn prove(cx: &Context) -> Result<Books, StoreError> {
    cx.db().read(|tx| Box::pin(proof(tx))).await
}

/// The same where there are no more than so many postings; none where it would take longer than a
/// page may.
///
/// # Errors
/// When the database fails.
pub async fn prove_few(cx: &Context, most: i64) -> Result<Option<Books>, StoreError> {
    cx.db()
        .read(move |tx| {
            Box::pin(async move {
                if figures::postings(tx).await? > most {
                    return Ok(None);
                }
                proof(tx).await.map(Some)
            })
        })
        .await
}

async fn proof(tx: &mut Tx<'_>) -> Result<Books, StoreError> {
    let proof = ledger::prove(tx).await?;
    let mut differences = proof.differences;
    differences.extend(books::differences(tx).await?);
    differences.extend(transfers::differences(tx, books::MOST).await?);
    differences.extend(royalty::differences(tx, books::MOST).await?);
    differences.extend(freezes::differences(tx, books::MOST).await?);
    differences.extend(agreements::differences(tx, books::MOST).await?);
    held_by_sellers(tx, &mut differences).await?;
    held_for_phones(tx, &mut differences).await?;
    Ok(Books {
        balanced: proof.balanced && differences.is_empty(),
        postings: proof.postings,
        accounts: proof.accounts,
        differences,
    })
}

/// What waits for phones' owners must be what the gifts say.
async fn held_for_phones(tx: &mut Tx<'_>, differences: &mut Vec<String>) -> Result<(), StoreError> {
    let said = gifts::sum_waiting(tx).await?;
    let balance = ledger::balance(tx, GIFTS).await?;
    let held = balance.unwrap_or_default().credit_balance();
    if held != said {
        differences.push(format!(
            "{held} wait for phones' owners, but the gifts say {said}"
        ));
    }
    Ok(())
}

/// What each seller holds must be what trades and transfers say: paid, less refunded, less sent,
/// less shared.
async fn held_by_sellers(tx: &mut Tx<'_>, differences: &mut Vec<String>) -> Result<(), StoreError> {
    let by_trades = crate::store::trades::held_by_app(tx).await?;
    for app in crate::store::apps::list(tx).await? {
        let said = by_trades
            .iter()
            .find(|(app_id, _)| *app_id == app.app_id)
            .map_or(Fen::ZERO, |(_, held)| *held);
        let account = seller_account(&app.app_id);
        let more = transfers::net_of(tx, &app.app_id, &account).await?;
        let shares = royalty::net_of(tx, &account).await?;
        let said = Fen::new(said.fen().saturating_add(more).saturating_add(shares));
        let balance = ledger::balance(tx, &account).await?;
        let held = balance.unwrap_or_default().credit_balance();
        if held != said {
            differences.push(format!(
                "the seller of {} holds {held}, but trades and transfers say {said}",
                app.app_id
            ));
        }
    }
    Ok(())
}

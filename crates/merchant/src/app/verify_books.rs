//! Proves the books on demand: recomputed from the postings, held against balances and orders.

use crate::context::Merchant;
use crate::store::proof;
use ::store::StoreError;
use serde::Serialize;

/// What the proof found.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BooksProof {
    /// Whether nothing differs.
    pub balanced: bool,
    /// How many postings there are.
    pub postings: i64,
    /// How many accounts there are.
    pub accounts: i64,
    /// What differs, in words; the first ones of each kind.
    pub differences: Vec<String>,
}

/// Proves the books of one merchant: its orders, accounts and transfers, and nobody else's.
///
/// # Errors
/// When the database fails.
pub async fn verify_books_of(merchant: &Merchant, owner: &str) -> Result<BooksProof, StoreError> {
    let owner = owner.to_owned();
    merchant
        .db()
        .read(move |tx| {
            let owner = owner.clone();
            Box::pin(async move {
                let (accounts, postings) = proof::counts_of(tx, &owner).await?;
                let differences = proof::differences_of(tx, &owner).await?;
                Ok(BooksProof {
                    balanced: differences.is_empty(),
                    postings,
                    accounts,
                    differences,
                })
            })
        })
        .await
}

/// Proves the books of the whole service: they are one ledger. For whoever runs it, not for one of
/// its merchants.
///
/// # Errors
/// When the database fails.
pub async fn verify_books(merchant: &Merchant) -> Result<BooksProof, StoreError> {
    merchant
        .db()
        .read(|tx| {
            Box::pin(async move {
                let proof = ledger::prove(tx).await?;
                let mut differences = proof.differences;
                differences.extend(proof::differences(tx, None).await?);
                Ok(BooksProof {
                    balanced: proof.balanced && differences.is_empty(),
                    postings: proof.postings,
                    accounts: proof.accounts,
                    differences,
                })
            })
        })
        .await
}

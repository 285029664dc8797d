//! The beginning of a world, noted once and looked up at each start.

use crate::store::origins::{self, Origin};
use store::{Db, StoreError};

/// Notes how a world begins, unless it began before, and says how it did. Its chance begins anew
/// with each start.
///
/// # Errors
/// When the database fails.
pub async fn begin(db: &Db, seed: Option<i64>) -> Result<Origin, StoreError> {
    db.write(move |tx| Box::pin(async move { origins::begin(tx, seed).await }))
        .await
}

//! Looks at holds. Whoever looks at one whose time is over sees it ended.

use super::end_freeze::bring_up;
use crate::app::fresh::Fresh;
use crate::context::Context;
use crate::domain::App;
use crate::domain::freeze::{Freeze, Operation, OperationKind};
use crate::store::apps;
use crate::store::freezes::{self, Key};
use store::{StoreError, Tx};

/// Which hold is meant, and which operation of it.
#[derive(Clone, Debug, Default)]
pub struct FreezeRef {
    /// Whose.
    pub app_id: String,
    /// Alipay's number.
    pub auth_no: Option<String>,
    /// The merchant's number.
    pub out_order_no: Option<String>,
    /// Alipay's number of the operation.
    pub operation_id: Option<String>,
    /// The merchant's number of the operation.
    pub out_request_no: Option<String>,
    /// Only an operation of that kind.
    pub kind: Option<OperationKind>,
}

impl FreezeRef {
    /// The hold, kept until the transaction ends.
    pub(super) async fn lock(&self, tx: &mut Tx<'_>) -> Result<Option<Freeze>, StoreError> {
        let key = match (&self.auth_no, &self.out_order_no) {
            (Some(auth_no), _) => Key::AuthNo(auth_no),
            (None, Some(out_order_no)) => Key::Order {
                app_id: &self.app_id,
                out_order_no,
            },
            (None, None) => return Ok(None),
        };
        let found = freezes::lock(tx, key).await?;
        Ok(found.filter(|freeze| freeze.app_id == self.app_id))
    }

    /// The operation that is meant.
    pub(super) fn pick<'a>(&self, known: &'a [Operation]) -> Option<&'a Operation> {
        known.iter().find(|operation| {
            let fits = match (&self.operation_id, &self.out_request_no) {
                (Some(id), _) => *id == operation.operation_id,
                (None, Some(number)) => *number == operation.out_request_no,
                (None, None) => false,
            };
            fits && self.kind.is_none_or(|kind| kind == operation.kind)
        })
    }
}

/// A hold with one operation of it.
///
/// # Errors
/// When the database fails.
pub async fn find_operation(
    cx: &Context,
    wanted: &FreezeRef,
) -> Result<Option<(Freeze, Operation)>, StoreError> {
    let (fresh, wanted) = (Fresh::take(cx), wanted.clone());
    let found = cx
        .db()
        .write(move |tx| {
            let (fresh, wanted) = (fresh.clone(), wanted.clone());
            Box::pin(async move {
                let Some(mut freeze) = wanted.lock(tx).await? else {
                    return Ok(None);
                };
                bring_up(tx, &mut freeze, &fresh).await?;
                let known = freezes::operations(tx, &freeze.auth_no).await?;
                let picked = wanted.pick(&known).cloned();
                Ok::<_, StoreError>(picked.map(|picked| (freeze, picked)))
            })
        })
        .await?;
    cx.wake();
    Ok(found)
}

/// A hold by the token in its QR code, and whose it is.
///
/// # Errors
/// When the database fails.
pub async fn by_code(cx: &Context, code: &str) -> Result<Option<(Freeze, App)>, StoreError> {
    let (fresh, code) = (Fresh::take(cx), code.to_owned());
    let found = cx
        .db()
        .write(move |tx| {
            let (fresh, code) = (fresh.clone(), code.clone());
            Box::pin(async move {
                let Some(mut freeze) = freezes::lock(tx, Key::Code(&code)).await? else {
                    return Ok(None);
                };
                bring_up(tx, &mut freeze, &fresh).await?;
                let app = apps::find(tx, &freeze.app_id).await?;
                Ok::<_, StoreError>(app.map(|app| (freeze, app)))
            })
        })
        .await?;
    cx.wake();
    Ok(found)
}

/// The holds that wait for somebody's word.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for(cx: &Context, user_id: &str) -> Result<Vec<Freeze>, StoreError> {
    const MOST: i64 = 20;
    let (now, user_id) = (cx.now(), user_id.to_owned());
    let mut found = cx
        .db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { freezes::asked_of(tx, &user_id, MOST).await })
        })
        .await?;
    found.retain(|freeze| !freeze.is_overdue(now));
    Ok(found)
}

//! The seller read a buyer's payment code to hold money: small amounts are held at once, for large
//! ones the buyer's phone asks for the payment password.

use super::ask_freeze::ask;
use super::end_freeze::bring_up;
use super::freeze_money::{Held, agree};
use super::hold::operation_id;
use crate::app::fresh::{Fresh, digits};
use crate::context::Context;
use crate::domain::App;
use crate::domain::PaymentCode;
use crate::domain::freeze::{FreezeRefusal, FreezeWish, OperationStatus, Payer};
use crate::store::freezes::{self, Key};
use crate::store::{accounts, payment_codes};
use store::{StoreError, Tx};

/// A seller's wish to hold money of whoever shows the code.
#[derive(Clone, Debug)]
pub struct FreezeByCode {
    /// For whom.
    pub app: App,
    /// What is to be held.
    pub wish: FreezeWish,
    /// What was read.
    pub code: PaymentCode,
}

/// Why nothing was held.
#[derive(Debug, thiserror::Error)]
pub enum FreezeByCodeError {
    /// Nobody shows that code, or not any more.
    #[error("the payment code is unknown, used or older than a minute")]
    CodeInvalid,
    /// The hold does not allow it.
    #[error("the hold does not allow it: {0:?}")]
    Refused(FreezeRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Done = Result<Held, FreezeByCodeError>;

/// The two sets of numbers of one call: of what is asked for, and of what is agreed to.
#[derive(Clone)]
struct Numbers {
    auth_no: String,
    operation_id: String,
    asked: Fresh,
    agreed: Fresh,
}

/// Holds money, or asks the buyer: then the operation waits.
///
/// # Errors
/// When the code, the number or the balance does not allow it, or the database fails.
pub async fn freeze_by_code(cx: &Context, wish: FreezeByCode) -> Done {
    let done = match once(cx, wish.clone()).await {
        // Two of a new number at once: the other one made it, this one goes on with it.
        Err(error) if error.as_conflict().is_some() => once(cx, wish).await?,
        other => other?,
    };
    cx.wake();
    done
}

async fn once(cx: &Context, wish: FreezeByCode) -> Result<Done, StoreError> {
    let asked = Fresh::take(cx);
    let numbers = Numbers {
        auth_no: format!("{}10002001{}", asked.now.china_day(), digits(cx.rng(), 12)),
        operation_id: operation_id(cx, &asked),
        agreed: Fresh {
            now: asked.now,
            ..Fresh::take(cx)
        },
        asked,
    };
    cx.db()
        .write(move |tx| {
            let (wish, numbers) = (wish.clone(), numbers.clone());
            Box::pin(async move { read_code(tx, wish, numbers).await })
        })
        .await
}

async fn read_code(
    tx: &mut Tx<'_>,
    wish: FreezeByCode,
    numbers: Numbers,
) -> Result<Done, StoreError> {
    let (app, code) = (&wish.app, wish.code.as_str());
    let now = numbers.asked.now;
    // A number that holds money says so, whatever the code is: a repeat after a lost answer must
    // learn it.
    let key = Key::Order {
        app_id: &app.app_id,
        out_order_no: &wish.wish.out_order_no,
    };
    let mut known = None;
    if let Some(mut freeze) = freezes::lock(tx, key).await? {
        bring_up(tx, &mut freeze, &numbers.asked).await?;
        if let Err(refusal) = freeze.reask(&wish.wish) {
            return Ok(Err(FreezeByCodeError::Refused(refusal)));
        }
        known = Some(used_by(&freeze.auth_no));
    }
    let Some(shown) = payment_codes::lock(tx, code).await? else {
        return Ok(Err(FreezeByCodeError::CodeInvalid));
    };
    let readable = match &shown.trade_id {
        None => now < shown.expires_at,
        Some(used) => known.as_ref() == Some(used),
    };
    let account = accounts::find_by_user(tx, &shown.user_id).await?;
    let Some(account) = account.filter(|_| readable) else {
        return Ok(Err(FreezeByCodeError::CodeInvalid));
    };
    let amount = wish.wish.amount;
    let ids = (numbers.auth_no, numbers.operation_id);
    let mut freeze = match ask(tx, app, wish.wish, ids, &numbers.asked).await? {
        Ok(freeze) => freeze,
        Err(refusal) => return Ok(Err(FreezeByCodeError::Refused(refusal))),
    };
    payment_codes::mark_used(tx, code, &used_by(&freeze.auth_no)).await?;
    if amount > app.profile.most_without_password() {
        freeze.payer = Some(Payer {
            user_id: account.user_id.clone(),
            logon_id: account.logon_id.masked(),
        });
        freezes::save(tx, &freeze).await?;
        let known = freezes::operations(tx, &freeze.auth_no).await?;
        let waits = known
            .into_iter()
            .find(|operation| operation.status == OperationStatus::Init);
        return Ok(match waits {
            Some(operation) => Ok((freeze, operation)),
            None => Err(FreezeByCodeError::Refused(FreezeRefusal::NotExist)),
        });
    }
    // Another wallet may try under the same number after one that did not pay.
    if freeze.payer.take().is_some() {
        freezes::save(tx, &freeze).await?;
    }
    let held = agree(tx, &freeze.auth_no, &account, &numbers.agreed).await?;
    Ok(held.map_err(FreezeByCodeError::Refused))
}

/// What a code is marked with that held money.
fn used_by(auth_no: &str) -> String {
    format!("freeze:{auth_no}")
}

//! A merchant asks for money to be held: the order is there, and waits for its buyer.

use super::end_freeze::bring_up;
use super::hold::operation_id;
use crate::app::fresh::{Fresh, digits};
use crate::context::Context;
use crate::domain::App;
use crate::domain::freeze::{
    Freeze, FreezeRefusal, FreezeState, FreezeWish, Operation, OperationKind, OperationStatus,
};
use crate::jobs;
use crate::store::freezes::{self, Key};
use money::Fen;
use store::jobs::NewJob;
use store::{StoreError, Tx};

/// Why nothing was done about a hold.
#[derive(Debug, thiserror::Error)]
pub enum FreezeError {
    /// The hold does not allow it.
    #[error("the hold does not allow it: {0:?}")]
    Refused(FreezeRefusal),
    /// The payment password was not taken.
    #[error("the payment password was not taken")]
    Password(crate::domain::account::Denied),
    /// Nobody has that account.
    #[error("there is no such buyer")]
    NoSuchBuyer,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks for money to be held, or goes on with what was asked for under that number.
///
/// # Errors
/// When the number is held, over, or was used for something else.
pub async fn ask_freeze(cx: &Context, app: &App, wish: FreezeWish) -> Result<Freeze, FreezeError> {
    let asked = match once(cx, app, wish.clone()).await {
        // Two of a new number at once: the other one made it, this one goes on with it.
        Err(error) if error.as_conflict().is_some() => once(cx, app, wish).await?,
        other => other?,
    };
    cx.wake();
    asked.map_err(FreezeError::Refused)
}

async fn once(
    cx: &Context,
    app: &App,
    wish: FreezeWish,
) -> Result<Result<Freeze, FreezeRefusal>, StoreError> {
    let fresh = Fresh::take(cx);
    let auth_no = format!("{}10002001{}", fresh.now.china_day(), digits(cx.rng(), 12));
    let numbers = (auth_no, operation_id(cx, &fresh));
    let app = app.clone();
    cx.db()
        .write(move |tx| {
            let (app, wish) = (app.clone(), wish.clone());
            let (numbers, fresh) = (numbers.clone(), fresh.clone());
            Box::pin(async move { ask(tx, &app, wish, numbers, &fresh).await })
        })
        .await
}

/// Finds or makes the hold of a wish, kept until the transaction ends.
pub(super) async fn ask(
    tx: &mut Tx<'_>,
    app: &App,
    wish: FreezeWish,
    (auth_no, operation_id): (String, String),
    fresh: &Fresh,
) -> Result<Result<Freeze, FreezeRefusal>, StoreError> {
    let key = Key::Order {
        app_id: &app.app_id,
        out_order_no: &wish.out_order_no,
    };
    if let Some(freeze) = freezes::lock(tx, key).await? {
        return go_on(tx, freeze, wish, fresh).await;
    }
    let freeze = Freeze {
        auth_no,
        app_id: app.app_id.clone(),
        seller_id: app.seller_id.clone(),
        out_order_no: wish.out_order_no,
        product_code: wish.product_code,
        title: wish.title,
        amount: wish.amount,
        notify_url: wish.notify_url,
        charset: wish.charset,
        code: fresh.token.clone(),
        state: FreezeState::Init,
        payer: None,
        rest: Fen::ZERO,
        unfrozen: Fen::ZERO,
        paid: Fen::ZERO,
        hold: 0,
        asked_at: fresh.now,
        expires_at: fresh.now.plus_ms(wish.ask_ms),
        frozen_at: None,
        ended_at: None,
        channels: wish.channels,
    };
    freezes::insert(tx, &freeze).await?;
    let operation = Operation {
        operation_id,
        auth_no: freeze.auth_no.clone(),
        out_request_no: wish.out_request_no,
        kind: OperationKind::Freeze,
        amount: freeze.amount,
        status: OperationStatus::Init,
        remark: String::new(),
        created_at: fresh.now,
        done_at: None,
    };
    freezes::add_operation(tx, &operation).await?;
    let job = NewJob {
        job_id: fresh.end_job.clone(),
        kind: jobs::END_FREEZE,
        key: freeze.auth_no.clone(),
        payload: "{}".to_owned(),
        due_at: freeze.expires_at,
    };
    store::jobs::schedule(tx, &job).await?;
    Ok(Ok(freeze))
}

/// The number is known: the same wish goes on, with the newest address.
async fn go_on(
    tx: &mut Tx<'_>,
    mut freeze: Freeze,
    wish: FreezeWish,
    fresh: &Fresh,
) -> Result<Result<Freeze, FreezeRefusal>, StoreError> {
    bring_up(tx, &mut freeze, fresh).await?;
    if let Err(refusal) = freeze.reask(&wish) {
        return Ok(Err(refusal));
    }
    let known = freezes::operations(tx, &freeze.auth_no).await?;
    let asked = known
        .iter()
        .any(|known| known.out_request_no == wish.out_request_no);
    if !asked {
        return Ok(Err(FreezeRefusal::Differs("out_request_no")));
    }
    freeze.notify_url = wish.notify_url;
    freeze.charset = wish.charset;
    freezes::save(tx, &freeze).await?;
    Ok(Ok(freeze))
}

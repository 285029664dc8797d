//! An application sends money, once for each number that it gives a transfer: to an account at
//! once, to a bank card after the bank took its time.

use crate::app::books::BANK;
use crate::app::fresh::{Fresh, digits};
use crate::app::pay_trade::unexpected;
use crate::app::tell_app::{Message, tell_app};
use crate::context::Context;
use crate::domain::account::buyer_account;
use crate::domain::app::seller_account;
use crate::domain::card::CardNo;
use crate::domain::transfer::{
    CARD_MS, Transfer, TransferProduct, TransferRefusal, TransferState, TransferWish, is_card_no,
};
use crate::domain::{About, App};
use crate::jobs;
use crate::store::{accounts, apps, cards, people, transfers};
use kernel::Timestamp;
use ledger::{Kind, NewTransfer, TransferResult};
use serde_json::json;
use service::worker::Done;
use store::jobs::NewJob;
use store::{StoreError, Tx};

/// Why no money was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendMoneyError {
    /// It does not fit.
    #[error("the transfer does not fit: {0:?}")]
    Refused(TransferRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Sent = Result<Transfer, TransferRefusal>;

/// Whoever gets it.
struct Payee {
    account: String,
    user_id: Option<String>,
    company: bool,
}

/// Sends money; the same number again is the same transfer.
///
/// # Errors
/// When payee, amount or balance do not allow it, or the number was used for something else.
pub async fn send_money(
    cx: &Context,
    app: &App,
    wish: TransferWish,
) -> Result<Transfer, SendMoneyError> {
    let sent = match once(cx, app, wish.clone()).await {
        // Two of a new number at once: the other one was sent, this one finds it.
        Err(error) if error.as_conflict().is_some() => once(cx, app, wish).await?,
        other => other?,
    };
    cx.wake();
    sent.map_err(SendMoneyError::Refused)
}

async fn once(cx: &Context, app: &App, wish: TransferWish) -> Result<Sent, StoreError> {
    let fresh = Fresh::take(cx);
    let number = || format!("{}110070{}", fresh.now.china_day(), digits(cx.rng(), 18));
    let (numbers, app) = ((number(), number()), app.clone());
    cx.db()
        .write(move |tx| {
            let (app, wish) = (app.clone(), wish.clone());
            let (numbers, fresh) = (numbers.clone(), fresh.clone());
            Box::pin(async move { send(tx, &app, wish, numbers, &fresh).await })
        })
        .await
}

async fn send(
    tx: &mut Tx<'_>,
    app: &App,
    wish: TransferWish,
    (order_id, pay_fund_order_id): (String, String),
    fresh: &Fresh,
) -> Result<Sent, StoreError> {
    if let Some(there) = transfers::find(tx, &app.app_id, &wish.out_biz_no).await? {
        return Ok(match wish.differs(&there.wish) {
            Some(what) => Err(TransferRefusal::Differs(what)),
            None => Ok(there),
        });
    }
    let payee = match payee_of(tx, app, &wish).await? {
        Ok(payee) => payee,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Err(refusal) = wish.fits(app.profile, payee.company) {
        return Ok(Err(refusal));
    }
    let from = app.ledger_account();
    // Two transfers of one application wait for each other, so that both see what was sent.
    ledger::lock(tx, &[&from, &payee.account]).await?;
    let today = transfers::sent_since(tx, &app.app_id, day_of(fresh.now)).await?;
    let this_month = transfers::sent_since(tx, &app.app_id, month_of(fresh.now)).await?;
    if let Err(refusal) = wish.fits_into(today, this_month) {
        return Ok(Err(refusal));
    }
    let at_once = wish.product != TransferProduct::Card;
    let transfer = NewTransfer {
        transfer_id: transfer_id(&order_id),
        debit: from.clone(),
        credit: payee.account.clone(),
        amount: wish.amount,
        code: wish.product.ledger_code(),
        memo: wish.title.clone(),
        kind: if at_once { Kind::Posted } else { Kind::Pending },
    };
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    if result == TransferResult::ExceedsCredits {
        let balance = ledger::balance(tx, &from).await?.unwrap_or_default();
        let left = balance.available_credit();
        return Ok(Err(TransferRefusal::BalanceNotEnough(left)));
    }
    if !result.is_done() {
        return Err(unexpected(&transfer.transfer_id, result));
    }
    let sent = Transfer {
        order_id,
        pay_fund_order_id,
        app_id: app.app_id.clone(),
        wish,
        payee_account: payee.account,
        payee_user_id: payee.user_id,
        state: if at_once {
            TransferState::Success
        } else {
            TransferState::Dealing
        },
        made_at: fresh.now,
        ended_at: at_once.then_some(fresh.now),
    };
    transfers::insert(tx, &sent).await?;
    if at_once {
        tell(tx, &sent, fresh).await?;
    } else {
        let job = NewJob {
            job_id: fresh.end_job.clone(),
            kind: jobs::FINISH_TRANSFER,
            key: sent.order_id.clone(),
            payload: "{}".to_owned(),
            due_at: fresh.now.plus_ms(CARD_MS),
        };
        store::jobs::schedule(tx, &job).await?;
    }
    Ok(Ok(sent))
}

async fn payee_of(
    tx: &mut Tx<'_>,
    app: &App,
    wish: &TransferWish,
) -> Result<Result<Payee, TransferRefusal>, StoreError> {
    if wish.product == TransferProduct::Card {
        return card_of(tx, wish).await;
    }
    let account = if wish.payee_type == "ALIPAY_LOGON_ID" {
        match wish.payee.parse() {
            Ok(logon_id) => accounts::find(tx, &logon_id).await?,
            Err(_) => None,
        }
    } else {
        accounts::find_by_user(tx, &wish.payee).await?
    };
    if let Some(account) = account {
        let owner = people::find(tx, &account.user_id).await?;
        if !wish.payee_name.is_empty() && wish.payee_name != owner.real_name {
            return Ok(Err(TransferRefusal::WrongName));
        }
        return Ok(Ok(Payee {
            account: buyer_account(&account.user_id),
            user_id: Some(account.user_id),
            company: false,
        }));
    }
    let apps = apps::list(tx).await?;
    let Some(company) = apps.iter().find(|other| other.seller_id == wish.payee) else {
        return Ok(Err(TransferRefusal::NoPayee));
    };
    if company.app_id == app.app_id {
        return Ok(Err(TransferRefusal::ToSelf));
    }
    if !wish.payee_name.is_empty() && wish.payee_name != company.name {
        return Ok(Err(TransferRefusal::WrongName));
    }
    Ok(Ok(Payee {
        account: seller_account(&company.app_id),
        user_id: Some(company.seller_id.clone()),
        company: true,
    }))
}

/// The card of that number: one that the sandbox issued gets the money itself, any other is a
/// bank's outside.
async fn card_of(
    tx: &mut Tx<'_>,
    wish: &TransferWish,
) -> Result<Result<Payee, TransferRefusal>, StoreError> {
    if !is_card_no(&wish.payee) {
        return Ok(Err(TransferRefusal::NoCard));
    }
    let issued = match wish.payee.parse::<CardNo>() {
        Ok(card_no) => cards::find(tx, &card_no).await?,
        Err(_) => None,
    };
    let Some(card) = issued else {
        return Ok(Ok(Payee {
            account: BANK.to_owned(),
            user_id: None,
            company: false,
        }));
    };
    if let Some(user_id) = &card.user_id {
        let owner = people::find(tx, user_id).await?;
        if !wish.payee_name.is_empty() && wish.payee_name != owner.real_name {
            return Ok(Err(TransferRefusal::WrongName));
        }
    }
    Ok(Ok(Payee {
        account: card.card_no.ledger_account(),
        user_id: None,
        company: false,
    }))
}

/// The job's turn: the bank put the money onto the card.
///
/// # Errors
/// When the database fails.
pub async fn finish_due(cx: &Context, order_id: &str) -> Result<Done, StoreError> {
    let (fresh, order_id) = (Fresh::take(cx), order_id.to_owned());
    cx.db()
        .write(move |tx| {
            let (fresh, order_id) = (fresh.clone(), order_id.clone());
            Box::pin(async move { arrive(tx, &order_id, &fresh).await })
        })
        .await?;
    cx.wake();
    Ok(Done::Finished)
}

async fn arrive(tx: &mut Tx<'_>, order_id: &str, fresh: &Fresh) -> Result<(), StoreError> {
    let Some(mut sent) = transfers::lock(tx, order_id).await? else {
        // Forgotten when the sandbox started over.
        return Ok(());
    };
    if sent.state != TransferState::Dealing {
        return Ok(());
    }
    let transfer = NewTransfer {
        transfer_id: format!("transfer_end:{order_id}"),
        debit: String::new(),
        credit: String::new(),
        amount: sent.wish.amount,
        code: sent.wish.product.ledger_code(),
        memo: sent.wish.title.clone(),
        kind: Kind::Post {
            pending_id: transfer_id(order_id),
        },
    };
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    if !result.is_done() {
        return Err(unexpected(&transfer.transfer_id, result));
    }
    transfers::end(tx, order_id, fresh.now).await?;
    sent.state = TransferState::Success;
    sent.ended_at = Some(fresh.now);
    tell(tx, &sent, fresh).await
}

/// The application hears that a transfer arrived.
async fn tell(tx: &mut Tx<'_>, sent: &Transfer, fresh: &Fresh) -> Result<(), StoreError> {
    let wish = &sent.wish;
    let origin = match wish.product {
        TransferProduct::Old => "alipay.fund.trans.toaccount.transfer",
        _ => "alipay.fund.trans.uni.transfer",
    };
    let message = Message {
        app_id: &sent.app_id,
        about: About::Transfer(sent.order_id.clone()),
        number: &wish.out_biz_no,
        method: "alipay.fund.trans.order.changed",
        status: sent.state.on_the_wire(),
        biz_content: json!({
            "pay_date": sent.ended_at.unwrap_or(fresh.now).china(),
            "biz_scene": wish.biz_scene,
            "action_type": "FINISH",
            "pay_fund_order_id": sent.pay_fund_order_id,
            "origin_interface": origin,
            "out_biz_no": wish.out_biz_no,
            "trans_amount": wish.amount.to_string(),
            "product_code": wish.product.as_str(),
            "order_id": sent.order_id,
            "status": sent.state.on_the_wire(),
        }),
    };
    tell_app(tx, message, fresh).await
}

/// The ledger's number of a transfer.
#[must_use]
pub fn transfer_id(order_id: &str) -> String {
    format!("transfer:{order_id}")
}

/// The first instant of the day of China.
fn day_of(now: Timestamp) -> Timestamp {
    now.next_china_midnight().plus_ms(-kernel::time::DAY_MS)
}

/// The first instant of the month of China.
fn month_of(now: Timestamp) -> Timestamp {
    let text = now.china();
    let first = text.get(..8).map(|month| format!("{month}01 00:00:00"));
    first
        .and_then(|first| Timestamp::parse_china(&first).ok())
        .unwrap_or(now)
}

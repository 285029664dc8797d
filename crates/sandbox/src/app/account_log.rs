//! What went in and out of a seller's account, line by line, and what it holds.

use crate::bills::{AccountLine, Direction};
use crate::context::Context;
use crate::domain::App;
use crate::domain::app::seller_account;
use crate::store::movements::{self, Movement};
use crate::store::{accounts, apps, bills, transfers};
use kernel::Timestamp;
use ledger::Balance;
use store::{StoreError, Tx};

/// The lines of a seller's account from one instant up to another, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn account_log(
    cx: &Context,
    app: &App,
    span: (Timestamp, Timestamp),
) -> Result<Vec<AccountLine>, StoreError> {
    let app_id = app.app_id.clone();
    cx.db()
        .read(move |tx| {
            let app_id = app_id.clone();
            Box::pin(async move { account_lines(tx, &app_id, span).await })
        })
        .await
}

/// What a seller's account holds, and what of it is held back.
///
/// # Errors
/// When the database fails.
pub async fn account_balance(cx: &Context, app: &App) -> Result<Balance, StoreError> {
    let account = seller_account(&app.app_id);
    cx.db()
        .read(move |tx| {
            let account = account.clone();
            Box::pin(async move {
                let balance = ledger::balance(tx, &account).await?;
                Ok(balance.unwrap_or_default())
            })
        })
        .await
}

/// The same inside a transaction.
///
/// # Errors
/// What the engine said.
pub(super) async fn account_lines(
    tx: &mut Tx<'_>,
    app_id: &str,
    span: (Timestamp, Timestamp),
) -> Result<Vec<AccountLine>, StoreError> {
    let account = seller_account(app_id);
    let mut lines = Vec::new();
    for movement in movements::between(tx, &account, span).await? {
        lines.push(line(tx, &account, movement).await?);
    }
    Ok(lines)
}

async fn line(
    tx: &mut Tx<'_>,
    account: &str,
    movement: Movement,
) -> Result<AccountLine, StoreError> {
    let other_account = masked(tx, &movement.other_account).await?;
    let (kind, source) = words(&movement.code);
    let mut line = AccountLine {
        log_id: format!("{}{:012}", movement.at.china_day(), movement.seq),
        order_no: String::new(),
        merchant_no: String::new(),
        subject: movement.memo,
        at: movement.at,
        other_account,
        direction: if movement.comes_in {
            Direction::In
        } else {
            Direction::Out
        },
        amount: movement.amount,
        balance: movement.balance,
        kind,
        source,
        remark: String::new(),
        out_request_no: String::new(),
    };
    let mut parts = movement.transfer_id.splitn(3, ':');
    let (what, id, rest) = (parts.next(), parts.next(), parts.next());
    match (what, id) {
        (Some("pay" | "refund"), Some(trade_id)) => {
            if let Some(trade) = bills::trade_numbers(tx, trade_id).await? {
                line.order_no = trade.trade_no;
                line.merchant_no = trade.out_trade_no;
                line.subject = trade.subject;
                // A card's owner is the buyer, not the bank.
                line.other_account = trade.buyer;
            }
            line.out_request_no = rest.unwrap_or_default().to_owned();
        }
        (Some("transfer" | "transfer_end"), Some(order_id)) => {
            order_id.clone_into(&mut line.order_no);
            if let Some(sent) = transfers::find_by_order(tx, order_id).await? {
                // The number is the sender's; whoever got the money does not know it.
                if seller_account(&sent.app_id) == account {
                    line.merchant_no = sent.wish.out_biz_no;
                }
                line.remark = sent.wish.remark;
            }
        }
        _ => line.order_no = id.unwrap_or_default().to_owned(),
    }
    Ok(line)
}

/// Alipay's words for a transfer of the ledger: the kind of movement, and the product.
fn words(code: &str) -> (&'static str, &'static str) {
    match code {
        "pay" => ("在线支付", "交易支付"),
        "refund" => ("交易退款", "交易支付"),
        "transfer" => ("转账", "单笔转账"),
        "red_packet" => ("红包", "现金红包"),
        "royalty" | "settle" => ("交易分账", "分账"),
        "top_up" => ("充值", "账户充值"),
        _ => ("其它", "其它"),
    }
}

/// Who is at the other end, as a merchant may know it.
async fn masked(tx: &mut Tx<'_>, account: &str) -> Result<String, StoreError> {
    match account.split_once(':') {
        Some(("buyer", user_id)) => {
            let found = accounts::find_by_user(tx, user_id).await?;
            Ok(found.map_or_else(String::new, |found| found.logon_id.masked()))
        }
        Some(("seller", app_id)) => {
            let found = apps::find(tx, app_id).await?;
            Ok(found.map_or_else(String::new, |found| found.seller_id))
        }
        Some(("house", _)) => Ok("银行".to_owned()),
        _ => Ok(String::new()),
    }
}

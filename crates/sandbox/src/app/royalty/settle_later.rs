//! An asynchronous settlement moves its money some seconds after the call, and the application hears
//! what became of each share: `alipay.trade.order.settle.notify` (6.7).

use super::settle::move_share;
use crate::app::fresh::Fresh;
use crate::app::tell_app::{Message, tell_app};
use crate::app::touch::lock_present;
use crate::context::Context;
use crate::domain::royalty::{Line, LineState};
use crate::domain::{About, Trade};
use crate::store::royalty::{self, Settlement};
use crate::store::trades::Key;
use serde_json::{Map, Value, json};
use service::worker::Done;
use store::{StoreError, Tx};

/// The job's turn: moves what an asynchronous settlement left for later, each share by itself.
///
/// # Errors
/// When the database fails.
pub async fn settle_due(cx: &Context, settle_no: &str) -> Result<Done, StoreError> {
    let (fresh, settle_no) = (Fresh::take(cx), settle_no.to_owned());
    cx.db()
        .write(move |tx| {
            let (fresh, settle_no) = (fresh.clone(), settle_no.clone());
            Box::pin(async move { settle(tx, &settle_no, &fresh).await })
        })
        .await?;
    Ok(Done::Finished)
}

async fn settle(tx: &mut Tx<'_>, settle_no: &str, fresh: &Fresh) -> Result<(), StoreError> {
    let Some(settlement) = royalty::find_by_no(tx, settle_no).await? else {
        return Ok(());
    };
    let Some(trade) = lock_present(tx, Key::Id(&settlement.trade_id), fresh).await? else {
        return Ok(());
    };
    let mut lines = royalty::lines(tx, &settlement.trade_id).await?;
    lines.retain(|line| {
        let mine = line.settle_no.as_deref() == Some(settle_no);
        mine && line.state == LineState::Processing
    });
    // A job that runs again finds nothing more to move, and nothing to tell.
    if lines.is_empty() {
        return Ok(());
    }
    let mut accounts: Vec<String> = lines
        .iter()
        .flat_map(|line| [line.debit.clone(), line.credit.clone()])
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    let accounts: Vec<&str> = accounts.iter().map(String::as_str).collect();
    ledger::lock(tx, &accounts).await?;
    for line in &mut lines {
        let _ = move_share(tx, line, fresh).await?;
        royalty::end_line(tx, line).await?;
    }
    tell(tx, &trade, &settlement, &lines, fresh).await
}

/// The fields are those that jeepay reads and that Alipay shows for its sandbox; a settlement at
/// once is told to nobody.
async fn tell(
    tx: &mut Tx<'_>,
    trade: &Trade,
    settlement: &Settlement,
    lines: &[Line],
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let all = lines.iter().all(|line| line.state == LineState::Success);
    let state = if all {
        LineState::Success
    } else {
        LineState::Fail
    };
    let trade_no = trade.born().map(|born| born.trade_no.as_str());
    let message = Message {
        app_id: &trade.app_id,
        about: About::Settlement(settlement.settle_no.clone()),
        number: &settlement.out_request_no,
        method: "alipay.trade.order.settle.notify",
        status: state.as_str(),
        biz_content: json!({
            "out_request_no": settlement.out_request_no,
            "settle_no": settlement.settle_no,
            "trade_no": trade_no,
            "operation_dt": settlement.made_at.china(),
            "royalty_detail_list": lines.iter().map(detail).collect::<Vec<_>>(),
        }),
    };
    tell_app(tx, message, fresh).await
}

/// What the wire says of a share.
#[must_use]
pub fn detail(line: &Line) -> Value {
    let mut item = Map::new();
    let mut put = |name: &str, value: &str| item.insert(name.to_owned(), value.into());
    put("operation_type", line.operation.as_str());
    put("trans_out", &line.trans_out);
    put("trans_out_type", "userId");
    put("trans_in", &line.trans_in);
    put("trans_in_type", "userId");
    put("amount", &line.amount.to_string());
    put("state", line.state.as_str());
    put("detail_id", &line.detail_id);
    if let Some(at) = line.executed_at {
        put("execute_dt", &at.china());
    }
    if let Some((code, words)) = &line.error {
        put("error_code", code);
        put("error_desc", words);
    }
    Value::Object(item)
}

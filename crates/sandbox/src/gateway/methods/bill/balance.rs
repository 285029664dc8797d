//! `alipay.data.bill.balance.query`: what the application's own account holds.

use crate::app::account_log::account_balance;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use money::Fen;
use serde_json::Map;

pub(super) async fn balance(call: Call<'_>) -> Answered {
    let balance = account_balance(call.cx, &call.caller.app).await?;
    let mut node = Map::new();
    put(
        &mut node,
        "total_amount",
        balance.credit_balance().to_string(),
    );
    put(
        &mut node,
        "available_amount",
        balance.available_credit().to_string(),
    );
    put(
        &mut node,
        "freeze_amount",
        balance.debits_pending.to_string(),
    );
    // Nothing waits to be settled: a payment is the seller's at once.
    put(&mut node, "settle_amount", Fen::ZERO.to_string());
    Ok((node, call.biz.warnings))
}

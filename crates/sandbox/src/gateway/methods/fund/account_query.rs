//! `alipay.fund.account.query`: what the application's own account holds.

use crate::app::account_log::account_balance;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::fund::NO_PERMISSION_ACCOUNT;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn account_query(call: Call<'_>) -> Answered {
    let kind = call.biz.required("account_type", 64)?;
    if kind != "ACCTRANS_ACCOUNT" {
        return Err(invalid_parameter(
            "account_type",
            "应为 ACCTRANS_ACCOUNT。",
            "is ACCTRANS_ACCOUNT.",
        ));
    }
    if call.biz.has("account_product_code") && call.biz.has("account_scene_code") {
        return Err(invalid_parameter(
            "account_product_code",
            "与 account_scene_code 只能传一个。",
            "and account_scene_code exclude each other.",
        ));
    }
    let user_id = call.biz.required("alipay_user_id", 64)?;
    let app = &call.caller.app;
    if user_id != app.seller_id {
        return Err(Fault::new(
            NO_PERMISSION_ACCOUNT,
            format!("只能查询自己的账户 {}。", app.seller_id),
            format!(
                "Only the application's own account can be asked for, {}.",
                app.seller_id
            ),
        ));
    }
    let balance = account_balance(call.cx, app).await?;
    let mut node = Map::new();
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
    Ok((node, call.biz.warnings))
}

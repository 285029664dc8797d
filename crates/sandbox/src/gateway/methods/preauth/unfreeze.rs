//! `alipay.fund.auth.order.unfreeze`: lets go of money that is held.

use super::words::{not_done, numbers};
use crate::app::preauth::unfreeze as app;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use crate::gateway::offer::url_param;
use money::Fen;
use serde_json::Map;

pub(super) async fn unfreeze(mut call: Call<'_>) -> Answered {
    let out_request_no = call.biz.number("out_request_no")?.ok_or_else(|| {
        invalid_parameter("out_request_no", "缺失或为空。", "is missing or empty.")
    })?;
    let amount = call
        .biz
        .amount("amount")?
        .filter(|amount| amount.is_payable())
        .ok_or_else(|| {
            invalid_parameter("amount", "缺失或超出范围。", "is missing or out of range.")
        })?;
    let wish = app::Unfreeze {
        app_id: call.caller.app.app_id.clone(),
        auth_no: call.biz.required("auth_no", 64)?,
        out_request_no,
        amount,
        remark: call.biz.required("remark", 100)?,
        notify_url: url_param(call.read, "notify_url")?,
    };
    let (freeze, operation) = app::unfreeze(call.cx, wish).await.map_err(not_done)?;
    let mut node = Map::new();
    numbers(&mut node, &freeze, &operation);
    put(&mut node, "amount", operation.amount.to_string());
    put(&mut node, "status", operation.status.as_str());
    let at = operation.done_at.unwrap_or(operation.created_at);
    put(&mut node, "gmt_trans", at.china());
    put(&mut node, "credit_amount", Fen::ZERO.to_string());
    put(&mut node, "fund_amount", operation.amount.to_string());
    Ok((node, call.biz.warnings))
}

//! `alipay.fund.auth.operation.detail.query`: where a hold and one operation of it stand.

use super::words::{not_there, wanted};
use crate::app::preauth::find_freeze::find_operation;
use crate::domain::freeze::OperationKind;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use money::Fen;
use serde_json::Map;

pub(super) async fn detail(mut call: Call<'_>) -> Answered {
    let mut wanted = wanted(&mut call)?;
    if let Some(kind) = call.biz.text("operation_type", 20)? {
        wanted.kind = Some(OperationKind::parse(&kind).ok_or_else(|| {
            invalid_parameter(
                "operation_type",
                "应为 FREEZE、UNFREEZE 或 PAY。",
                "is FREEZE, UNFREEZE or PAY.",
            )
        })?);
    }
    let found = find_operation(call.cx, &wanted).await?;
    let (freeze, operation) = found.ok_or_else(not_there)?;
    let mut node = Map::new();
    for (kind, amount) in [
        ("total_freeze", freeze.frozen()),
        ("total_pay", freeze.paid),
        ("rest", freeze.rest),
    ] {
        put(&mut node, &format!("{kind}_amount"), amount.to_string());
    }
    for (kind, amount) in [
        ("total_freeze", freeze.frozen()),
        ("total_pay", freeze.paid),
        ("rest", freeze.rest),
    ] {
        // All of it is the payer's own money, none of it credit.
        let kind = kind.trim_end_matches("_amount");
        put(
            &mut node,
            &format!("{kind}_fund_amount"),
            amount.to_string(),
        );
        put(
            &mut node,
            &format!("{kind}_credit_amount"),
            Fen::ZERO.to_string(),
        );
    }
    put(&mut node, "auth_no", freeze.auth_no);
    put(&mut node, "out_order_no", freeze.out_order_no);
    put(&mut node, "order_title", freeze.title);
    put(&mut node, "order_status", freeze.state.as_str());
    put(&mut node, "operation_id", operation.operation_id);
    put(&mut node, "operation_type", operation.kind.as_str());
    put(&mut node, "out_request_no", operation.out_request_no);
    put(&mut node, "amount", operation.amount.to_string());
    put(&mut node, "status", operation.status.as_str());
    put(&mut node, "remark", operation.remark);
    put(&mut node, "gmt_create", operation.created_at.china());
    put(&mut node, "pre_auth_type", "FUND");
    if let Some(at) = operation.done_at {
        put(&mut node, "gmt_trans", at.china());
    }
    if let Some(payer) = freeze.payer {
        put(&mut node, "payer_user_id", payer.user_id);
        put(&mut node, "payer_logon_id", payer.logon_id);
    }
    node.retain(|_, value| value.as_str() != Some(""));
    Ok((node, call.biz.warnings))
}

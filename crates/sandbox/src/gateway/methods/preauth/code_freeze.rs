//! `alipay.fund.auth.order.freeze`: the seller read the buyer's code. 10000 when the money is held
//! at once, 10003 while the buyer is asked on the phone.

use super::wish::wish;
use super::words::{numbers, refused};
use crate::app::preauth::freeze_by_code::{FreezeByCode, FreezeByCodeError, freeze_by_code};
use crate::domain::freeze::OperationStatus;
use crate::gateway::errors::Fault;
use crate::gateway::errors::preauth::PAYMENT_AUTH_CODE_INVALID;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call, shown_code};
use money::Fen;
use serde_json::Map;

pub(super) async fn code_freeze(mut call: Call<'_>) -> Answered {
    let wish = wish(&mut call, &["PRE_AUTH", "PRE_AUTH_ONLINE"])?;
    let scene = shown_code::scene(&call.biz, "auth_code_type")?;
    let code = shown_code::read(&call.biz, scene, PAYMENT_AUTH_CODE_INVALID)?;
    let by_code = FreezeByCode {
        app: call.caller.app.clone(),
        wish,
        code,
    };
    let (freeze, operation) = freeze_by_code(call.cx, by_code).await.map_err(not_held)?;
    let mut node = Map::new();
    if operation.status == OperationStatus::Init {
        put(&mut node, "code", "10003");
        // The space in front is Alipay's.
        put(&mut node, "msg", " order success pay inprocess");
        call.biz.warnings.and(
            "金额超过免密限额，买家要在手机上确认（钱包首页的待确认冻结）。请查询 alipay.fund.auth.operation.detail.query，未确认再撤销。",
            "The amount needs the buyer's payment password on the phone (the wallet's first page). Query with alipay.fund.auth.operation.detail.query, then cancel.",
        );
    }
    numbers(&mut node, &freeze, &operation);
    put(&mut node, "amount", operation.amount.to_string());
    put(&mut node, "status", operation.status.as_str());
    if let Some(payer) = freeze.payer {
        put(&mut node, "payer_user_id", payer.user_id);
        put(&mut node, "payer_logon_id", payer.logon_id);
    }
    if let Some(at) = operation.done_at {
        put(&mut node, "gmt_trans", at.china());
        // All of it is the payer's own money, none of it credit.
        put(&mut node, "credit_amount", Fen::ZERO.to_string());
        put(&mut node, "fund_amount", operation.amount.to_string());
    }
    Ok((node, call.biz.warnings))
}

fn not_held(error: FreezeByCodeError) -> Fault {
    match error {
        FreezeByCodeError::CodeInvalid => shown_code::not_shown(PAYMENT_AUTH_CODE_INVALID),
        FreezeByCodeError::Refused(refusal) => refused(&refusal),
        FreezeByCodeError::Store(error) => error.into(),
    }
}

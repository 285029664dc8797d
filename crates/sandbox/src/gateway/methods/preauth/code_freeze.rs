//! `alipay.fund.auth.order.freeze`: the seller read the buyer's code. 10000 when the money is held
//! at once, 10003 while the buyer is asked on the phone.

use super::wish::wish;
use super::words::refused;
use crate::app::preauth::freeze_by_code::{FreezeByCode, FreezeByCodeError, freeze_by_code};
use crate::domain::PaymentCode;
use crate::domain::freeze::OperationStatus;
use crate::domain::payment_code::Scene;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::preauth::PAYMENT_AUTH_CODE_INVALID;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use money::Fen;
use serde_json::Map;

pub(super) async fn code_freeze(mut call: Call<'_>) -> Answered {
    let wish = wish(&mut call, &["PRE_AUTH", "PRE_AUTH_ONLINE"])?;
    let scene = match call.biz.text("auth_code_type", 32)? {
        None => Scene::default(),
        Some(text) => Scene::parse(&text).ok_or_else(|| {
            invalid_parameter(
                "auth_code_type",
                "须为 bar_code（付款码）或 security_code（刷脸）。",
                "is bar_code or security_code.",
            )
        })?,
    };
    let code = call.biz.required("auth_code", 64)?;
    let code = PaymentCode::parse(scene, &code).map_err(|error| {
        Fault::new(
            PAYMENT_AUTH_CODE_INVALID,
            "auth_code 的格式不对：付款码是以 25 至 30 开头的 16 至 24 位数字，刷脸码是 fp 开头的 35 个字符。",
            format!("auth_code is none: {error}."),
        )
    })?;
    let number = wish.out_request_no.clone();
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
    put(&mut node, "auth_no", freeze.auth_no);
    put(&mut node, "out_order_no", freeze.out_order_no);
    put(&mut node, "operation_id", operation.operation_id);
    put(&mut node, "out_request_no", number);
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
        FreezeByCodeError::CodeInvalid => Fault::new(
            PAYMENT_AUTH_CODE_INVALID,
            "付款码不存在、已用过，或已超过一分钟（按沙箱的业务时钟）。请让买家刷新付款码；控制接口 POST accounts/{logon_id}/payment-codes 可以得到一个。",
            "Nobody shows that code, it was used, or it is older than a minute on the sandbox's business clock. POST accounts/{logon_id}/payment-codes of the control API shows a new one.",
        ),
        FreezeByCodeError::Refused(refusal) => refused(&refusal),
        FreezeByCodeError::Store(error) => error.into(),
    }
}

//! Why nothing was done about a hold, as Alipay words it; and which hold a call means.

use crate::app::preauth::ask_freeze::FreezeError;
use crate::app::preauth::find_freeze::FreezeRef;
use crate::domain::freeze::{Freeze, FreezeRefusal, Operation};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::preauth::{
    AUTH_ORDER_NOT_EXIST, CANCEL_OPERATION_TIME_OUT, FREEZE_ALREADY_SUCCESS, ILLEGAL_ARGUMENT,
    ILLEGAL_STATUS, MONEY_NOT_ENOUGH, ORDER_ALREADY_CLOSED, ORDER_ALREADY_FINISH,
    REQUEST_AMOUNT_EXCEED, UNIQUE_VIOLATION,
};
use crate::gateway::methods::Call;
use crate::gateway::methods::words::put;
use serde_json::{Map, Value};

pub(super) fn not_done(error: FreezeError) -> Fault {
    match error {
        FreezeError::Refused(refusal) => refused(&refusal),
        FreezeError::Store(error) => error.into(),
        FreezeError::Password(_) | FreezeError::NoSuchBuyer => Fault::new(
            ILLEGAL_STATUS,
            "付款人不存在或支付密码被拒绝。",
            "There is no such payer, or the payment password was not taken.",
        ),
    }
}

pub(super) fn not_there() -> Fault {
    refused(&FreezeRefusal::NotExist)
}

pub(super) fn refused(refusal: &FreezeRefusal) -> Fault {
    match refusal {
        FreezeRefusal::NotExist => Fault::new(
            AUTH_ORDER_NOT_EXIST,
            "这个应用没有这笔资金授权订单或操作：核对 auth_no、out_order_no、operation_id、out_request_no。App 冻结要到钱包打开订单串才有订单。",
            "This application has no such hold or operation: check auth_no, out_order_no, operation_id and out_request_no. An app's hold is there once a wallet opened the order string.",
        ),
        FreezeRefusal::Frozen => Fault::new(
            FREEZE_ALREADY_SUCCESS,
            "这个 out_order_no 已经冻结成功；新的订单要用新的编号。",
            "The out_order_no holds money already; a new order needs a number of its own.",
        ),
        FreezeRefusal::Closed => Fault::new(
            ORDER_ALREADY_CLOSED,
            "订单已关闭（超时未授权，或已撤销）。",
            "The order closed: nobody agreed in time, or it was cancelled.",
        ),
        FreezeRefusal::Finished => Fault::new(
            ORDER_ALREADY_FINISH,
            "冻结的资金已全部解冻或转支付。",
            "All that was held was let go or taken.",
        ),
        FreezeRefusal::NotFrozen => Fault::new(
            ILLEGAL_STATUS,
            "用户还没有授权，没有冻结任何资金。",
            "The buyer has not agreed; nothing is held.",
        ),
        FreezeRefusal::Exceeds { left } => Fault::new(
            REQUEST_AMOUNT_EXCEED,
            format!("剩余冻结金额只有 {left} 元。"),
            format!("Only {left} is held."),
        ),
        FreezeRefusal::Differs(what) => Fault::new(
            UNIQUE_VIOLATION,
            format!("这个编号以前用过不同的 {what}；重试须参数相同，新的操作须用新的编号。"),
            format!(
                "The number was used before with another {what}; a repeat has the same parameters, a new operation a new number."
            ),
        ),
        FreezeRefusal::Begun => Fault::new(
            ILLEGAL_STATUS,
            "已经解冻或转支付过，不能再撤销；请用 alipay.fund.auth.order.unfreeze 解冻剩余金额。",
            "Some was let go or taken already; let go of the rest with alipay.fund.auth.order.unfreeze.",
        ),
        FreezeRefusal::TooLate => Fault::new(
            CANCEL_OPERATION_TIME_OUT,
            "冻结超过 24 小时后不能撤销，只能解冻。",
            "A hold is cancelled within 24 hours; after that it is let go of.",
        ),
        FreezeRefusal::MoneyNotEnough(left) => Fault::new(
            MONEY_NOT_ENOUGH,
            format!("付款账户可用余额只有 {left} 元。"),
            format!("The payer has {left} to spend."),
        ),
        FreezeRefusal::NoChannel => Fault::new(
            ILLEGAL_ARGUMENT,
            "enable_pay_channels 只留下了沙箱里没有的渠道；请加上 PCREDIT_PAY，或不传。",
            "enable_pay_channels leaves only channels that nobody has here; add PCREDIT_PAY, or leave it out.",
        ),
        FreezeRefusal::Unfit(what) => Fault::new(
            ILLEGAL_ARGUMENT,
            format!("{what} 与冻结时不同。"),
            format!("{what} is another than the hold's."),
        ),
    }
}

/// Which hold and which operation a call means.
pub(super) fn wanted(call: &mut Call<'_>) -> Result<FreezeRef, Fault> {
    let wanted = FreezeRef {
        app_id: call.caller.app.app_id.clone(),
        auth_no: call.biz.text("auth_no", 64)?,
        out_order_no: call.biz.number("out_order_no")?,
        operation_id: call.biz.text("operation_id", 64)?,
        out_request_no: call.biz.text("out_request_no", 64)?,
        kind: None,
    };
    if wanted.auth_no.is_none() && wanted.out_order_no.is_none() {
        return Err(invalid_parameter(
            "auth_no",
            "和 out_order_no 至少传一个。",
            "or out_order_no must be there.",
        ));
    }
    if wanted.operation_id.is_none() && wanted.out_request_no.is_none() {
        return Err(invalid_parameter(
            "operation_id",
            "和 out_request_no 至少传一个。",
            "or out_request_no must be there.",
        ));
    }
    Ok(wanted)
}

/// The numbers of a hold and of what was done about it, with which an answer begins.
pub(super) fn numbers(node: &mut Map<String, Value>, freeze: &Freeze, operation: &Operation) {
    put(node, "auth_no", freeze.auth_no.as_str());
    put(node, "out_order_no", freeze.out_order_no.as_str());
    put(node, "operation_id", operation.operation_id.as_str());
    put(node, "out_request_no", operation.out_request_no.as_str());
}

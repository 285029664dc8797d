//! `alipay.fund.trans.toaccount.transfer`: sends money, the way from before 2020.

use super::transfer::required_number;
use super::words::not_sent;
use crate::app::funds::send_money::send_money;
use crate::domain::transfer::{TransferProduct, TransferWish};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn old_transfer(mut call: Call<'_>) -> Answered {
    let out_biz_no = required_number(&mut call.biz)?;
    let payee_type = match call.biz.required("payee_type", 20)?.as_str() {
        "ALIPAY_USERID" => "ALIPAY_USER_ID",
        "ALIPAY_LOGONID" => "ALIPAY_LOGON_ID",
        _ => {
            return Err(invalid_parameter(
                "payee_type",
                "应为 ALIPAY_USERID 或 ALIPAY_LOGONID。",
                "is ALIPAY_USERID or ALIPAY_LOGONID.",
            ));
        }
    };
    let amount = call
        .biz
        .amount("amount")?
        .filter(|amount| amount.is_payable())
        .ok_or_else(|| {
            invalid_parameter("amount", "缺失或超出范围。", "is missing or out of range.")
        })?;
    let wish = TransferWish {
        out_biz_no,
        product: TransferProduct::Old,
        biz_scene: "DIRECT_TRANSFER".to_owned(),
        amount,
        payee_type: payee_type.to_owned(),
        payee: call.biz.required("payee_account", 100)?,
        payee_name: call.biz.text("payee_real_name", 100)?.unwrap_or_default(),
        title: call.biz.text("payer_show_name", 100)?.unwrap_or_default(),
        remark: call.biz.text("remark", 200)?.unwrap_or_default(),
        passback_params: None,
    };
    let sent = send_money(call.cx, &call.caller.app, wish)
        .await
        .map_err(not_sent)?;
    let mut node = Map::new();
    put(&mut node, "out_biz_no", sent.wish.out_biz_no);
    put(&mut node, "order_id", sent.order_id);
    put(&mut node, "pay_date", sent.made_at.china());
    Ok((node, call.biz.warnings))
}

//! `alipay.trade.fastpay.refund.query`. A refund that never was is answered Success without any
//! refund fields; only an unknown trade is an error.

use super::words::{not_exist, trade_ref};
use crate::app::find_trade::{find_refund, find_trade};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn refund_query(mut call: Call<'_>) -> Answered {
    let wanted = trade_ref(&mut call)?;
    let number = call.biz.number("out_request_no")?.ok_or_else(|| {
        invalid_parameter(
            "out_request_no",
            "缺失；退款时没有传的话，用 out_trade_no。",
            "is missing; where the refund had none, it is the out_trade_no.",
        )
    })?;
    let found = find_trade(call.cx, &wanted).await?;
    let asked = found.is_some();
    let Some((trade, born)) = found
        .as_ref()
        .and_then(|trade| Some((trade, trade.born()?)))
    else {
        return Err(not_exist(&wanted, asked));
    };
    let mut node = Map::new();
    let Some(refund) = find_refund(call.cx, &trade.trade_id, &number).await? else {
        call.biz.warnings.and(
            "这笔交易没有编号为 out_request_no 的退款，所以应答里没有退款字段。",
            "The trade has no refund of that out_request_no, hence no refund fields.",
        );
        return Ok((node, call.biz.warnings));
    };
    let mut add = |name: &str, value: &str| node.insert(name.to_owned(), value.into());
    add("out_request_no", &refund.out_request_no);
    add("out_trade_no", &trade.offer.out_trade_no);
    add("refund_amount", &refund.amount.to_string());
    add("refund_status", "REFUND_SUCCESS");
    add("total_amount", &trade.offer.total_amount.to_string());
    add("trade_no", &born.trade_no);
    if let Some(reason) = &refund.reason {
        add("refund_reason", reason);
    }
    if call
        .biz
        .options()
        .iter()
        .any(|option| option == "gmt_refund_pay")
    {
        add("gmt_refund_pay", &refund.refunded_at.china());
    }
    Ok((node, call.biz.warnings))
}

//! `alipay.trade.order.settle.query`: what became of a settlement.

use crate::app::royalty::settle::{Which, find_settlement};
use crate::app::royalty::settle_later::detail;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::royalty::MERCHANT_TRADE_NOT_MATCH;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::{Map, Value};

pub(super) async fn settle_query(call: Call<'_>) -> Answered {
    let settle_no = call.biz.text("settle_no", 64)?;
    let out_request_no = call.biz.text("out_request_no", 64)?;
    let trade_no = call.biz.text("trade_no", 64)?;
    let which = match (settle_no, out_request_no, trade_no) {
        (Some(settle_no), _, _) => Which::SettleNo(settle_no),
        (None, Some(out_request_no), Some(trade_no)) => Which::Request {
            out_request_no,
            trade_no,
        },
        _ => {
            return Err(invalid_parameter(
                "settle_no",
                "与 out_request_no + trade_no 至少传一组。",
                "or out_request_no and trade_no must be there.",
            ));
        }
    };
    let found = find_settlement(call.cx, &call.caller.app.app_id, which).await?;
    let Some(story) = found else {
        return Err(Fault::new(
            MERCHANT_TRADE_NOT_MATCH,
            "这个应用没有这笔分账。",
            "This application has no such settlement.",
        ));
    };
    let mut node = Map::new();
    put(&mut node, "out_request_no", story.settlement.out_request_no);
    put(&mut node, "operation_dt", story.settlement.made_at.china());
    let lines = story.lines.iter().map(detail).collect();
    node.insert("royalty_detail_list".to_owned(), Value::Array(lines));
    Ok((node, call.biz.warnings))
}

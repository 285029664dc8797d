//! `alipay.trade.orderinfo.sync`: a merchant reports how an order went on. The same number again is
//! passed over.

use super::words::not_exist;
use crate::app::close_trade::TradeRef;
use crate::app::find_trade::{find_trade, report_order};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::royalty::NOTIFY_STATUS_INVALID;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::{Map, Value};

/// What a merchant can report of an order.
const STATUSES: [&str; 4] = ["COMPLETE", "CLOSED", "VIOLATED", "PROCESSING"];

pub(super) async fn order_sync(call: Call<'_>) -> Answered {
    let out_request_no = call.biz.required("out_request_no", 64)?;
    let trade_no = call.biz.required("trade_no", 64)?;
    let biz_type = call.biz.required("biz_type", 64)?;
    if !["CREDIT_AUTH", "CREDIT_DEDUCT"].contains(&biz_type.as_str()) {
        return Err(invalid_parameter(
            "biz_type",
            "须为 CREDIT_AUTH 或 CREDIT_DEDUCT。",
            "is CREDIT_AUTH or CREDIT_DEDUCT.",
        ));
    }
    let info = call.biz.text("order_biz_info", 2018)?;
    if let Some(text) = &info {
        let read: Option<Value> = serde_json::from_str(text).ok();
        let status = read.as_ref().and_then(|info| info["status"].as_str());
        if !status.is_some_and(|status| STATUSES.contains(&status)) {
            return Err(Fault::new(
                NOTIFY_STATUS_INVALID,
                "order_biz_info 须为 JSON 文本，例如 {\"status\":\"COMPLETE\"}。",
                "order_biz_info is a JSON text such as {\"status\":\"COMPLETE\"}.",
            ));
        }
    }
    let wanted = TradeRef {
        app_id: call.caller.app.app_id.clone(),
        out_trade_no: None,
        trade_no: Some(trade_no),
    };
    let Some(trade) = find_trade(call.cx, &wanted).await? else {
        return Err(not_exist(&wanted, false));
    };
    report_order(call.cx, &trade.trade_id, &out_request_no, &biz_type, info).await?;
    let mut node = Map::new();
    put(&mut node, "out_trade_no", trade.offer.out_trade_no.clone());
    if let Some(born) = trade.born() {
        put(&mut node, "trade_no", born.trade_no.clone());
    }
    if let Some(payment) = trade.payment() {
        put(&mut node, "buyer_user_id", payment.buyer_user_id.clone());
    }
    Ok((node, call.biz.warnings))
}

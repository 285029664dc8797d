//! `alipay.trade.query`. Without `query_options` four amounts are 0.00 although the trade is paid:
//! Alipay answers so, and nobody should compare receipt_amount with an order.

use super::{Answered, Call, not_exist, trade_ref};
use crate::app::find_trade::find_trade;
use serde_json::{Map, Value, json};

pub(super) async fn query(mut call: Call<'_>) -> Answered {
    let wanted = trade_ref(&mut call)?;
    let found = find_trade(call.cx, &wanted).await?;
    let asked = found.is_some();
    let Some((trade, born, status)) = found.as_ref().and_then(|trade| {
        let (born, status) = (trade.born()?, trade.status()?);
        Some((trade, born, status))
    }) else {
        return Err(not_exist(&wanted, asked));
    };
    let mut node = Map::new();
    let mut add = |name: &str, value: &str| node.insert(name.to_owned(), value.into());
    for name in [
        "buyer_pay_amount",
        "invoice_amount",
        "point_amount",
        "receipt_amount",
    ] {
        add(name, "0.00");
    }
    add("buyer_user_type", "PRIVATE");
    add("out_trade_no", &trade.offer.out_trade_no);
    add("total_amount", &trade.offer.total_amount.to_string());
    add("trade_no", &born.trade_no);
    add("trade_status", status.as_str());
    if let Some(store_id) = &trade.offer.store_id {
        add("store_id", store_id);
    }
    if let Some(terminal_id) = &trade.offer.terminal_id {
        add("terminal_id", terminal_id);
    }
    if let Some(payment) = trade.payment() {
        add("buyer_logon_id", &payment.buyer_logon_id);
        add("buyer_user_id", &payment.buyer_user_id);
        add("send_pay_date", &payment.paid_at.china());
        if call
            .biz
            .options()
            .iter()
            .any(|option| option == "fund_bill_list")
        {
            let amount = trade.offer.total_amount.to_string();
            let bill = json!([{"amount": amount, "fund_channel": payment.fund_channel}]);
            node.insert("fund_bill_list".to_owned(), bill);
        }
    }
    let node: Map<String, Value> = node;
    Ok((node, call.biz.warnings))
}

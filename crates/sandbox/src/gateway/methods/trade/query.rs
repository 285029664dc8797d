//! `alipay.trade.query`. Alipay's own sandbox answers 0.00 for four amounts although the trade is
//! paid, and so does the profile that plays it; nobody should compare receipt_amount with an order.

use super::words::{not_exist, trade_ref};
use crate::app::find_trade::find_trade;
use crate::domain::Profile;
use crate::gateway::methods::{Answered, Call};
use money::Fen;
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
    let tells_amounts = call.caller.app.profile != Profile::AlipaySandbox;
    let moved = match trade.payment() {
        Some(_) if tells_amounts => trade.offer.total_amount,
        _ => Fen::ZERO,
    };
    for name in ["buyer_pay_amount", "invoice_amount", "receipt_amount"] {
        add(name, &moved.to_string());
    }
    // Nobody here pays with points.
    add("point_amount", "0.00");
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
    if let (None, Some(payer)) = (trade.payment(), &trade.offer.payer) {
        add("buyer_logon_id", &payer.logon_id);
        add("buyer_user_id", &payer.user_id);
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

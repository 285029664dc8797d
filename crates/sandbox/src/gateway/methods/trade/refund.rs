//! `alipay.trade.refund`. `code=10000` says that the request was accepted; the money moved by it
//! only where `fund_change` is `Y`, and `refund_fee` is the sum of all refunds so far.

use super::words::{refused, trade_ref};
use crate::app::refund_trade::{RefundTrade, RefundTradeError, refund_trade};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::trade::SELLER_BALANCE_NOT_ENOUGH;
use crate::gateway::methods::{Answered, Call};
use serde_json::{Map, json};

pub(super) async fn refund(mut call: Call<'_>) -> Answered {
    let wanted = trade_ref(&mut call)?;
    let amount = call
        .biz
        .amount("refund_amount")?
        .filter(|amount| amount.is_positive())
        .ok_or_else(|| {
            invalid_parameter(
                "refund_amount",
                "缺失或不大于 0。",
                "is missing or nothing.",
            )
        })?;
    let wish = RefundTrade {
        wanted,
        profile: call.caller.app.profile,
        amount,
        out_request_no: call.biz.number("out_request_no")?,
        reason: call.biz.text("refund_reason", 256)?,
    };
    let refunded = match refund_trade(call.cx, wish).await {
        Ok(refunded) => refunded,
        Err(RefundTradeError::Refused(refusal)) => return Err(refused(&refusal)),
        Err(RefundTradeError::SellerBalanceNotEnough { balance }) => {
            return Err(Fault::new(
                SELLER_BALANCE_NOT_ENOUGH,
                format!("卖家账户只剩 {balance} 元。"),
                format!("The seller's account holds {balance} only."),
            ));
        }
        Err(RefundTradeError::Store(error)) => return Err(error.into()),
    };
    let (trade, refund) = (&refunded.trade, &refunded.refund);
    let mut node = Map::new();
    let mut add = |name: &str, value: &str| node.insert(name.to_owned(), value.into());
    add("fund_change", if refunded.moved { "Y" } else { "N" });
    add("gmt_refund_pay", &refund.refunded_at.china());
    add("out_trade_no", &trade.offer.out_trade_no);
    add("refund_fee", &refund.refunded_total.to_string());
    add("send_back_fee", "0.00");
    if let Some(born) = trade.born() {
        add("trade_no", &born.trade_no);
    }
    if let Some(payment) = trade.payment() {
        add("buyer_logon_id", &payment.buyer_logon_id);
        add("buyer_user_id", &payment.buyer_user_id);
        let wants = |option: &String| option == "refund_detail_item_list";
        if call.biz.options().iter().any(wants) {
            let amount = refund.amount.to_string();
            let items = json!([{"amount": amount, "fund_channel": payment.fund_channel}]);
            node.insert("refund_detail_item_list".to_owned(), items);
        }
    }
    Ok((node, call.biz.warnings))
}

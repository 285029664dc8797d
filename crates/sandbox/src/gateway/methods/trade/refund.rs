//! `alipay.trade.refund`. `code=10000` says that the request was accepted; the money moved by it
//! only where `fund_change` is `Y`, and `refund_fee` is the sum of all refunds so far.

use super::words::{refused, trade_ref};
use crate::app::fresh::digits;
use crate::app::refund_trade::{RefundTrade, RefundTradeError, Refunded, refund_trade};
use crate::app::royalty::share_back::BackShare;
use crate::domain::Refusal;
use crate::gateway::biz::{Biz, invalid_parameter};
use crate::gateway::errors::Fault;
use crate::gateway::errors::trade::{SELLER_BALANCE_NOT_ENOUGH, TRADE_STATUS_ERROR};
use crate::gateway::methods::royalty::{named, not_shared};
use crate::gateway::methods::{Answered, Call};
use serde_json::{Map, json};

/// Reads the call and gives the money back.
async fn refunded(call: &mut Call<'_>) -> Result<Refunded, Fault> {
    let wanted = trade_ref(call)?;
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
        back: back(call)?,
    };
    match refund_trade(call.cx, wish).await {
        Ok(refunded) => Ok(refunded),
        Err(RefundTradeError::Refused(refusal)) => Err(not_refunded(&refusal)),
        Err(RefundTradeError::Share(refusal)) => Err(not_shared(&refusal)),
        Err(RefundTradeError::SellerBalanceNotEnough { balance }) => Err(Fault::new(
            SELLER_BALANCE_NOT_ENOUGH,
            format!("卖家账户只剩 {balance} 元。"),
            format!("The seller's account holds {balance} only."),
        )),
        Err(RefundTradeError::Store(error)) => Err(error.into()),
    }
}

/// The documents word one error of a refund in another way than a close's (4.0).
fn not_refunded(refusal: &Refusal) -> Fault {
    let fault = refused(refusal);
    if fault.what == TRADE_STATUS_ERROR {
        return fault.sub_msg("交易状态非法".to_owned());
    }
    fault
}

/// The shares that a refund takes back.
fn back(call: &Call<'_>) -> Result<Vec<BackShare>, Fault> {
    let list = call.biz.list("refund_royalty_parameters")?;
    let missing = |field: &str| {
        invalid_parameter(
            &format!("refund_royalty_parameters.{field}"),
            "缺失、为空或不大于 0。",
            "is missing, empty or nothing.",
        )
    };
    let day = call.cx.now().china_day();
    let read = |item: &Biz| {
        Ok(BackShare {
            from: named(item, "trans_out")?.ok_or_else(|| missing("trans_out"))?,
            amount: item
                .amount("amount")?
                .filter(|amount| amount.is_positive())
                .ok_or_else(|| missing("amount"))?,
            description: item.text("desc", 1000)?,
            detail_id: format!("{day}002531{}", digits(call.cx.rng(), 16)),
        })
    };
    list.unwrap_or_default().iter().map(read).collect()
}

/// `alipay.trade.refund.apply`: the same, answered by its status.
pub(super) async fn apply(mut call: Call<'_>) -> Answered {
    let _ = call.biz.required("out_request_no", 64)?;
    let done = refunded(&mut call).await?;
    let mut node = Map::new();
    let mut add = |name: &str, value: &str| node.insert(name.to_owned(), value.into());
    add("out_request_no", &done.refund.out_request_no);
    add("out_trade_no", &done.trade.offer.out_trade_no);
    add("refund_amount", &done.refund.amount.to_string());
    add("refund_status", "REFUND_SUCCESS");
    if let Some(born) = done.trade.born() {
        add("trade_no", &born.trade_no);
    }
    Ok((node, call.biz.warnings))
}

pub(super) async fn refund(mut call: Call<'_>) -> Answered {
    let refunded = refunded(&mut call).await?;
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

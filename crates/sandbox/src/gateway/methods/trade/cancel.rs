//! `alipay.trade.cancel`: undoes a trade of unknown outcome. An unknown number is answered Success
//! without an action.

use super::words::{refused, trade_ref};
use crate::app::cancel_trade::{CancelTradeError, cancel_trade};
use crate::gateway::errors::Fault;
use crate::gateway::errors::trade::SELLER_BALANCE_NOT_ENOUGH;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn cancel(mut call: Call<'_>) -> Answered {
    let wanted = trade_ref(&mut call)?;
    let mut node = Map::new();
    let mut add = |name: &str, value: &str| node.insert(name.to_owned(), value.into());
    add("retry_flag", "N");
    match cancel_trade(call.cx, wanted.clone()).await {
        Ok(None) => {
            if let Some(number) = &wanted.out_trade_no {
                add("out_trade_no", number);
            }
            call.biz.warnings.and(
                "没有这笔交易（或买家尚未扫码、打开），所以没有 action；之后用同一编号付款仍会成功，需要时请关单或换编号。",
                "There is no such trade, or no buyer came yet, hence no action. The number can still be paid later.",
            );
        }
        Ok(Some((trade, how))) => {
            add("out_trade_no", &trade.offer.out_trade_no);
            add("action", how.as_str());
            if let Some(born) = trade.born() {
                add("trade_no", &born.trade_no);
            }
        }
        Err(CancelTradeError::Refused(refusal)) => return Err(refused(&refusal)),
        Err(CancelTradeError::SellerBalanceNotEnough { balance }) => {
            return Err(Fault::new(
                SELLER_BALANCE_NOT_ENOUGH,
                format!("卖家账户只剩 {balance} 元。"),
                format!("The seller's account holds {balance} only."),
            ));
        }
        Err(CancelTradeError::Store(error)) => return Err(error.into()),
    }
    Ok((node, call.biz.warnings))
}

//! `alipay.trade.close`: only a trade that waits for its buyer can be closed.

use super::words::{refused, trade_ref};
use crate::app::close_trade::{CloseTradeError, close_trade};
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn close(mut call: Call<'_>) -> Answered {
    let wanted = trade_ref(&mut call)?;
    let trade = match close_trade(call.cx, wanted).await {
        Ok(trade) => trade,
        Err(CloseTradeError::Refused(refusal)) => return Err(refused(&refusal)),
        Err(CloseTradeError::Store(error)) => return Err(error.into()),
    };
    let mut node = Map::new();
    node.insert(
        "out_trade_no".to_owned(),
        trade.offer.out_trade_no.clone().into(),
    );
    if let Some(born) = trade.born() {
        node.insert("trade_no".to_owned(), born.trade_no.clone().into());
    }
    Ok((node, call.biz.warnings))
}

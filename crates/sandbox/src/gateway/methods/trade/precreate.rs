//! `alipay.trade.precreate`: a QR code. The answer has no trade_no: no trade exists before a scan.

use super::words::refused;
use crate::app::ask_trade::ask_trade;
use crate::app::open_trade::OpenTradeError;
use crate::app::precreate::qr_address;
use crate::domain::Product;
use crate::gateway::methods::{Answered, Call};
use crate::gateway::offer;
use serde_json::Map;

pub(super) async fn precreate(mut call: Call<'_>) -> Answered {
    let caller = &call.caller.app;
    let (product, now) = (Product::Precreate, call.cx.now());
    let read = offer::read(call.read, &mut call.biz, caller, product, now)?;
    let shares = match call.biz.text("code_type", 32)?.as_deref() {
        None => false,
        Some("share_code") => true,
        Some(_) => {
            let zh = "按文档应为 share_code。";
            call.biz
                .odd("code_type", zh, "should be share_code, say the documents.")?;
            false
        }
    };
    let trade = match ask_trade(call.cx, caller, &read).await {
        Ok(trade) => trade,
        Err(OpenTradeError::Refused(refusal)) => return Err(refused(&refusal)),
        Err(OpenTradeError::Store(error)) => return Err(error.into()),
    };
    let mut node = Map::new();
    node.insert("out_trade_no".to_owned(), read.out_trade_no.into());
    let address = qr_address(call.cx, &trade);
    node.insert("qr_code".to_owned(), address.into());
    if shares {
        // The wallet's scan box takes it as it takes the address.
        node.insert("share_code".to_owned(), trade.qr_code.into());
    }
    Ok((node, call.biz.warnings))
}

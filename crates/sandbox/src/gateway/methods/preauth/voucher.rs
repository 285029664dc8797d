//! `alipay.fund.auth.order.voucher.create`: a QR code; the wallet that scans it asks its owner.

use super::wish::wish;
use super::words::not_done;
use crate::app::preauth::ask_freeze::ask_freeze;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn voucher(mut call: Call<'_>) -> Answered {
    let wish = wish(&mut call, &["PRE_AUTH"])?;
    let number = wish.out_request_no.clone();
    let freeze = ask_freeze(call.cx, &call.caller.app, wish)
        .await
        .map_err(not_done)?;
    let address = format!("{}/qr/{}", call.cx.public_url(), freeze.code);
    let mut node = Map::new();
    put(&mut node, "out_order_no", freeze.out_order_no);
    put(&mut node, "out_request_no", number);
    put(&mut node, "code_type", "qrCode");
    put(&mut node, "code_value", address.clone());
    put(&mut node, "code_url", address);
    Ok((node, call.biz.warnings))
}

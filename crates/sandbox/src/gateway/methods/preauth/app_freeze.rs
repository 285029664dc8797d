//! `alipay.fund.auth.order.app.freeze`: an order string; the wallet that opens it asks its owner.

use super::wish::wish;
use super::words::not_done;
use crate::app::preauth::ask_freeze::ask_freeze;
use crate::gateway::methods::{Call, Landing, Led};

pub(super) async fn app_freeze(mut call: Call<'_>) -> Led {
    let wish = wish(&mut call, &["PRE_AUTH_ONLINE"])?;
    let freeze = ask_freeze(call.cx, &call.caller.app, wish)
        .await
        .map_err(not_done)?;
    let page = format!("/consent/freeze/{}", freeze.code);
    Ok((Landing::Page(page), call.biz.warnings))
}

//! `alipay.trade.create`: a trade for a known buyer. It exists at once; its wallet pays it.

use super::words::refused;
use crate::app::ask_trade::ask_trade;
use crate::app::login;
use crate::app::open_trade::OpenTradeError;
use crate::domain::open_id::user_of;
use crate::domain::{Account, LogonId, Payer, Product};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::trade::{BUYER_NOT_EXIST, BUYER_SELLER_EQUAL};
use crate::gateway::methods::{Answered, Call};
use crate::gateway::offer;
use serde_json::Map;

pub(super) async fn create(mut call: Call<'_>) -> Answered {
    let app = &call.caller.app;
    let product = match call.biz.text("product_code", 64)?.as_deref() {
        Some("JSAPI_PAY") => Product::Jsapi,
        _ => Product::Create,
    };
    let mut read = offer::read(call.read, &mut call.biz, app, product, call.cx.now())?;
    if product == Product::Jsapi && !call.biz.has("op_app_id") {
        call.biz.odd(
            "op_app_id",
            "按文档，JSAPI_PAY 须传小程序的 appid。",
            "should be the mini program's app id for JSAPI_PAY, say the documents.",
        )?;
    }
    // The seller is a company and has no wallet, so it is looked for before one.
    let of_seller = [
        ("buyer_id", app.seller_id.clone()),
        ("buyer_logon_id", app.seller_logon_id()),
    ];
    for (name, seller) in of_seller {
        if call
            .biz
            .text(name, 100)?
            .is_some_and(|buyer| buyer == seller)
        {
            return Err(Fault::new(
                BUYER_SELLER_EQUAL,
                "买家就是收款账号，请换一个买家。",
                "The buyer is the seller. Name somebody else.",
            ));
        }
    }
    let account = buyer(&mut call).await?;
    read.payer = Some(Payer::of(&account));
    let trade = match ask_trade(call.cx, app, &read).await {
        Ok(trade) => trade,
        Err(OpenTradeError::Refused(refusal)) => return Err(refused(&refusal)),
        Err(OpenTradeError::Store(error)) => return Err(error.into()),
    };
    let mut node = Map::new();
    node.insert("out_trade_no".to_owned(), read.out_trade_no.into());
    if let Some(born) = trade.born() {
        node.insert("trade_no".to_owned(), born.trade_no.clone().into());
    }
    Ok((node, call.biz.warnings))
}

/// The buyer whom a call names by number, open id or logon id.
async fn buyer(call: &mut Call<'_>) -> Result<Account, Fault> {
    let (biz, cx) = (&call.biz, call.cx);
    let open_id = match biz.text("buyer_open_id", 128)? {
        Some(open_id) => Some(open_id),
        None => biz.text("op_buyer_open_id", 128)?,
    };
    let found = if let Some(user_id) = biz.text("buyer_id", 28)? {
        login::find_by_user(cx, &user_id).await?
    } else if let Some(open_id) = open_id {
        match user_of(&call.caller.app.app_id, &open_id) {
            Some(user_id) => login::find_by_user(cx, &user_id).await?,
            None => None,
        }
    } else if let Some(logon_id) = biz.text("buyer_logon_id", 100)? {
        match logon_id.parse::<LogonId>() {
            Ok(logon_id) => login::find(cx, &logon_id).await?,
            Err(_) => None,
        }
    } else {
        return Err(invalid_parameter(
            "buyer_id",
            "、buyer_open_id、buyer_logon_id 至少传一个。",
            ", buyer_open_id or buyer_logon_id must be there.",
        ));
    };
    found.ok_or_else(|| {
        Fault::new(
            BUYER_NOT_EXIST,
            "沙箱没有这个买家。账号见 GET /sandbox/v1/accounts，POST 同一地址可以开户。",
            "The sandbox has no such buyer. GET /sandbox/v1/accounts lists them, POST opens an account.",
        )
    })
}

//! `alipay.fund.trans.uni.transfer`: sends money to an account, as a red packet, or to a card.

use super::words::not_sent;
use crate::app::funds::send_money::send_money;
use crate::domain::transfer::{TransferProduct, TransferWish};
use crate::gateway::biz::{Biz, invalid_parameter};
use crate::gateway::errors::Fault;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn transfer(mut call: Call<'_>) -> Answered {
    let wish = wish(&mut call.biz)?;
    let sent = send_money(call.cx, &call.caller.app, wish)
        .await
        .map_err(not_sent)?;
    let mut node = Map::new();
    put(&mut node, "out_biz_no", sent.wish.out_biz_no);
    put(&mut node, "order_id", sent.order_id);
    put(&mut node, "pay_fund_order_id", sent.pay_fund_order_id);
    put(&mut node, "status", sent.state.on_the_wire());
    let at = sent.ended_at.unwrap_or(sent.made_at);
    put(&mut node, "trans_date", at.china());
    Ok((node, call.biz.warnings))
}

fn wish(biz: &mut Biz) -> Result<TransferWish, Fault> {
    let out_biz_no = required_number(biz)?;
    let product = product(biz)?;
    let amount = biz
        .amount("trans_amount")?
        .filter(|amount| amount.is_payable())
        .ok_or_else(|| {
            invalid_parameter(
                "trans_amount",
                "必填，0.01 到 100000000.00 元。",
                "is from 0.01 to 100000000.00 yuan.",
            )
        })?;
    let biz_scene = biz.text("biz_scene", 64)?;
    let biz_scene = biz_scene.unwrap_or_else(|| "DIRECT_TRANSFER".to_owned());
    if biz_scene != "DIRECT_TRANSFER" {
        return Err(invalid_parameter(
            "biz_scene",
            "沙箱只有 DIRECT_TRANSFER（PERSONAL_COLLECTION 要先有 C2C 红包）。",
            "is DIRECT_TRANSFER here: there are no red packets to collect.",
        ));
    }
    if product == TransferProduct::RedPacket && !biz.has("business_params") {
        biz.odd(
            "business_params",
            "按文档发红包须传 {\"sub_biz_scene\":\"REDPACKET\"}。",
            "should be {\"sub_biz_scene\":\"REDPACKET\"} for a red packet, say the documents.",
        )?;
    }
    let payee = biz
        .object("payee_info")?
        .ok_or_else(|| invalid_parameter("payee_info", "必填。", "is required."))?;
    let (payee_type, identity, payee_name) = payee_of(&payee, product)?;
    Ok(TransferWish {
        out_biz_no,
        product,
        biz_scene,
        amount,
        payee_type,
        payee: identity,
        payee_name,
        title: biz.text("order_title", 128)?.unwrap_or_default(),
        remark: biz.text("remark", 200)?.unwrap_or_default(),
        passback_params: biz.text("passback_params", 512)?,
    })
}

pub(super) fn required_number(biz: &mut Biz) -> Result<String, Fault> {
    biz.number("out_biz_no")?
        .ok_or_else(|| invalid_parameter("out_biz_no", "缺失或为空。", "is missing or empty."))
}

fn product(biz: &Biz) -> Result<TransferProduct, Fault> {
    let code = biz.required("product_code", 64)?;
    TransferProduct::parse(&code)
        .filter(|product| *product != TransferProduct::Old)
        .ok_or_else(|| {
            invalid_parameter(
                "product_code",
                "应为 TRANS_ACCOUNT_NO_PWD、STD_RED_PACKET 或 TRANS_BANKCARD_NO_PWD。",
                "is TRANS_ACCOUNT_NO_PWD, STD_RED_PACKET or TRANS_BANKCARD_NO_PWD.",
            )
        })
}

/// What the payee is, who, and how they are called.
fn payee_of(payee: &Biz, product: TransferProduct) -> Result<(String, String, String), Fault> {
    let bad =
        |name: &str, zh: &str, en: &str| invalid_parameter(&format!("payee_info.{name}"), zh, en);
    let identity = payee
        .text("identity", 64)?
        .ok_or_else(|| bad("identity", "必填。", "is required."))?;
    let name = payee.text("name", 128)?.unwrap_or_default();
    let kind = payee.text("identity_type", 64)?.unwrap_or_default();
    let wants_card = product == TransferProduct::Card;
    let fits = match kind.as_str() {
        "ALIPAY_USER_ID" | "ALIPAY_LOGON_ID" => !wants_card,
        "BANKCARD_ACCOUNT" => wants_card,
        "ALIPAY_OPEN_ID" => {
            return Err(bad(
                "identity_type",
                "沙箱的账号没有 openid，请用 ALIPAY_USER_ID。",
                "is ALIPAY_USER_ID here: accounts have no open ids.",
            ));
        }
        _ => false,
    };
    if !fits {
        return Err(bad(
            "identity_type",
            "应为 ALIPAY_USER_ID 或 ALIPAY_LOGON_ID；转到银行卡（TRANS_BANKCARD_NO_PWD）为 BANKCARD_ACCOUNT。",
            "is ALIPAY_USER_ID or ALIPAY_LOGON_ID, and BANKCARD_ACCOUNT with TRANS_BANKCARD_NO_PWD.",
        ));
    }
    if name.is_empty() && kind != "ALIPAY_USER_ID" {
        return Err(bad(
            "name",
            "用登录号或银行卡收款时必填。",
            "is required with a login or a card.",
        ));
    }
    Ok((kind, identity, name))
}

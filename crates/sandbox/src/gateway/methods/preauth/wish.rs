//! Reads what is to be held: the fields that the three ways to ask share.

use crate::domain::Timeout;
use crate::domain::freeze::{ASK_MS, FreezeWish};
use crate::gateway::biz::{Biz, invalid_parameter};
use crate::gateway::errors::Fault;
use crate::gateway::methods::Call;
use crate::gateway::offer::{channels, url_param};

pub(super) fn wish(call: &mut Call<'_>, products: &[&str]) -> Result<FreezeWish, Fault> {
    let app = &call.caller.app;
    let biz = &mut call.biz;
    let missing = |name: &str| invalid_parameter(name, "缺失或为空。", "is missing or empty.");
    let out_order_no = biz
        .number("out_order_no")?
        .ok_or_else(|| missing("out_order_no"))?;
    let out_request_no = biz
        .number("out_request_no")?
        .ok_or_else(|| missing("out_request_no"))?;
    let title = biz.required("order_title", 100)?;
    let amount = biz
        .amount("amount")?
        .filter(|amount| amount.is_payable())
        .ok_or_else(|| {
            invalid_parameter(
                "amount",
                "必填，0.01 到 100000000.00 元。",
                "is from 0.01 to 100000000.00 yuan.",
            )
        })?;
    let product_code = biz.text("product_code", 64)?;
    let product_code = product_code.filter(|code| products.contains(&code.as_str()));
    let product_code = product_code.ok_or_else(|| {
        let wanted = products.join(" / ");
        invalid_parameter(
            "product_code",
            &format!("应为 {wanted}。"),
            &format!("is {wanted} here."),
        )
    })?;
    for name in ["payee_user_id", "payee_logon_id"] {
        let payee = biz.text(name, 100)?;
        if payee.is_some_and(|payee| payee != app.seller_id && name == "payee_user_id") {
            return Err(invalid_parameter(
                name,
                "不是这个应用的收款账号，可以不传。",
                "is not this application's account; it can be left out.",
            ));
        }
    }
    let timeout = match biz.text("pay_timeout", 6)? {
        Some(text) => Some(text),
        None => biz.text("timeout_express", 6)?,
    };
    let ask_ms = match timeout.as_deref().map(Timeout::parse_express) {
        None => ASK_MS,
        Some(Ok(Timeout::After(span))) => span,
        Some(_) => {
            return Err(invalid_parameter(
                "timeout_express",
                "须为 1m 到 15d，整数加单位 m、h 或 d。",
                "is 1m to 15d: a whole number and m, h or d.",
            ));
        }
    };
    let channels = channels(
        names(biz, "enable_pay_channels")?,
        names(biz, "disable_pay_channels")?,
    )?;
    match channels.pocket_of_hold() {
        None => biz.warnings.and(
            "注意：沙箱里没有余额宝和芝麻信用，这样的 enable_pay_channels 没有人能授权；请加上 PCREDIT_PAY，或不传。",
            "Note: this sandbox has neither money fund nor Zhima credit, so nobody can agree with this enable_pay_channels; add PCREDIT_PAY, or leave it out.",
        ),
        Some("PCREDIT") => biz.warnings.and(
            "enable_pay_channels 没有留下余额：这笔冻结占用花呗额度。",
            "enable_pay_channels leaves the balance out: Huabei holds it.",
        ),
        Some(_) => {}
    }
    Ok(FreezeWish {
        out_order_no,
        out_request_no,
        product_code,
        title,
        amount,
        notify_url: url_param(call.read, "notify_url")?,
        charset: call.read.charset_name.clone(),
        ask_ms,
        channels,
    })
}

/// The names of a list of channels, an array of `{"payChannelType": …}` (4.15).
fn names(biz: &Biz, field: &str) -> Result<Option<String>, Fault> {
    let mut names = Vec::new();
    for item in biz.list(field)?.unwrap_or_default() {
        names.push(item.required("payChannelType", 64)?);
    }
    Ok((!names.is_empty()).then(|| names.join(",")))
}

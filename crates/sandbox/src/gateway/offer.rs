//! Reads what is asked for: the fields that page.pay, wap.pay and precreate share, and their own.

use super::biz::{Biz, invalid_parameter};
use super::errors::Fault;
use super::errors::gateway::INVALID_ARGUMENT;
use super::errors::trade::{INVALID_RECEIVE_ACCOUNT, TOTAL_FEE_EXCEED, TRADE_EXPIRED};
use super::params::Read;
use super::signing::signing;
use crate::domain::timeout::TimeoutError;
use crate::domain::{App, Offer, PayChannels, Product, Timeout};
use kernel::Timestamp;
use money::Fen;

/// Reads an offer; what is odd about it goes into the warnings of `biz`.
pub(super) fn read(
    read: &Read,
    biz: &mut Biz,
    app: &App,
    product: Product,
    now: Timestamp,
) -> Result<Offer, Fault> {
    check_product_code(biz, product)?;
    check_seller(biz, app)?;
    let out_trade_no = biz
        .number("out_trade_no")?
        .ok_or_else(|| invalid_parameter("out_trade_no", "缺失或为空。", "is missing or empty."))?;
    let total_amount = total_amount(biz)?;
    let subject = subject(biz)?;
    let body = body(biz)?;
    check_parts(biz, total_amount)?;
    if product == Product::Wap && !biz.has("quit_url") {
        biz.odd(
            "quit_url",
            "按文档必填（用户中途退出时回到的地址）。",
            "is required, say the documents: the buyer who leaves goes there.",
        )?;
    }
    Ok(Offer {
        out_trade_no,
        product,
        total_amount,
        subject,
        body,
        passback_params: passback_params(biz, product)?,
        notify_url: url_param(read, "notify_url")?,
        charset: read.charset_name.clone(),
        timeout: timeout(biz, now)?,
        qr_timeout_ms: qr_timeout(biz, product)?,
        store_id: biz.text("store_id", 32)?,
        terminal_id: biz.text("terminal_id", 32)?,
        payer: None,
        by_app_id: read.by_app_id.clone(),
        channels: channels(
            biz.text("enable_pay_channels", 128)?,
            biz.text("disable_pay_channels", 128)?,
        )?,
        signing: signing(biz, product, now)?,
    })
}

fn check_product_code(biz: &mut Biz, product: Product) -> Result<(), Fault> {
    let wanted = product.codes().join(" / ");
    match biz.text("product_code", 64)? {
        None if product.needs_code() => Err(invalid_parameter(
            "product_code",
            &format!("缺失，应为 {wanted}。"),
            &format!("is missing; send {wanted}."),
        )),
        // A widely used client in PHP never sends it from a phone's page.
        None if product == Product::Wap => biz.odd(
            "product_code",
            "按文档必填，应为 QUICK_WAP_WAY。",
            "is required, say the documents: QUICK_WAP_WAY.",
        ),
        None => Ok(()),
        Some(code) if !product.codes().contains(&code.as_str()) => Err(invalid_parameter(
            "product_code",
            &format!("不适用于 {}，应为 {wanted}。", product.method()),
            &format!("does not belong to {}; send {wanted}.", product.method()),
        )),
        Some(code) if product == Product::Wap && code == "QUICK_WAP_PAY" => biz.odd(
            "product_code",
            "按文档应为 QUICK_WAP_WAY。",
            "should be QUICK_WAP_WAY, say the documents.",
        ),
        Some(_) => Ok(()),
    }
}

fn check_seller(biz: &Biz, app: &App) -> Result<(), Fault> {
    match biz.text("seller_id", 28)? {
        Some(seller_id) if seller_id != app.seller_id => Err(Fault::new(
            INVALID_RECEIVE_ACCOUNT,
            format!(
                "seller_id 不是这个应用的收款账号 {}，可以不传。",
                app.seller_id
            ),
            format!(
                "seller_id is not this application's, {}; it can be left out.",
                app.seller_id
            ),
        )),
        _ => Ok(()),
    }
}

fn total_amount(biz: &Biz) -> Result<Fen, Fault> {
    let amount = biz
        .amount("total_amount")?
        .ok_or_else(|| invalid_parameter("total_amount", "缺失。", "is missing."))?;
    if amount.is_payable() {
        return Ok(amount);
    }
    Err(Fault::new(
        TOTAL_FEE_EXCEED,
        "total_amount 须在 0.01 到 100000000.00 元之间。",
        "total_amount is from 0.01 to 100000000.00 yuan.",
    ))
}

fn subject(biz: &mut Biz) -> Result<String, Fault> {
    let subject = biz.required("subject", 256)?;
    if subject.contains(['/', '=', '&']) {
        biz.odd(
            "subject",
            "按文档不能含有 /、=、& 等字符。",
            "should not hold /, = or &, say the documents.",
        )?;
    }
    Ok(subject)
}

fn body(biz: &mut Biz) -> Result<Option<String>, Fault> {
    let body = biz.text("body", 400)?;
    if body.as_ref().is_some_and(|body| body.chars().count() > 128) {
        biz.odd(
            "body",
            "按文档最多 128 个字符。",
            "should have at most 128 characters, say the documents.",
        )?;
    }
    Ok(body)
}

/// The channels that a buyer may pay through, or what excludes some, never both.
pub(in crate::gateway) fn channels(
    only: Option<String>,
    without: Option<String>,
) -> Result<PayChannels, Fault> {
    match (only, without) {
        (Some(_), Some(_)) => Err(invalid_parameter(
            "enable_pay_channels",
            "与 disable_pay_channels 不能同时传。",
            "and disable_pay_channels exclude each other.",
        )),
        (Some(list), None) => Ok(PayChannels::Only(list)),
        (None, Some(list)) => Ok(PayChannels::Without(list)),
        (None, None) => Ok(PayChannels::Any),
    }
}

/// Where both parts of an amount are there, they are all of it (4.4).
fn check_parts(biz: &Biz, total: Fen) -> Result<(), Fault> {
    let (Some(some), Some(others)) = (
        biz.amount("discountable_amount")?,
        biz.amount("undiscountable_amount")?,
    ) else {
        return Ok(());
    };
    if some.checked_add(others) == Some(total) {
        return Ok(());
    }
    Err(invalid_parameter(
        "discountable_amount",
        "与 undiscountable_amount 之和须等于 total_amount。",
        "and undiscountable_amount must add up to total_amount.",
    ))
}

/// Links carry them in a URL, for which the documents want them encoded once (4.0).
fn passback_params(biz: &mut Biz, product: Product) -> Result<Option<String>, Fault> {
    let name = "passback_params";
    let params = biz.text(name, 512)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~%+*".contains(&b);
    let is_link = matches!(product, Product::Page | Product::Wap);
    if is_link && params.as_ref().is_some_and(|text| !text.bytes().all(plain)) {
        biz.odd(
            name,
            "按文档须先做一次 URL 编码（UrlEncode）。",
            "should be URL-encoded, say the documents.",
        )?;
    }
    Ok(params)
}

fn timeout_fault(name: &str, error: TimeoutError) -> Fault {
    let zh = match error {
        TimeoutError::Form => "须为整数加单位 m、h 或 d（如 90m），或 1c（当天关闭）。",
        TimeoutError::Range => "取值范围为 1m 到 15d。",
        TimeoutError::Time => "须写成 yyyy-MM-dd HH:mm:ss（北京时间）。",
    };
    invalid_parameter(name, zh, &format!("is no timeout: {error}."))
}

fn timeout(biz: &Biz, now: Timestamp) -> Result<Timeout, Fault> {
    if let Some(text) = biz.text("time_expire", 32)? {
        let timeout =
            Timeout::parse_expire(&text).map_err(|error| timeout_fault("time_expire", error))?;
        if matches!(timeout, Timeout::At(at) if at <= now) {
            return Err(Fault::new(
                TRADE_EXPIRED,
                format!("time_expire 已过：沙箱的业务时钟现在是 {}。", now.china()),
                format!(
                    "time_expire has passed: the sandbox's business clock shows {}.",
                    now.china()
                ),
            ));
        }
        return Ok(timeout);
    }
    match biz.text("timeout_express", 6)? {
        Some(text) => {
            Timeout::parse_express(&text).map_err(|error| timeout_fault("timeout_express", error))
        }
        None => Ok(Timeout::Default),
    }
}

fn qr_timeout(biz: &Biz, product: Product) -> Result<Option<i64>, Fault> {
    if product != Product::Precreate {
        return Ok(None);
    }
    let Some(text) = biz.text("qr_code_timeout_express", 6)? else {
        return Ok(None);
    };
    match Timeout::parse_express(&text) {
        Ok(Timeout::After(span)) => Ok(Some(span)),
        Ok(_) => Ok(None),
        Err(error) => Err(timeout_fault("qr_code_timeout_express", error)),
    }
}

/// An address among the common parameters: absolute, http or https, at most 256 characters.
pub(super) fn url_param(read: &Read, name: &str) -> Result<Option<String>, Fault> {
    let Some(text) = read.params.non_empty(name) else {
        return Ok(None);
    };
    if is_address(text) && text.chars().count() <= 256 {
        return Ok(Some(text.to_owned()));
    }
    Err(Fault::new(
        INVALID_ARGUMENT,
        format!("{name} 须为 http(s):// 开头的绝对地址，最多 256 个字符。"),
        format!("{name} is an absolute http(s) address of at most 256 characters."),
    ))
}

/// Whether a text is an absolute address of the web.
pub(super) fn is_address(text: &str) -> bool {
    let absolute = url::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    absolute && !text.chars().any(char::is_control)
}

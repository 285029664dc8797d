//! The browser's way back: `return_url` with Alipay's signed parameters appended.

use super::form::sign_notice;
use crate::domain::{Product, Trade};
use crate::gateway::CallerKeys;
use alipay::sign::SignError;
use alipay::{Charset, Params, form};
use kernel::Timestamp;

/// Where a buyer goes after paying: the merchant's address, its own query kept, Alipay's
/// parameters behind it. Status and buyer are not among them: a return proves nothing.
///
/// None for a trade that is not paid, and for a product without a page to return from.
///
/// # Errors
/// When the key cannot sign.
pub fn return_address(
    return_url: &str,
    product: Product,
    charset: &str,
    trade: &Trade,
    keys: &CallerKeys,
    now: Timestamp,
) -> Result<Option<String>, SignError> {
    let (Some(method), Some(born), Some(_)) =
        (product.return_method(), trade.born(), trade.payment())
    else {
        return Ok(None);
    };
    let charset_name = charset;
    let charset = Charset::parse(charset).unwrap_or(Charset::Gbk);
    let params = Params::from([
        ("charset", charset_name),
        ("out_trade_no", &trade.offer.out_trade_no),
        ("method", method),
        ("total_amount", &trade.offer.total_amount.to_string()),
        ("sign", ""),
        ("trade_no", &born.trade_no),
        ("auth_app_id", &trade.app_id),
        ("version", "1.0"),
        ("app_id", trade.told_app_id()),
        ("sign_type", keys.sign_type.as_str()),
        ("seller_id", &trade.seller_id),
        ("timestamp", &now.china()),
    ]);
    signed_address(return_url, params, charset, keys).map(Some)
}

/// An address with signed parameters behind its own query; `sign` stands among them without a
/// value.
///
/// # Errors
/// When the key cannot sign.
pub fn signed_address(
    return_url: &str,
    mut params: Params,
    charset: Charset,
    keys: &CallerKeys,
) -> Result<String, SignError> {
    let signature = sign_notice(&params, keys, charset)?;
    params.set("sign", &signature);
    let query = form::encode(&params, charset).unwrap_or_default();
    let query = query.replace("%20", "+");
    let (address, fragment) = match return_url.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (return_url, String::new()),
    };
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    Ok(format!("{address}{joint}{query}{fragment}"))
}

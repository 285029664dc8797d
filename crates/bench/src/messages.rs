//! The messages that are measured: a notice exactly as Alipay forms it.

use alipay::keys::PrivateKey;
use alipay::sign::{self, SignType};
use alipay::{Charset, Params, form};
use anyhow::Result;

/// Alipay's own odd content type, as its notices carry it.
pub(crate) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; text/html; charset=UTF-8";

/// What a notice tells.
#[derive(Clone, Debug)]
pub(crate) struct Paid<'a> {
    /// The attempt's number.
    pub(crate) out_trade_no: &'a str,
    /// Yuan with two decimals.
    pub(crate) total_amount: &'a str,
    /// The application.
    pub(crate) app_id: &'a str,
    /// Its account.
    pub(crate) seller_id: &'a str,
    /// Makes trade number and notice number unique.
    pub(crate) number: u64,
    /// `yyyy-MM-dd HH:mm:ss` in China.
    pub(crate) time: &'a str,
}

/// The form body of a signed notice that the trade is paid, with the fields of a page payment.
pub(crate) fn paid_notice(paid: &Paid<'_>, alipay_key: &PrivateKey) -> Result<String> {
    let trade_no = format!("20260821220014051{:011}", paid.number);
    let notify_id = format!("2026082101222{:021}", paid.number);
    let funds = format!(
        "[{{\"amount\":\"{}\",\"fundChannel\":\"ALIPAYACCOUNT\"}}]",
        paid.total_amount
    );
    let mut params = Params::with_capacity(2_048, 24);
    for (name, value) in [
        ("gmt_create", paid.time),
        ("charset", "UTF-8"),
        ("gmt_payment", paid.time),
        ("notify_time", paid.time),
        ("subject", "通宝 speed"),
        ("buyer_id", "2088102169481075"),
        ("invoice_amount", paid.total_amount),
        ("version", "1.0"),
        ("notify_id", &notify_id),
        ("fund_bill_list", &funds),
        ("notify_type", "trade_status_sync"),
        ("out_trade_no", paid.out_trade_no),
        ("total_amount", paid.total_amount),
        ("trade_status", "TRADE_SUCCESS"),
        ("trade_no", &trade_no),
        ("auth_app_id", paid.app_id),
        ("receipt_amount", paid.total_amount),
        ("point_amount", "0.00"),
        ("buyer_pay_amount", paid.total_amount),
        ("app_id", paid.app_id),
        ("sign_type", "RSA2"),
        ("seller_id", paid.seller_id),
    ] {
        params.set(name, value);
    }
    let signature = sign::sign(
        alipay_key,
        SignType::Rsa2,
        sign::notice_text(&params).as_bytes(),
    )?;
    params.set("sign", &signature);
    Ok(form::encode(&params, Charset::Utf8)?)
}

//! The form of a notice: the fields that Alipay sends, in the order in which it sends them, signed
//! for the instant of each delivery.

use super::sender::Outgoing;
use crate::domain::app::seller_logon_id;
use crate::domain::{NoticeKind, Trade, TradeStatus};
use crate::gateway::CallerKeys;
use crate::store::notices::Notice;
use alipay::sign::{self, SignError};
use alipay::{Charset, Params, form};
use kernel::Timestamp;

type Fields = Vec<(String, String)>;

/// The fields of a notice as they are frozen. `notify_time` and `sign` stand in their places
/// without values: each delivery has its own.
#[must_use]
pub fn frozen(trade: &Trade, status: TradeStatus, kind: &NoticeKind, notify_id: &str) -> Fields {
    let mut form = Form(Vec::with_capacity(32));
    let (Some(born), offer) = (trade.born(), &trade.offer) else {
        return form.0;
    };
    let payment = trade.payment();
    let total = offer.total_amount.to_string();
    form.add("gmt_create", born.created_at.china());
    form.add("charset", offer.charset.clone());
    if let Some(payment) = payment {
        form.add("gmt_payment", payment.paid_at.china());
    }
    form.add("notify_time", "");
    form.add("subject", offer.subject.clone());
    form.add_some("body", offer.body.as_ref());
    form.add("sign", "");
    if let Some(payment) = payment {
        form.add("buyer_id", payment.buyer_user_id.clone());
        if offer.product.notice_names_people() {
            form.add("buyer_logon_id", payment.buyer_logon_id.clone());
        }
        form.add("invoice_amount", total.clone());
    }
    form.add("version", "1.0");
    form.add("notify_id", notify_id);
    match kind {
        NoticeKind::Paid => {}
        NoticeKind::Refunded { out_request_no, at } => {
            form.add(
                "gmt_refund",
                format!("{}.{:03}", at.china(), at.ms().rem_euclid(1_000)),
            );
            form.add("refund_fee", trade.refunded.to_string());
            // A refund without a number of its own is told by the trade's (6.3).
            let number = out_request_no.as_ref().unwrap_or(&born.trade_no);
            form.add("out_biz_no", number.clone());
            if status == TradeStatus::Closed {
                form.add("gmt_close", at.china());
            }
        }
        NoticeKind::Ended { at } => form.add("gmt_close", at.china()),
    }
    if let Some(payment) = payment {
        let channel = &payment.fund_channel;
        let bill = format!("[{{\"amount\":\"{total}\",\"fundChannel\":\"{channel}\"}}]");
        form.add("fund_bill_list", bill);
    }
    form.add("notify_type", "trade_status_sync");
    form.add("out_trade_no", offer.out_trade_no.clone());
    form.add("total_amount", total.clone());
    form.add("trade_status", status.as_str());
    form.add("trade_no", born.trade_no.clone());
    form.add("auth_app_id", trade.app_id.clone());
    if payment.is_some() {
        form.add("receipt_amount", total.clone());
        form.add("point_amount", "0.00");
        form.add("buyer_pay_amount", total);
    }
    form.add_some("passback_params", offer.passback_params.as_ref());
    form.add("app_id", trade.told_app_id());
    form.add("sign_type", "RSA2");
    form.add("seller_id", trade.seller_id.clone());
    if offer.product.notice_names_people() {
        form.add("seller_email", seller_logon_id(&trade.seller_id));
    }
    form.0
}

/// Fields in their order; empty ones are never sent, because nobody agrees on how they are signed.
struct Form(Fields);

impl Form {
    fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    fn add_some(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.add(name, value.clone());
        }
    }
}

/// A delivery at `now`: the frozen fields, the time of sending, the signature.
///
/// # Errors
/// When the key cannot sign.
pub fn signed(notice: &Notice, keys: &CallerKeys, now: Timestamp) -> Result<Outgoing, SignError> {
    delivery(notice, keys, now, sign_notice)
}

/// A delivery whose signature is Alipay's, of another text.
///
/// # Errors
/// When the key cannot sign.
pub fn signed_wrongly(
    notice: &Notice,
    keys: &CallerKeys,
    now: Timestamp,
) -> Result<Outgoing, SignError> {
    delivery(notice, keys, now, |_, keys, charset| {
        sign_notice(&Params::from([("other", "text")]), keys, charset)
    })
}

/// The notice as if its order had been asked for in GBK.
#[must_use]
pub fn in_gbk(notice: &Notice) -> Notice {
    let mut notice = notice.clone();
    "GBK".clone_into(&mut notice.charset);
    for (name, value) in &mut notice.fields {
        if name == "charset" {
            "GBK".clone_into(value);
        }
    }
    notice
}

fn delivery(
    notice: &Notice,
    keys: &CallerKeys,
    now: Timestamp,
    sign: impl Fn(&Params, &CallerKeys, Charset) -> Result<String, SignError>,
) -> Result<Outgoing, SignError> {
    let charset = Charset::parse(&notice.charset).unwrap_or(Charset::Gbk);
    let mut params = Params::new();
    for (name, value) in &notice.fields {
        let value = match name.as_str() {
            "notify_time" => now.china(),
            // As the application signs now, so it is told.
            "sign_type" => keys.sign_type.as_str().to_owned(),
            // A message to the application's own address says the time in milliseconds.
            "utc_timestamp" => now.ms().to_string(),
            _ => fitting(value, charset),
        };
        params.set(name, &value);
    }
    let signature = sign(&params, keys, charset)?;
    params.set("sign", &signature);
    let body = form::encode(&params, charset).unwrap_or_default();
    let charset_name = match charset {
        Charset::Utf8 => "UTF-8",
        Charset::Gbk => "GBK",
    };
    Ok(Outgoing {
        url: notice.url.clone(),
        // Malformed, and what Alipay sends: a reader has to take it.
        content_type: format!(
            "application/x-www-form-urlencoded; text/html; charset={charset_name}"
        ),
        user_agent: "Mozilla/4.0",
        body: body.replace("%20", "+").into_bytes(),
    })
}

/// The signature of a notice or return: without `sign` and `sign_type`, in the charset it is
/// sent in.
///
/// # Errors
/// When the key cannot sign.
pub fn sign_notice(
    params: &Params,
    keys: &CallerKeys,
    charset: Charset,
) -> Result<String, SignError> {
    let text = sign::notice_text(params);
    let bytes = charset.encode(&text).map_err(|_| SignError::Failed)?;
    sign::sign(&keys.alipay_private_key, keys.sign_type, &bytes)
}

/// The text with a question mark for each character that the charset lacks, as Java writes it.
#[must_use]
pub fn fitting(text: &str, charset: Charset) -> String {
    if charset.encode(text).is_ok() {
        return text.to_owned();
    }
    text.chars()
        .map(|c| {
            let fits = charset.encode(c.encode_utf8(&mut [0; 4])).is_ok();
            if fits { c } else { '?' }
        })
        .collect()
}

//! The links that open Alipay's cashier.

use crate::context::Merchant;
use crate::domain::{Attempt, Order, Product};
use crate::registry::AppEntry;
use ::alipay::AlipayTime;
use ::alipay::requests::{PagePay, RequestError, WapPay};
use kernel::Timestamp;

/// Why a link could not be made.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Alipay would not take the request, or the key cannot sign it.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The time is none that Alipay can write.
    #[error("the time is out of Alipay's range")]
    Time,
    /// A QR code is Alipay's to make.
    #[error("a QR code is no link")]
    NoLink,
}

/// Signs the link of a page or phone attempt. It carries the order's expiry, so that nobody can
/// come through it later.
pub(crate) fn pay_link(
    merchant: &Merchant,
    app: &AppEntry,
    order: &Order,
    attempt: &Attempt,
) -> Result<String, LinkError> {
    let now = alipay_time(merchant.now()).ok_or(LinkError::Time)?;
    let ours = merchant.notify_url();
    let notify_url = attempt.notify_url.as_deref().unwrap_or(&ours);
    let return_url = attempt.return_url.as_deref();
    let (number, subject) = (&attempt.out_trade_no, &order.subject);
    match attempt.product {
        Product::Page => {
            let mut request = PagePay::new(number, subject, order.amount);
            request.time_expire = Some(order.expires_at.china());
            let alipay = app.client.app();
            Ok(alipay.page_url(&request, return_url, Some(notify_url), now)?)
        }
        Product::Wap => {
            // Alipay wants to know where a buyer goes who leaves.
            let quit_url = return_url.unwrap_or(&ours);
            let mut request = WapPay::new(number, subject, order.amount, quit_url);
            request.time_expire = Some(order.expires_at.china());
            let alipay = app.client.app();
            Ok(alipay.page_url(&request, return_url, Some(notify_url), now)?)
        }
        Product::Qr => Err(LinkError::NoLink),
    }
}

pub(super) fn alipay_time(at: Timestamp) -> Option<AlipayTime> {
    AlipayTime::from_unix_ms(at.ms())
}

//! The address in a trade's QR code.

use crate::context::Context;
use crate::domain::Trade;

/// The address in a trade's QR code: a page that a phone or browser can open.
#[must_use]
pub fn qr_address(cx: &Context, trade: &Trade) -> String {
    format!("{}/qr/{}", cx.public_url(), trade.qr_code)
}

//! The way back to the merchant, for a buyer who paid.

use crate::context::Context;
use crate::domain::Trade;
use crate::notices::returns;
use crate::store::visits::Visit;
use store::StoreError;

/// Where the buyer of a visit goes after paying; none when the link named no address, the trade is
/// not paid, or the buyer came by a QR code.
///
/// # Errors
/// When the database fails.
pub async fn return_address(
    cx: &Context,
    visit: &Visit,
    trade: &Trade,
) -> Result<Option<String>, StoreError> {
    let Some(return_url) = &visit.return_url else {
        return Ok(None);
    };
    let Some(caller) = cx.caller(trade.told_app_id()).await? else {
        return Ok(None);
    };
    let (product, charset, now) = (visit.product, &visit.charset, cx.now());
    returns::return_address(return_url, product, charset, trade, &caller.keys, now).map_err(
        |error| StoreError::Inconsistent {
            table: "sandbox_apps",
            id: trade.app_id.clone(),
            what: format!("its Alipay key cannot sign: {error}"),
        },
    )
}

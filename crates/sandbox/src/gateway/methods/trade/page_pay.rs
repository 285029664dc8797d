//! `alipay.trade.page.pay` and `alipay.trade.wap.pay`, links for the browser, and
//! `alipay.trade.app.pay`, an order string for the wallet.

use super::words::refused;
use crate::app::open_trade::{OpenTrade, OpenTradeError, open_trade};
use crate::domain::Product;
use crate::gateway::methods::{Call, Landing, Led};
use crate::gateway::offer;

/// Checks the link and opens the cashier.
pub(super) async fn page_pay(mut call: Call<'_>, product: Product) -> Led {
    let app = &call.caller.app;
    let read = offer::read(call.read, &mut call.biz, app, product, call.cx.now())?;
    let open = OpenTrade {
        app: app.clone(),
        offer: read,
        return_url: offer::url_param(call.read, "return_url")?,
        quit_url: call.biz.text("quit_url", 400)?,
    };
    match open_trade(call.cx, open).await {
        Ok(visit) => Ok((Landing::Cashier(visit), call.biz.warnings)),
        Err(OpenTradeError::Refused(refusal)) => Err(refused(&refusal)),
        Err(OpenTradeError::Store(error)) => Err(error.into()),
    }
}

//! `alipay.trade.page.pay` and `alipay.trade.wap.pay`: a link for the browser.

use super::{Call, refused};
use crate::app::open_trade::{OpenTrade, OpenTradeError, open_trade};
use crate::domain::Product;
use crate::gateway::errors::Fault;
use crate::gateway::explain::Explain;
use crate::gateway::offer;
use crate::store::visits::Visit;

/// Checks the link and opens the cashier.
pub(in crate::gateway) async fn page_pay(
    mut call: Call<'_>,
    product: Product,
) -> Result<(Visit, Explain), Fault> {
    let app = &call.caller.app;
    let read = offer::read(call.read, &mut call.biz, app, product, call.cx.now())?;
    let open = OpenTrade {
        app: app.clone(),
        offer: read,
        return_url: offer::url_param(call.read, "return_url")?,
        quit_url: call.biz.text("quit_url", 400)?,
    };
    match open_trade(call.cx, open).await {
        Ok(visit) => Ok((visit, call.biz.warnings)),
        Err(OpenTradeError::Refused(refusal)) => Err(refused(&refusal)),
        Err(OpenTradeError::Store(error)) => Err(error.into()),
    }
}

//! `tongbao close`: ends a trade that waits for its buyer.

use crate::args::CloseArgs;
use crate::exit::Failure;
use crate::gateway::{Desk, now};
use alipay::requests::Close;

/// Closes it.
pub(crate) async fn run(args: &CloseArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let request = Close {
        out_trade_no: args.trade.out_trade_no.clone(),
        trade_no: args.trade.trade_no.clone(),
        operator_id: args.operator_id.clone(),
        ..Close::default()
    };
    let outcome = desk.client.close(&request, now()?).await;
    let ask = format!("tongbao query {}", args.trade.typed());
    let closed = desk.settle(outcome, &ask)?;
    desk.show(&closed.node);
    desk.say("Closed. Nobody can pay it any more.");
    Ok(())
}

//! `tongbao refund-query`: whether a refund went through.

use crate::args::RefundQueryArgs;
use crate::exit::{Failure, Told};
use crate::gateway::{Desk, now};
use alipay::requests::RefundQuery;
use serde_json::json;

/// Asks.
pub(crate) async fn run(args: &RefundQueryArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let request = RefundQuery {
        out_trade_no: args.trade.out_trade_no.clone(),
        trade_no: args.trade.trade_no.clone(),
        out_request_no: args.out_request_no.clone(),
        query_options: vec!["gmt_refund_pay".to_owned()],
        ..RefundQuery::default()
    };
    let outcome = desk.client.refund_query(&request, now()?).await;
    let ask = format!(
        "tongbao refund-query {} --out-request-no {}",
        args.trade.typed(),
        args.out_request_no
    );
    let found = desk.settle(outcome, &ask)?;
    if found.refunded().is_none() {
        return Err(Failure::Told(Box::new(Told {
            refused: true,
            words: vec![
                "not refunded: nothing says that money went back under this number".to_owned(),
                "  it was never received, failed, or is asked about too early: wait ten seconds before you believe it"
                    .to_owned(),
            ],
            json: json!({"outcome": "refused", "refunded": false, "answer": found.node.fields}),
        })));
    }
    desk.show_with(&found.node, &[("refunded", true.into())]);
    desk.say("The money went back.");
    Ok(())
}

//! `tongbao refund`: gives money back, and asks when the answer does not say that it moved.

use crate::args::RefundArgs;
use crate::exit::{Failure, Told};
use crate::gateway::{Desk, TellingTimer, nobody_knows, patience};
use alipay::poll::{self, RefundEnd};
use alipay::requests::Refund;
use serde_json::json;

/// Two refunds of one trade have to be so many seconds apart.
const APART_S: u32 = 3;

/// Refunds, and asks until it is known.
pub(crate) async fn run(args: &RefundArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let request = Refund {
        out_trade_no: args.trade.out_trade_no.clone(),
        trade_no: args.trade.trade_no.clone(),
        refund_amount: args.amount,
        out_request_no: args.out_request_no.clone(),
        refund_reason: args.reason.clone(),
        ..Refund::default()
    };
    let ask = format!(
        "tongbao refund-query {} --out-request-no {}",
        args.trade.typed(),
        args.out_request_no
    );
    let timer = TellingTimer::saying(format!(
        "No fund_change=Y came, so this answer moved nothing; asking whether the money went back. \
         If this is stopped, ask with: {ask}"
    ))?;
    let first = args.ask_every.min(APART_S);
    let patience = patience(first, args.ask_every, args.patience);
    match poll::refund(&desk.client, &request, patience, &timer).await {
        RefundEnd::Moved(done) => {
            desk.show_with(&done.node, &[("moved", true.into())]);
            desk.say("The money went back.");
            Ok(())
        }
        RefundEnd::Confirmed(found) => {
            desk.show_with(&found.node, &[("moved", true.into())]);
            desk.say("The money went back: the query says so. This number was sent before, or Alipay did it later.");
            Ok(())
        }
        RefundEnd::Refused(no) => Err(desk.refused(&no)),
        RefundEnd::Unmoved => Err(unmoved(&ask)),
        RefundEnd::NotSent(unknown) => Err(desk.unknown(&unknown, &ask)),
        RefundEnd::Unknown(unknown) => Err(nobody_knows(&unknown, &ask)),
    }
}

fn unmoved(ask: &str) -> Failure {
    Failure::Told(Box::new(Told {
        refused: false,
        words: vec![
            "unknown: Alipay accepted the refund, and nothing says that money moved".to_owned(),
            format!("  ask later with: {ask}"),
            "  or repeat the refund with the same --out-request-no; a new number could refund twice".to_owned(),
        ],
        json: json!({"outcome": "unknown", "why": "accepted, and no fund_change=Y", "ask": ask}),
    }))
}

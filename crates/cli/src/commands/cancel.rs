//! `tongbao cancel`: takes a payment back whose outcome is failed or unknown.

use crate::args::CancelArgs;
use crate::exit::{Failure, Told};
use crate::gateway::{Desk, now};
use alipay::requests::Cancel;
use serde_json::json;

/// Cancels it.
pub(crate) async fn run(args: &CancelArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let request = Cancel {
        out_trade_no: args.trade.out_trade_no.clone(),
        trade_no: args.trade.trade_no.clone(),
        ..Cancel::default()
    };
    let outcome = desk.client.execute(&request, now()?).await;
    let again = format!("tongbao cancel {} (safe to repeat)", args.trade.typed());
    let done = desk.settle(outcome, &again)?;
    if done.has_to_be_repeated() {
        return Err(Failure::Told(Box::new(Told {
            refused: false,
            words: vec![
                "unknown: Alipay asks for the same cancel once more (retry_flag=Y)".to_owned(),
                format!("  send it again: {again}"),
            ],
            json: json!({"outcome": "unknown", "why": "retry_flag=Y", "ask": again, "answer": done.node.fields}),
        })));
    }
    let action = done
        .action
        .as_ref()
        .map_or("none", |action| action.as_str());
    desk.show_with(&done.node, &[("cancelled", action.into())]);
    desk.say(match action {
        "close" => "Nobody had paid; it is closed.",
        "refund" => "It was paid; all of it went back.",
        "none" => "There was no trade to cancel.",
        _ => "Cancelled.",
    });
    Ok(())
}

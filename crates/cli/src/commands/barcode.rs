//! `tongbao pay barcode`: a payment by the code that the buyer shows, to its end.

use super::pay::{extra, number};
use crate::args::{AskingArgs, BarcodeArgs, SettleArgs};
use crate::exit::{Failure, Told};
use crate::gateway::{Desk, TellingTimer, nobody_knows, patience};
use crate::input;
use crate::printer::clean;
use alipay::answers::CancelResponse;
use alipay::poll::{self, Patience, PayEnd};
use alipay::requests::Pay;
use alipay::{QueryResponse, Refusal};
use anyhow::Context as _;
use serde_json::json;

/// Takes the payment, asks until it is known, and cancels it when it is not.
pub(super) async fn run(args: &BarcodeArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let order = &args.order;
    let number = number(&desk, order);
    let code = match args.auth_code.as_str() {
        "-" => input::message(None)?,
        typed => typed.as_bytes().to_vec(),
    };
    let code = String::from_utf8(code).context("the code is no text")?;
    let request = Pay {
        body: order.body.clone(),
        timeout_express: order.timeout_express.clone(),
        time_expire: order.time_expire.clone(),
        passback_params: order.passback_params.clone(),
        notify_url: order.notify_url.clone(),
        extra: extra(order)?,
        ..Pay::by_barcode(&number, &order.subject, order.amount, code.trim())
    };
    let (patience, timer) = asking(args.asking, &number)?;
    let end = poll::pay(&desk.client, &request, patience, &timer).await;
    told(&desk, end, &number)
}

/// The second half alone, for a payment that was sent before.
pub(super) async fn settle(args: &SettleArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let number = &args.out_trade_no;
    let (patience, timer) = asking(args.asking, number)?;
    let end = poll::settle(&desk.client, number, patience, &timer).await;
    told(&desk, end, number)
}

fn asking(args: AskingArgs, number: &str) -> anyhow::Result<(Patience, TellingTimer)> {
    let (every, long) = (args.ask_every, args.patience);
    let words = format!(
        "Asking every {every} s, for {long} s, until it is known. If this is stopped, go on with: tongbao pay settle {number}"
    );
    Ok((patience(every, every, long), TellingTimer::saying(words)?))
}

fn told(desk: &Desk, end: PayEnd, number: &str) -> Result<(), Failure> {
    let again = format!("tongbao pay settle {number}");
    match end {
        PayEnd::Paid(trade) => {
            desk.show_with(&trade.node, &[("paid", true.into())]);
            desk.say("Paid.");
            Ok(())
        }
        PayEnd::Refused(no) => Err(desk.refused(&no)),
        PayEnd::Closed(trade) => Err(closed(&trade)),
        PayEnd::Cancelled(done) => Err(cancelled(&done)),
        PayEnd::NotCancelled(no) => Err(not_cancelled(no.as_ref(), &again)),
        PayEnd::NotSent(unknown) => Err(desk.unknown(&unknown, &again)),
        PayEnd::Unknown(unknown) => Err(nobody_knows(&unknown, &again)),
    }
}

fn closed(trade: &QueryResponse) -> Failure {
    Failure::Told(Box::new(Told {
        refused: true,
        words: vec!["not paid: the trade is closed: never paid, or paid and given back".to_owned()],
        json: json!({"outcome": "refused", "paid": false, "answer": trade.node.fields}),
    }))
}

fn cancelled(done: &CancelResponse) -> Failure {
    let action = done
        .action
        .as_ref()
        .map_or("none", |action| action.as_str());
    let what = match action {
        "close" => "nobody had paid, and it is closed",
        "refund" => "it was paid after all, and all of it went back",
        _ => "there was nothing to take back",
    };
    Failure::Told(Box::new(Told {
        refused: true,
        words: vec![
            format!(
                "not paid: it was not known in time and is taken back: {}",
                clean(what)
            ),
            "  a new try takes a new out_trade_no".to_owned(),
        ],
        json: json!({"outcome": "refused", "paid": false, "cancelled": action, "answer": done.node.fields}),
    }))
}

fn not_cancelled(no: Option<&Refusal>, again: &str) -> Failure {
    let why = no.map_or("Alipay asked for another try each time".to_owned(), |no| {
        format!("Alipay refused: {}", clean(&no.to_string()))
    });
    Failure::Told(Box::new(Told {
        refused: false,
        words: vec![
            format!("unknown: it is not paid yet, and could not be taken back: {why}"),
            format!("  it may still be paid; ask again with: {again}"),
        ],
        json: json!({
            "outcome": "unknown", "why": why, "ask": again,
            "said": no.map(|no| json!({"code": no.code, "sub_code": no.sub_code, "sub_msg": no.sub_msg})),
        }),
    }))
}

//! `tongbao query`: where a trade stands.

use crate::args::{QueryArgs, TradeNumber};
use crate::exit::{Failure, Told};
use crate::gateway::{Desk, TellingTimer, now, patience};
use crate::printer;
use alipay::QueryResponse;
use alipay::poll::{self, Waited};
use alipay::requests::Query;
use serde_json::json;

/// Asks once, or until it is known.
pub(crate) async fn run(args: &QueryArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let TradeNumber {
        out_trade_no,
        trade_no,
    } = args.trade.clone();
    let request = Query {
        out_trade_no,
        trade_no,
        query_options: args.query_options.clone(),
        ..Query::default()
    };
    let ask = format!("tongbao query {}", args.trade.typed());
    let Some(wait) = args.wait else {
        let outcome = desk.client.query(&request, now()?).await;
        let trade = desk.settle(outcome, &ask)?;
        desk.show(&trade.node);
        return Ok(());
    };
    let every = args.ask_every;
    let timer = TellingTimer::saying(format!(
        "Asking every {every} s, for {wait} s, whether it is paid."
    ))?;
    let waited = poll::wait_until_paid(&desk.client, &request, patience(0, every, wait), &timer);
    match waited.await {
        Waited::Paid(trade) => {
            desk.show_with(&trade.node, &[("paid", true.into())]);
            Ok(())
        }
        Waited::Closed(trade) => Err(unpaid(
            &desk,
            &trade,
            "closed: never paid, or paid and given back in full",
        )),
        Waited::Unpaid(trade) => Err(unpaid(
            &desk,
            &trade,
            "the buyer has not paid yet, and still may",
        )),
        Waited::NotOpened(no) | Waited::Refused(no) => Err(desk.refused(&no)),
        Waited::Unknown(unknown) => Err(desk.unknown(&unknown, &ask)),
    }
}

fn unpaid(desk: &Desk, trade: &QueryResponse, why: &str) -> Failure {
    if !desk.json {
        printer::field("trade_status", trade.trade_status.as_str());
    }
    Failure::Told(Box::new(Told {
        refused: true,
        words: vec![format!("not paid: {why}")],
        json: json!({"outcome": "refused", "paid": false, "answer": trade.node.fields}),
    }))
}

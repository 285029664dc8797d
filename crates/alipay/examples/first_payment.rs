//! A first payment against `tongbao sandbox`: a link, somebody who pays, and a part of it back.
//!
//! `cargo run -p tongbao-alipay --example first_payment -- tongbao-data/sandbox`

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that says what it did, with the machine's clock"
)]

use alipay::keys::{PrivateKey, PublicKey};
use alipay::poll::{self, Patience, RefundEnd, Timer, TokioTimer, Waited};
use alipay::requests::{PagePay, Query, Refund};
use alipay::transport::HttpTransport;
use alipay::{AlipayTime, App, Client};
use money::Fen;
use serde_json::Value;
use std::error::Error;
use std::fs::read_to_string;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

/// The application of a sandbox, from the folder in which it has written what it is. For Alipay
/// itself only these few values are others.
pub(crate) fn open(folder: &Path) -> Result<App, Box<dyn Error>> {
    let sandbox: Value = serde_json::from_str(&read_to_string(folder.join("sandbox.json"))?)?;
    let said = |name: &str| {
        sandbox
            .pointer(name)
            .and_then(Value::as_str)
            .ok_or(format!("no {name}"))
    };
    let key = |name: &str| -> Result<String, Box<dyn Error>> {
        Ok(read_to_string(folder.join(said(name)?))?)
    };
    let mut app = App::new(
        said("/app_id")?,
        said("/gateway_url")?,
        PrivateKey::parse(&key("/keys/app_private_key")?)?,
        PublicKey::parse(&key("/keys/alipay_public_key")?)?,
    );
    app.seller_id = Some(said("/seller_id")?.to_owned());
    Ok(app)
}

/// Where the buyer goes.
pub(crate) fn link(app: &App, number: &str, now: AlipayTime) -> Result<String, Box<dyn Error>> {
    let pay = PagePay::new(number, "Rust 入门", Fen::parse_yuan("88.80")?);
    let back = Some("http://127.0.0.1:8700/orders");
    let notify = Some("http://127.0.0.1:8700/notify");
    Ok(app.page_url(&pay, back, notify, now)?)
}

/// Waits until the order is paid, and gives 8.80 back.
pub(crate) async fn sell(
    client: &Client,
    number: &str,
    timer: &dyn Timer,
) -> Result<Fen, Box<dyn Error>> {
    let query = Query::by_out_trade_no(number);
    let trade = match poll::wait_until_paid(client, &query, Patience::PAGE, timer).await {
        Waited::Paid(trade) => trade,
        other => return Err(format!("not paid: {other:?}").into()),
    };
    println!("{} paid for {}", trade.total_amount, trade.trade_no);
    let refund = Refund::new(number, &format!("{number}-1"), Fen::parse_yuan("8.80")?);
    match poll::refund(client, &refund, Patience::REFUND, timer).await {
        RefundEnd::Moved(_) | RefundEnd::Confirmed(_) => Ok(refund.refund_amount),
        other => Err(format!("nothing came back: {other:?}").into()),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("where is the sandbox's folder?")?;
    let timer = TokioTimer::new(|| SystemTime::now().into());
    let app = open(Path::new(&folder))?;
    let number = format!("A{}", timer.now().unix_ms());
    println!("Pay at {}", link(&app, &number, timer.now())?);
    let client = Client::new(app, Arc::new(HttpTransport::new()?));
    let back = sell(&client, &number, &timer).await?;
    println!("{back} went back");
    Ok(())
}

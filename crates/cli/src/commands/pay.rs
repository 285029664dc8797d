//! `tongbao pay`: the ways of taking a payment that end with something to hand on.

use super::{barcode, qr};
use crate::args::{AppPayArgs, OrderArgs, PageArgs, PayCommand, QrArgs, WapArgs};
use crate::exit::Failure;
use crate::gateway::{Desk, not_made, now};
use alipay::PageForm;
use alipay::requests::{AppPay, PageMethod, PagePay, Precreate, WapPay};
use anyhow::Context as _;
use kernel::{OsRng, SystemClock, uuid_v7_hex};
use serde_json::{Map, Value};

/// Does what was typed.
pub(crate) async fn run(command: PayCommand) -> Result<(), Failure> {
    match command {
        PayCommand::Page(args) => page(&args),
        PayCommand::Wap(args) => wap(&args),
        PayCommand::App(args) => app(&args),
        PayCommand::Qr(args) => precreate(&args).await,
        PayCommand::Barcode(args) => barcode::run(&args).await,
        PayCommand::Settle(args) => barcode::settle(&args).await,
    }
}

/// The number that was typed, or a new one, which is said.
pub(super) fn number(desk: &Desk, order: &OrderArgs) -> String {
    order.out_trade_no.clone().unwrap_or_else(|| {
        let number = uuid_v7_hex(&SystemClock, &OsRng);
        desk.say(format_args!("out_trade_no: {number}"));
        number
    })
}

/// The further fields that were typed.
///
/// # Errors
/// When they are no JSON object.
pub(super) fn extra(order: &OrderArgs) -> anyhow::Result<Map<String, Value>> {
    match &order.extra {
        None => Ok(Map::new()),
        Some(text) => serde_json::from_str(text).context("--extra is no JSON object"),
    }
}

fn page(args: &PageArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let order = &args.order;
    let number = number(&desk, order);
    let request = PagePay {
        body: order.body.clone(),
        timeout_express: order.timeout_express.clone(),
        time_expire: order.time_expire.clone(),
        passback_params: order.passback_params.clone(),
        extra: extra(order)?,
        ..PagePay::new(&number, &order.subject, order.amount)
    };
    let urls = (args.return_url.as_deref(), order.notify_url.as_deref());
    hand_out_page(&desk, &request, &number, urls, args.form)
}

fn wap(args: &WapArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let order = &args.order;
    let number = number(&desk, order);
    let request = WapPay {
        body: order.body.clone(),
        timeout_express: order.timeout_express.clone(),
        time_expire: order.time_expire.clone(),
        passback_params: order.passback_params.clone(),
        extra: extra(order)?,
        ..WapPay::new(&number, &order.subject, order.amount, &args.quit_url)
    };
    let urls = (args.return_url.as_deref(), order.notify_url.as_deref());
    hand_out_page(&desk, &request, &number, urls, args.form)
}

/// Prints the link or the form. Nobody was asked, so there is no trade yet.
fn hand_out_page<M: PageMethod>(
    desk: &Desk,
    request: &M,
    number: &str,
    (return_url, notify_url): (Option<&str>, Option<&str>),
    as_form: bool,
) -> Result<(), Failure> {
    let app = desk.client.app();
    let known = ("out_trade_no", Value::from(number));
    if as_form {
        let form = app.page_form(request, return_url, notify_url, now()?);
        let html = PageForm::to_html(&form.map_err(not_made)?, "去支付 Pay", true);
        desk.hand_out(html.trim_end(), &[known, ("form", html.as_str().into())]);
    } else {
        let link = app.page_url(request, return_url, notify_url, now()?);
        let link = link.map_err(not_made)?;
        desk.hand_out(&link, &[known, ("url", link.as_str().into())]);
    }
    desk.say(format_args!(
        "The trade exists once the buyer has opened it. Then ask with: tongbao query {number}"
    ));
    Ok(())
}

fn app(args: &AppPayArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let order = &args.order;
    let number = number(&desk, order);
    let request = AppPay {
        body: order.body.clone(),
        timeout_express: order.timeout_express.clone(),
        time_expire: order.time_expire.clone(),
        passback_params: order.passback_params.clone(),
        notify_url: order.notify_url.clone(),
        extra: extra(order)?,
        ..AppPay::new(&number, &order.subject, order.amount)
    };
    let text = desk.client.app().order_string(&request, now()?);
    let text = text.map_err(not_made)?;
    let members = [
        ("out_trade_no", Value::from(number.as_str())),
        ("order_string", text.as_str().into()),
    ];
    desk.hand_out(&text, &members);
    desk.say(format_args!(
        "Hand it to the wallet's SDK as it is. What the app gets back proves nothing; ask with: tongbao query {number}"
    ));
    Ok(())
}

async fn precreate(args: &QrArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let order = &args.order;
    let number = number(&desk, order);
    let request = Precreate {
        body: order.body.clone(),
        timeout_express: order.timeout_express.clone(),
        time_expire: order.time_expire.clone(),
        passback_params: order.passback_params.clone(),
        extra: extra(order)?,
        ..Precreate::new(&number, &order.subject, order.amount)
    };
    let notify_url = order.notify_url.as_deref();
    let outcome = desk.client.precreate(&request, notify_url, now()?).await;
    // Nothing exists at Alipay before somebody scans it, so making it again is safe.
    let ask = format!("tongbao query {number} (making the code again under that number is safe)");
    let made = desk.settle(outcome, &ask)?;
    if desk.json {
        desk.show_with(&made.node, &[("out_trade_no", number.as_str().into())]);
        return Ok(());
    }
    desk.hand_out(&made.qr_code, &[]);
    match qr::drawn(&made.qr_code) {
        Ok(drawing) => desk.say(drawing),
        Err(error) => desk.say(format_args!("The code cannot be drawn: {error}")),
    }
    desk.say(format_args!(
        "Scan it with Alipay; it lives for two hours at most. Then ask with: tongbao query {number}"
    ));
    Ok(())
}

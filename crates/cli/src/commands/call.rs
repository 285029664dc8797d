//! `tongbao call`: any method by its name.

use crate::args::CallArgs;
use crate::config::environment;
use crate::exit::Failure;
use crate::gateway::{Desk, not_made, now};
use crate::{input, message, printer};

use alipay::v3::Verb;
use alipay::{Call, Gateway, Urls, form};
use anyhow::{Context as _, bail};
use serde_json::value::RawValue;

/// Names of methods that a browser or an app opens, by their ends.
const PAGES: &[&str] = &[
    ".page.pay",
    ".wap.pay",
    ".app.pay",
    ".page.sign",
    ".app.freeze",
];

/// Calls it, or prints the link.
pub(crate) async fn run(args: &CallArgs) -> Result<(), Failure> {
    let content = content(args)?;
    let params = params(&args.params)?;
    check_method(&args.method, args.link)?;
    let desk = Desk::open(&args.gateway)?;
    if args.link {
        return link(&desk, args, content.as_deref(), &params);
    }
    let outcome = if desk.client.gateway() == Gateway::V3 {
        if !params.is_empty() || args.notify_url.is_some() {
            return Err(not_made(
                "v3 has no parameters beside its body: put --param and --notify-url into the JSON",
            ));
        }
        let verb = if args.get { Verb::Get } else { Verb::Post };
        let text = content.as_deref().map_or("{}", RawValue::get);
        desk.client
            .call_v3_raw(&args.method, verb, text, &[], now()?)
            .await
    } else {
        let mut call = Call::new(&args.method);
        if let Some(content) = &content {
            call = call.biz_content(content).map_err(not_made)?;
        }
        for (name, value) in &params {
            call = call.param(name, value);
        }
        if let Some(url) = &args.notify_url {
            call = call.notify_url(url);
        }
        desk.client.send(&call, now()?).await
    };
    let answer = desk.settle(
        outcome,
        "the query method that belongs to it; repeat it only under the same number",
    )?;
    if desk.json {
        desk.show(&answer);
    } else {
        printer::json(&serde_json::Value::Object(answer.fields));
    }
    Ok(())
}

/// The `biz_content`, checked to be an object and otherwise as it was given.
fn content(args: &CallArgs) -> anyhow::Result<Option<Box<RawValue>>> {
    let (text, place) = match (&args.file, &args.content) {
        (Some(file), _) => (input::file(file)?, format!("`{}`", file.display())),
        (None, None) => return Ok(None),
        (None, Some(typed)) => (input::message(Some(typed))?, "the biz_content".to_owned()),
    };
    let text = String::from_utf8(text).with_context(|| format!("{place} is not UTF-8"))?;
    message::parameters(text.as_bytes())
        .ok()
        .filter(|_| message::is_json(text.as_bytes()))
        .with_context(|| {
            format!(
                "{place} is no JSON object with each name once; write '{{\"out_trade_no\":\"…\"}}'"
            )
        })?;
    let content = RawValue::from_string(text.trim().to_owned());
    Ok(Some(
        content.with_context(|| format!("{place} is no JSON"))?,
    ))
}

fn params(typed: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let one = |text: &String| {
        let (name, value) = text
            .split_once('=')
            .with_context(|| format!("--param {text} is not NAME=VALUE"))?;
        let value = match value.strip_prefix("env:") {
            None => value.to_owned(),
            Some(variable) => environment(variable)
                .with_context(|| format!("--param {name}: the variable `{variable}` is not set"))?,
        };
        Ok((name.to_owned(), value))
    };
    typed.iter().map(one).collect()
}

fn check_method(method: &str, link: bool) -> anyhow::Result<()> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !method.contains('.') || !method.chars().all(good) {
        bail!(
            "`{}` is no method; methods are called like alipay.trade.query",
            printer::clean(method)
        );
    }
    if !link && PAGES.iter().any(|end| method.ends_with(end)) {
        bail!(
            "`{method}` is opened by a browser or an app, not called: print its link with --link, or use `tongbao pay`"
        );
    }
    Ok(())
}

fn link(
    desk: &Desk,
    args: &CallArgs,
    content: Option<&RawValue>,
    params: &[(String, String)],
) -> Result<(), Failure> {
    let app = desk.client.app();
    let more = params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let more = more.collect::<Vec<_>>();
    let urls = Urls {
        return_url: args.return_url.as_deref(),
        notify_url: args.notify_url.as_deref(),
        more: &more,
    };
    let content = content.map_or("", RawValue::get);
    let signed = app
        .signed(&args.method, content, urls, now()?)
        .map_err(not_made)?;
    let query = form::encode(&signed, app.charset).map_err(not_made)?;
    let joint = if app.gateway_url.contains('?') {
        '&'
    } else {
        '?'
    };
    let link = format!("{}{joint}{query}", app.gateway_url);
    desk.hand_out(&link, &[("url", link.as_str().into())]);
    Ok(())
}

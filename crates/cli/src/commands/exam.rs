//! `tongbao exam`: a bad day for somebody's own merchant back end, played by a running sandbox.

use crate::args::{CardLang, ExamArgs};
use crate::config::environment;
use crate::exit::{Failure, Told};
use crate::gateway::Control;
use crate::printer::{self, clean};
use anyhow::{Context as _, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use sandbox::exam::{Order, Row};
use serde_json::{Map, Value, json};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How many orders everything needs.
const ORDERS: usize = 6;
/// How long the sandbox may be silent: a row waits for several slow answers and a delivery.
const SILENCE: Duration = Duration::from_mins(4);
/// How long a connection to the sandbox may take.
const CONNECT: Duration = Duration::from_secs(5);
/// A line holds one row, or the card.
const LONGEST_LINE: usize = 4 * 1024 * 1024;

/// Has it played, prints the card, and refuses when not everything passed.
pub(crate) async fn run(args: &ExamArgs) -> Result<(), Failure> {
    let ended = sit(args).await;
    if let Err(failure) = &ended
        && args.json
    {
        printer::json(&failure.json());
    }
    ended
}

async fn sit(args: &ExamArgs) -> Result<(), Failure> {
    let control = Control::find(args.sandbox.as_deref(), args.app.as_deref())?;
    let wish = wish(args, &control)?;
    let end = listen(args, &control, &wish).await?;
    if let Some(error) = end["error"].as_str() {
        return Err(anyhow!("there was no exam: {}", clean(error)).into());
    }
    let card = &end["card"];
    if !args.json {
        printer::data(end["text"].as_str().unwrap_or_default());
    }
    let (failed, skipped) = (&card["failed"], &card["not_examined"]);
    if *failed == 0 && (*skipped == 0 || args.allow_skipped) {
        if args.json {
            printer::json(card);
        }
        return Ok(());
    }
    let mut words = vec![format!(
        "not passed: {failed} failed, {skipped} not examined"
    )];
    if *failed == 0 {
        words.push(
            "  the card says what is missing; --allow-skipped is content with the rest".to_owned(),
        );
    }
    Err(Failure::Told(Box::new(Told {
        refused: true,
        words,
        json: card.clone(),
    })))
}

/// What the sandbox is asked to play.
fn wish(args: &ExamArgs, control: &Control) -> anyhow::Result<Value> {
    let mut orders = args.order.clone();
    if let Some(command) = &args.order_command {
        for number in 1..=ORDERS {
            printer::say(format!("order {number}/{ORDERS}: {command}"));
            orders.push(ordered(command)?);
        }
    }
    for order in &orders {
        order
            .parse::<Order>()
            .with_context(|| format!("the order `{}` cannot be used", short(order)))?;
    }
    let mut headers = Map::new();
    for header in &args.header {
        let (name, value) = header
            .split_once(':')
            .context("--header is written `Name: value`")?;
        let value = value.trim();
        let value = match value.strip_prefix("env:") {
            Some(variable) => environment(variable)
                .with_context(|| format!("the variable `{variable}` is not set"))?,
            None => value.to_owned(),
        };
        headers.insert(name.trim().to_owned(), value.into());
    }
    Ok(json!({
        "app_id": control.app_id,
        "notify_url": args.notify_url,
        "return_url": args.return_url,
        "orders": orders,
        "order_url": args.order_url,
        "order_body": args.order_body,
        "state_url": args.state_url,
        "state_fields": args.state_field,
        "headers": headers,
        "rest_ms": args.rest_ms,
        "change_ms": args.change_ms,
    }))
}

/// What the command prints.
fn ordered(command: &str) -> anyhow::Result<String> {
    let output = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("--order-command cannot be run by `sh`")?;
    if !output.status.success() {
        bail!("--order-command ended with {}", output.status);
    }
    String::from_utf8(output.stdout).context("--order-command printed no text")
}

/// Asks, tells of each row as it comes, and hands back the end.
async fn listen(args: &ExamArgs, control: &Control, wish: &Value) -> anyhow::Result<Value> {
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    let url = format!("{}/sandbox/v1/exams", control.origin);
    let mut request = client
        .post(&url)
        .header("content-type", "application/json")
        .header("accept-language", language(args))
        .body(wish.to_string());
    if let Some(token) = &control.token {
        request = request.bearer_auth(token);
    }
    let mut answer = request.send().await.with_context(|| {
        format!(
            "the sandbox at {} does not answer; start `tongbao sandbox` or `tongbao demo`, or name the one that runs with --sandbox",
            control.origin
        )
    })?;
    if !answer.status().is_success() {
        let status = answer.status();
        let problem: Value = answer
            .text()
            .await
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let why = problem["detail"].as_str().or(problem["title"].as_str());
        bail!(
            "the sandbox refuses the exam ({status}): {}",
            clean(why.unwrap_or("it says no reason"))
        );
    }
    let progress = Progress::new();
    let mut kept = Vec::new();
    while let Some(piece) = answer.chunk().await.context("the sandbox went away")? {
        kept.extend_from_slice(&piece);
        while let Some(at) = kept.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = kept.drain(..=at).collect();
            let said: Value = serde_json::from_slice(&line)
                .context("the sandbox says something else than JSON")?;
            if said["line"].is_null() {
                progress.end();
                return Ok(said);
            }
            progress.tell(&said["line"]);
        }
        if kept.len() > LONGEST_LINE {
            bail!("the sandbox does not stop talking");
        }
    }
    bail!("the sandbox went away before the exam was over")
}

/// The rows as they are played: a bar on a terminal, lines elsewhere.
struct Progress {
    bar: ProgressBar,
}

impl Progress {
    fn new() -> Self {
        let rows = u64::try_from(Row::ALL.len()).unwrap_or_default();
        let bar = ProgressBar::new(rows);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    fn tell(&self, line: &Value) {
        self.bar.inc(1);
        let row = clean(line["row"].as_str().unwrap_or_default());
        let outcome = clean(line["outcome"].as_str().unwrap_or_default());
        if self.bar.is_hidden() {
            let (at, all) = (self.bar.position(), Row::ALL.len());
            printer::say(format!("{at}/{all} {row}: {outcome}"));
        } else {
            self.bar.set_message(format!("{row}: {outcome}"));
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn language(args: &ExamArgs) -> &'static str {
    match args.lang {
        Some(CardLang::Zh) => "zh",
        Some(CardLang::En) => "en",
        None => {
            let said = ["LC_ALL", "LC_MESSAGES", "LANG"];
            let said = said.iter().find_map(|name| environment(name));
            match said {
                Some(said) if said.starts_with("zh") => "zh",
                _ => "en",
            }
        }
    }
}

fn short(text: &str) -> String {
    clean(&text.trim().chars().take(60).collect::<String>())
}

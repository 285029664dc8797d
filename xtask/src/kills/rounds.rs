//! The rounds: start, let four clients buy, kill at a drawn instant, start again; then reckon.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::buyer::{self, Addresses, Course, Purchase, Story};
use super::chance::Chance;
use super::reckoning;
use crate::context::Context;
use crate::demo::{Demo, DemoSpec, free_port_base};
use crate::http::Web;
use crate::plan::{Tally, say};
use crate::postgres::pause;

const CLIENTS: usize = 4;
/// Rows of ports between the engines' own.
const APART: u64 = 700;
/// Below this the test has tried too little to mean anything.
const MIN_ACKNOWLEDGED: usize = 500;
/// A run with fewer kills than the promise's 50 is a trial, held to its share.
const PROMISED_KILLS: u64 = 50;
/// From the moment the demo is ready to the kill.
const SHORTEST_LIFE_MS: u64 = 150;
const LONGEST_LIFE_MS: u64 = 2_500;

/// The step, on the embedded SQLite.
pub(crate) fn sqlite(context: &Context) -> Result<Tally> {
    run(context, "sqlite", None)
}

/// The step, on PostgreSQL.
pub(crate) fn postgres(context: &Context) -> Result<Tally> {
    let server = context
        .postgres
        .get()
        .context("the test server is not running")?;
    let url = server.new_database("tongbao_kills")?;
    run(context, "postgres", Some(url))
}

/// All that happened in all rounds.
#[derive(Default)]
struct Diary {
    purchases: Vec<Purchase>,
    cut: usize,
    trouble: Vec<String>,
}

fn run(context: &Context, engine: &str, database: Option<String>) -> Result<Tally> {
    let log = context.log(&format!("kill-{engine}-demo"));
    // The log is appended to by every start, so it begins empty.
    std::fs::write(&log, "")?;
    let mut chance = Chance::new(context.options.seed);
    // The engines run beside each other; each looks for ports in a place of its own.
    let place = if database.is_some() { APART } else { 0 };
    let spec = DemoSpec {
        binary: context.binary(),
        data: context.fresh_folder(&format!("kill-{engine}"))?,
        port_base: free_port_base(chance.between(0, 500).saturating_add(place))?,
        database,
        log,
    };
    let mut diary = Diary::default();
    for round in 1..=context.options.kills {
        one_round(&spec, round, &mut chance, &mut diary)
            .with_context(|| format!("round {round} (seed {})", context.options.seed))?;
        if round % 10 == 0 {
            say(&format!(
                "    {engine}: {round} kills, {} requests cut off, {} payments acknowledged",
                diary.cut,
                acknowledged(&diary.purchases)
            ));
        }
    }
    let demo = Demo::start(&spec)?;
    let found = reckoning::reckon(&demo, &diary.purchases)?;
    demo.stop()?;
    Ok(judge(context, &spec.log, &diary, found))
}

fn one_round(spec: &DemoSpec, round: u64, chance: &mut Chance, diary: &mut Diary) -> Result<()> {
    let demo = Demo::start(spec)?;
    let web = Web::new();
    let courses = priced_courses(&web, &demo.courses)?;
    let killed = AtomicBool::new(false);
    let life = Duration::from_millis(chance.between(SHORTEST_LIFE_MS, LONGEST_LIFE_MS));
    let mut wallets = Vec::new();
    for client in 0..CLIENTS {
        wallets.push(wallet(&web, &demo.sandbox, client, round)?);
    }
    let stories: Vec<Story> = std::thread::scope(|scope| {
        let clients: Vec<_> = wallets
            .iter()
            .enumerate()
            .map(|(client, wallet)| {
                let at = Addresses {
                    courses: demo.courses.clone(),
                    sandbox: demo.sandbox.clone(),
                    wallet: wallet.clone(),
                };
                let name = format!("kill{round}c{client}");
                let (chance, courses, killed) =
                    (Chance::new(chance.between(0, u64::MAX)), &courses, &killed);
                scope.spawn(move || buyer::buy_until_cut(&at, courses, &name, chance, killed))
            })
            .collect();
        pause(life);
        killed.store(true, Ordering::SeqCst);
        let outcome = demo.kill();
        let stories = clients
            .into_iter()
            .map(|client| client.join().unwrap_or_default())
            .collect();
        outcome.map(|()| stories)
    })?;
    for story in stories {
        diary.cut = diary.cut.saturating_add(usize::from(story.cut.is_some()));
        diary.purchases.extend(story.purchases);
        diary.trouble.extend(
            story
                .trouble
                .into_iter()
                .map(|words| format!("round {round}: {words}")),
        );
    }
    if diary.trouble.len() > 20 {
        bail!(
            "too much trouble while the servers were alive:\n{}",
            diary.trouble.join("\n")
        );
    }
    Ok(())
}

/// The courses that cost something, with the shop's own prices.
fn priced_courses(web: &Web, courses: &str) -> Result<Vec<Course>> {
    let list = web
        .get(&format!("{courses}/course/free/?page_size=100"), None)?
        .good()?;
    let all = list["results"]
        .as_array()
        .context("the catalogue has no results")?;
    let course = |entry: &Value| {
        let id = entry["id"].as_u64()?;
        let price = entry["price"].as_str()?;
        let (yuan, fen) = price.split_once('.')?;
        let price_fen = yuan
            .parse::<u64>()
            .ok()?
            .checked_mul(100)?
            .checked_add(fen.parse().ok()?)?;
        (price_fen > 0).then_some(Course { id, price_fen })
    };
    let priced: Vec<Course> = all.iter().filter_map(course).collect();
    if priced.is_empty() {
        bail!("no priced course in the catalogue: {list}");
    }
    Ok(priced)
}

/// A wallet of the client's own, with enough in it for a round.
fn wallet(web: &Web, sandbox: &str, client: usize, round: u64) -> Result<String> {
    let logon_id = format!("kill-{round}-{client}@example.com");
    let body = json!({"logon_id": logon_id, "balance": reckoning::WALLET_YUAN});
    web.post(&format!("{sandbox}/sandbox/v1/accounts"), None, &body)?
        .good()
        .context("cannot make a wallet account")?;
    Ok(logon_id)
}

fn acknowledged(purchases: &[Purchase]) -> usize {
    purchases.iter().filter(|purchase| purchase.paid).count()
}

fn judge(context: &Context, log: &Path, diary: &Diary, found: reckoning::Found) -> Tally {
    let acknowledged = acknowledged(&diary.purchases);
    let told = diary
        .purchases
        .iter()
        .filter(|purchase| purchase.fulfilled)
        .count();
    let mut tally = Tally {
        passed: found.held,
        failed: 0,
        notes: Vec::new(),
    };
    let mut wrong = found.wrong;
    wrong.extend(
        diary
            .trouble
            .iter()
            .map(|words| format!("while alive: {words}")),
    );
    let kills = context.options.kills;
    let wanted = u64::try_from(MIN_ACKNOWLEDGED)
        .unwrap_or(u64::MAX)
        .saturating_mul(kills.min(PROMISED_KILLS))
        / PROMISED_KILLS;
    if u64::try_from(acknowledged).unwrap_or(0) < wanted {
        wrong.push(format!(
            "only {acknowledged} payments were acknowledged, {wanted} are the least"
        ));
    }
    tally.notes.push(format!(
        "{kills} kills (seed {}): {} requests cut off, {acknowledged} payments acknowledged by Alipay, \
         {told} by the shop, {} orders looked at afterwards",
        context.options.seed,
        diary.cut,
        diary.purchases.len()
    ));
    tally.notes.extend(found.notes);
    if !wrong.is_empty() {
        tally.notes.push(format!(
            "the demo's own words are in {}",
            context.short(log)
        ));
    }
    tally.failed = u64::try_from(wrong.len()).unwrap_or(u64::MAX);
    tally.notes.extend(
        wrong
            .into_iter()
            .take(30)
            .map(|words| format!("not ok {words}")),
    );
    tally
}

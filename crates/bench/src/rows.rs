//! The promises about servers: creating orders and taking notices, on both engines.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use alipay::AlipayTime;
use alipay::keys::PrivateKey;
use anyhow::{Context as _, Result, bail};
use kernel::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::crypto::bare_signatures_per_second;
use crate::house::{API_KEY, APP_ID, House, SELLER_ID, VERIFY_ONLY};
use crate::load::{Count, Shot};
use crate::messages::{CONTENT_TYPE, Paid, paid_notice};
use crate::pgbench;
use crate::report::{Line, grouped};
use crate::say;

/// Where a PostgreSQL is, for the rows that need one.
pub(crate) struct Server<'a> {
    /// A superuser's URL; databases are made on it.
    pub(crate) url: &'a str,
    /// The folder of `psql` and `pgbench`.
    pub(crate) bin: &'a Path,
}

/// Orders prepared for one run; more than any machine of ours uses up.
const ORDERS_PER_SECOND: u64 = 12_000;
const AMOUNT: &str = "39.00";
/// Enough that neither side of a measurement waits for the other's answers.
const CONNECTIONS: usize = 512;

/// One engine's run: what was measured on the way.
pub(crate) struct Run {
    engine: &'static str,
    created_in_shop: Count,
    created_by_rest: Count,
    taken: Count,
    to_a_commit: u64,
    verified_only: Count,
}

/// Measures one engine from an empty database on.
pub(crate) async fn run(engine: &'static str, database: Option<&str>, seconds: u64) -> Result<Run> {
    let folder = tempfile::tempdir()?;
    let house = House::open(folder.path(), database).await?;
    let place = folder.path();

    say(&format!("  {engine}: orders over the shop's API …"));
    let shots = shop_orders(&house).await?;
    let created_in_shop = load(
        place,
        &house.courses.to_string(),
        &shots,
        seconds,
        true,
        None,
    )
    .await?;

    say(&format!("  {engine}: orders over the merchant's REST …"));
    let shots = rest_orders(seconds.saturating_mul(ORDERS_PER_SECOND));
    let answers = place.join("answers");
    let address = house.merchant.to_string();
    let created_by_rest = load(place, &address, &shots, seconds, false, Some(&answers)).await?;

    let numbers = order_numbers(&answers)?;
    say(&format!(
        "  {engine}: signing {} notices …",
        grouped(u64::try_from(numbers.len())?)
    ));
    let shots = notices(&numbers, &house.alipay_key)?;
    say(&format!("  {engine}: notices …"));
    let before = house.stats();
    let taken = load(place, &address, &shots, seconds, false, None).await?;
    let after = house.stats();
    let only: Vec<Shot> = shots
        .into_iter()
        .take(1_000)
        .map(|shot| Shot {
            path: VERIFY_ONLY.to_owned(),
            ..shot
        })
        .collect();
    let verified_only = load(place, &address, &only, seconds, true, None).await?;
    house.close();
    Ok(Run {
        engine,
        created_in_shop,
        created_by_rest,
        taken,
        to_a_commit: (after.closures - before.closures)
            .checked_div(after.commits - before.commits)
            .unwrap_or_default(),
        verified_only,
    })
}

impl Run {
    /// Notices, held against a handler that keeps nothing.
    pub(crate) fn notices_beside_verifying(&self) -> Line {
        let (ours, limit) = (self.taken.per_second(), self.verified_only.per_second());
        Line {
            what: format!(
                "notice over HTTP → verified → committed → success, {}",
                self.engine
            ),
            ours,
            limit,
            limit_is: "the same server, verify only".to_owned(),
            per_mille: ours.saturating_mul(1_000) / limit.max(1),
            target_per_mille: 400,
            beside: format!(
                "p99 {} ms, {} to a commit",
                self.taken.p99_us / 1_000,
                self.to_a_commit
            ),
        }
    }

    /// Notices, held against pgbench with the same SQL.
    pub(crate) async fn notices_beside_pgbench(
        &self,
        server: &Server<'_>,
        seconds: u64,
    ) -> Result<Line> {
        let ours = self.taken.per_second();
        let limit = by_pgbench(server, seconds).await?;
        Ok(Line {
            what: format!(
                "notice over HTTP → verified → committed → success, {}",
                self.engine
            ),
            ours,
            limit,
            limit_is: "pgbench -M prepared -c 32, the same SQL".to_owned(),
            per_mille: ours.saturating_mul(1_000) / limit.max(1),
            target_per_mille: 600,
            beside: format!(
                "verify only {}/s, p99 {} ms",
                grouped(self.verified_only.per_second()),
                self.taken.p99_us / 1_000
            ),
        })
    }

    /// Creating orders, held against the signatures that the machine could make meanwhile.
    pub(crate) fn creates(&self) -> Result<Vec<Line>> {
        let per_core = bare_signatures_per_second()?;
        let line = |what: &str, count: &Count| {
            let limit = left_for_signing(per_core, count);
            let ours = count.per_second();
            Line {
                what: format!("{what}, {}", self.engine),
                ours,
                limit,
                limit_is: "signatures by what the load generator leaves".to_owned(),
                per_mille: ours.saturating_mul(1_000) / limit.max(1),
                target_per_mille: 500,
                beside: format!("p99 {} ms", count.p99_us / 1_000),
            }
        };
        Ok(vec![
            line(
                "create a page order over the shop's API (priced, stored, signed)",
                &self.created_in_shop,
            ),
            line(
                "create a page order over the merchant's REST",
                &self.created_by_rest,
            ),
        ])
    }
}

/// Makes orders as the service does, and lets pgbench pay them.
async fn by_pgbench(server: &Server<'_>, seconds: u64) -> Result<u64> {
    let database = pgbench::new_database(server, "tongbao_pgbench").await?;
    let folder = tempfile::tempdir()?;
    let house = House::open(folder.path(), Some(&database)).await?;
    say("  PostgreSQL: orders for pgbench …");
    let shots = rest_orders(seconds.saturating_mul(ORDERS_PER_SECOND));
    let made = load(
        folder.path(),
        &house.merchant.to_string(),
        &shots,
        seconds,
        false,
        None,
    )
    .await?;
    house.close();
    say("  PostgreSQL: pgbench …");
    pgbench::notices(server, &database, made.good).await
}

/// Bare signatures per second of all cores, less the load generator's share.
pub(crate) fn left_for_signing(per_core: u64, count: &Count) -> u64 {
    let cores = std::thread::available_parallelism()
        .map_or(1, |cores| u64::try_from(cores.get()).unwrap_or(1));
    let took_ms = (count.took_us / 1_000).max(1);
    let all_ms = took_ms.saturating_mul(cores);
    let left_ms = all_ms.saturating_sub(count.cpu_ms);
    per_core.saturating_mul(left_ms) / took_ms
}

/// Starts the load generator as a process of its own.
pub(crate) async fn load(
    place: &Path,
    address: &str,
    shots: &[Shot],
    seconds: u64,
    again: bool,
    answers: Option<&PathBuf>,
) -> Result<Count> {
    let file = place.join("requests");
    let mut lines = BufWriter::new(std::fs::File::create(&file)?);
    for shot in shots {
        serde_json::to_writer(&mut lines, shot)?;
        lines.write_all(b"\n")?;
    }
    lines.flush()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args([
        "load",
        "--address",
        address,
        "--seconds",
        &seconds.to_string(),
    ]);
    command
        .args(["--connections", &CONNECTIONS.to_string()])
        .arg("--requests")
        .arg(&file);
    if again {
        command.arg("--again");
    }
    if let Some(answers) = answers {
        command.arg("--answers").arg(answers);
    }
    let output = command.stderr(Stdio::inherit()).output().await?;
    let count: Count =
        serde_json::from_slice(&output.stdout).context("the load generator broke")?;
    if count.bad > 0 || count.good == 0 {
        let first = count
            .first_bad
            .unwrap_or_else(|| "no answer at all".to_owned());
        bail!(
            "{} good answers, {} bad ones; the first: {first}",
            count.good,
            count.bad
        );
    }
    Ok(count)
}

fn json_headers(more: &[(&str, &str)]) -> BTreeMap<String, String> {
    let all = more.iter().chain(&[("Content-Type", "application/json")]);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// One order of a logged-in user, sent again and again.
async fn shop_orders(house: &House) -> Result<Vec<Shot>> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()?;
    let origin = format!("http://{}", house.courses);
    let user = json!({"username": "root", "password": "zxc123456"}).to_string();
    let login = client
        .post(format!("{origin}/user/login/"))
        .header("Content-Type", "application/json")
        .body(user)
        .send()
        .await?
        .text()
        .await?;
    let login: Value = serde_json::from_str(&login)?;
    let token = login["token"]
        .as_str()
        .context("the shop gave no token")?
        .to_owned();
    let list = client
        .get(format!("{origin}/course/free/?page_size=50"))
        .send()
        .await?
        .text()
        .await?;
    let list: Value = serde_json::from_str(&list)?;
    let all = list["results"].as_array().context("no catalogue")?;
    let priced = all.iter().filter(|course| course["price"] != "0.00");
    let shots = priced.map(|course| Shot {
        path: "/order/pay/".to_owned(),
        headers: json_headers(&[("Authorization", &format!("jwt {token}"))]),
        body: json!({
            "subject": "speed", "total_amount": course["price"], "pay_type": 0, "course": [course["id"]],
        })
        .to_string(),
    });
    Ok(shots.collect())
}

fn rest_orders(count: u64) -> Vec<Shot> {
    let bearer = format!("Bearer {API_KEY}");
    let shot = |at: u64| {
        let number = format!("bench{at:010}");
        Shot {
            path: "/v1/orders".to_owned(),
            headers: json_headers(&[("Authorization", &bearer), ("Idempotency-Key", &number)]),
            body: json!({
                "merchant_order_no": number, "subject": "speed", "total_amount": AMOUNT, "product": "page",
                "return_url": "https://shop.example.com/paid",
            })
            .to_string(),
        }
    };
    (0..count).map(shot).collect()
}

fn order_numbers(answers: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(answers)?;
    let number = |line: &str| -> Result<String> {
        let answer: Value = serde_json::from_str(line)?;
        Ok(answer["merchant_order_no"]
            .as_str()
            .context("an order without its number")?
            .to_owned())
    };
    let mut numbers = text.lines().map(number).collect::<Result<Vec<_>>>()?;
    // People pay in about the order in which they ordered.
    numbers.sort_unstable();
    Ok(numbers)
}

/// A signed notice for each order, made by all cores.
fn notices(numbers: &[String], key: &PrivateKey) -> Result<Vec<Shot>> {
    let time = AlipayTime::from_unix_ms(SystemClock.now().ms())
        .context("the clock is far off")?
        .to_string();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let began = Instant::now();
    let parts: Vec<Result<Vec<Shot>>> = std::thread::scope(|scope| {
        let size = numbers.len().div_ceil(cores).max(1);
        let threads: Vec<_> = numbers
            .chunks(size)
            .enumerate()
            .map(|(part, chunk)| {
                let first = u64::try_from(part * size).unwrap_or(0);
                let time = time.as_str();
                scope.spawn(move || {
                    chunk
                        .iter()
                        .zip(first..)
                        .map(|(no, at)| notice(no, at, time, key))
                        .collect()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| bail!("a thread broke")))
            .collect()
    });
    let mut shots = Vec::with_capacity(numbers.len());
    for part in parts {
        shots.extend(part?);
    }
    say(&format!("    {} s", began.elapsed().as_secs()));
    Ok(shots)
}

fn notice(out_trade_no: &str, number: u64, time: &str, key: &PrivateKey) -> Result<Shot> {
    let paid = Paid {
        out_trade_no,
        total_amount: AMOUNT,
        app_id: APP_ID,
        seller_id: SELLER_ID,
        number,
        time,
    };
    Ok(Shot {
        path: "/notify/alipay".to_owned(),
        headers: [("Content-Type".to_owned(), CONTENT_TYPE.to_owned())].into(),
        body: paid_notice(&paid, key)?,
    })
}

//! The load generator: a program of its own, so that its share of the machine can be told apart.
//!
//! It keeps a number of connections open, sends each its next request as soon as the last one is
//! answered, and prints what it counted as one line of JSON.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;

/// What the generator is told.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LoadArguments {
    /// Where the server listens, `host:port`.
    #[arg(long)]
    pub(crate) address: String,
    /// A file with one request per line, as JSON.
    #[arg(long)]
    pub(crate) requests: PathBuf,
    /// How many connections are kept busy.
    #[arg(long, default_value_t = 32)]
    pub(crate) connections: usize,
    /// Stop after this time, even when requests are left.
    #[arg(long, default_value_t = 10)]
    pub(crate) seconds: u64,
    /// Begin again at the first request when all are sent.
    #[arg(long)]
    pub(crate) again: bool,
    /// Write the answers' bodies here, one per line.
    #[arg(long)]
    pub(crate) answers: Option<PathBuf>,
}

/// One request of the file.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Shot {
    /// Path and query.
    pub(crate) path: String,
    /// Headers beside `Host`.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body of the POST.
    pub(crate) body: String,
}

/// What the generator counted.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Count {
    /// Requests answered with 2xx.
    pub(crate) good: usize,
    /// Requests answered with anything else.
    pub(crate) bad: usize,
    /// The first answer that was not good.
    pub(crate) first_bad: Option<String>,
    /// From the first request to the last answer, µs.
    pub(crate) took_us: u64,
    /// The slowest of the fastest 99 of 100 requests, µs.
    pub(crate) p99_us: u64,
    /// What the generator itself used of the processors, ms.
    pub(crate) cpu_ms: u64,
}

impl Count {
    /// Good answers per second.
    pub(crate) fn per_second(&self) -> u64 {
        let good = u64::try_from(self.good).unwrap_or(u64::MAX);
        good.saturating_mul(1_000_000) / self.took_us.max(1)
    }
}

struct Gun {
    shots: Vec<Shot>,
    next: AtomicUsize,
    again: bool,
    host: String,
    until: Instant,
}

#[derive(Default)]
struct Hits {
    good: usize,
    bad: usize,
    first_bad: Option<String>,
    answers: Vec<Bytes>,
    times_us: Vec<u64>,
}

/// Fires the requests.
pub(crate) async fn run(arguments: LoadArguments) -> Result<Count> {
    let text = std::fs::read_to_string(&arguments.requests)?;
    let shots: Vec<Shot> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    if shots.is_empty() {
        bail!("no request in {}", arguments.requests.display());
    }
    let mut senders = Vec::new();
    for _ in 0..arguments.connections {
        senders.push(connect(&arguments.address).await?);
    }
    let began = Instant::now();
    let gun = Arc::new(Gun {
        shots,
        next: AtomicUsize::new(0),
        again: arguments.again,
        host: arguments.address.clone(),
        until: began + Duration::from_secs(arguments.seconds),
    });
    let keep = arguments.answers.is_some();
    let tasks: Vec<_> = senders
        .into_iter()
        .map(|sender| tokio::spawn(fire(Arc::clone(&gun), sender, keep)))
        .collect();
    let mut all = Hits::default();
    for task in tasks {
        let hits = task.await??;
        all.good = all.good.saturating_add(hits.good);
        all.bad = all.bad.saturating_add(hits.bad);
        all.first_bad = all.first_bad.or(hits.first_bad);
        all.answers.extend(hits.answers);
        all.times_us.extend(hits.times_us);
    }
    let took_us = u64::try_from(began.elapsed().as_micros())?;
    if let Some(file) = &arguments.answers {
        let lines: Vec<&[u8]> = all.answers.iter().map(AsRef::as_ref).collect();
        std::fs::write(file, lines.join(&b'\n'))?;
    }
    all.times_us.sort_unstable();
    let at_99 = all.times_us.len().saturating_mul(99) / 100;
    Ok(Count {
        good: all.good,
        bad: all.bad,
        first_bad: all.first_bad,
        took_us,
        p99_us: all.times_us.get(at_99).copied().unwrap_or_default(),
        cpu_ms: cpu_ms()?,
    })
}

async fn connect(address: &str) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address)
        .await
        .with_context(|| format!("no server at {address}"))?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // It ends with the sender; what went wrong shows at the sender too.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}

async fn fire(gun: Arc<Gun>, mut sender: SendRequest<Full<Bytes>>, keep: bool) -> Result<Hits> {
    let mut hits = Hits::default();
    while Instant::now() < gun.until {
        let at = gun.next.fetch_add(1, Ordering::Relaxed);
        let shot = match gun.shots.get(at) {
            Some(shot) => shot,
            None if gun.again => &gun.shots[at % gun.shots.len()],
            None => break,
        };
        let mut request = Request::post(&shot.path).header("Host", &gun.host);
        for (name, value) in &shot.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(shot.body.clone())))?;
        let began = Instant::now();
        let answer = sender.send_request(request).await?;
        let good = answer.status().is_success();
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        hits.times_us
            .push(u64::try_from(began.elapsed().as_micros())?);
        if good {
            hits.good = hits.good.saturating_add(1);
            if keep {
                hits.answers.push(body);
            }
        } else {
            hits.bad = hits.bad.saturating_add(1);
            hits.first_bad
                .get_or_insert_with(|| format!("{status} {}", String::from_utf8_lossy(&body)));
        }
    }
    Ok(hits)
}

/// What this process used of the processors so far; 0 where the system does not tell.
fn cpu_ms() -> Result<u64> {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else {
        return Ok(0);
    };
    // The command's name stands in parentheses and may hold blanks; utime is the 12th field after it.
    let after = stat.rsplit_once(") ").context("an odd /proc/self/stat")?.1;
    let fields: Vec<&str> = after.split(' ').collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|field| field.parse::<u64>().ok())
            .unwrap_or(0)
    };
    Ok(ticks(11)
        .saturating_add(ticks(12))
        .saturating_mul(MS_PER_TICK))
}

/// Linux counts processor time in hundredths of a second.
const MS_PER_TICK: u64 = 10;

//! The sandbox as a gateway: calls per second, held against the signatures that the machine makes.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use alipay::keys::{PrivateKey, PublicKey};
use alipay::notice::Unverified;
use alipay::requests::{Method, Precreate, Query};
use alipay::transport::HttpTransport;
use alipay::{AlipayTime, App, Client, Outcome};
use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use kernel::{Clock as _, SystemClock};
use money::Fen;
use serde_json::Value;

use crate::crypto::bare_signatures_per_second;
use crate::load::Shot;
use crate::report::{Line, grouped};
use crate::rows::{left_for_signing, load};
use crate::starts::{self, pause};
use crate::{crypto, say};

/// Calls prepared for one run; more than any machine of ours uses up.
const CALLS_PER_SECOND: u64 = 3_000;
/// Trades that are asked about in turn.
const ASKED: u64 = 500;
const AMOUNT: i64 = 3_900;
/// How long notices may take after the last payment.
const PATIENCE: Duration = Duration::from_mins(2);

/// Everything that the rows need.
struct Place {
    client: Client,
    address: String,
    folder: tempfile::TempDir,
    now: AlipayTime,
}

/// Starts a sandbox of this build, and measures it.
pub(crate) async fn rows(binary: &Path, seconds: u64) -> Result<Vec<Line>> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let port = starts::free_ports()?;
    let running = starts::sandbox(binary, &data, port)?;
    let (app, alipay_key) = app(&data.join("sandbox"))?;
    let place = Place {
        client: Client::new(app, Arc::new(HttpTransport::new()?)),
        address: format!("127.0.0.1:{port}"),
        folder,
        now: AlipayTime::from_unix_ms(SystemClock.now().ms()).context("the clock is far off")?,
    };
    let per_core = bare_signatures_per_second()?;
    let mut lines = vec![precreate(&place, per_core, seconds).await?];
    lines.extend(payments(&place, alipay_key, per_core, seconds).await?);
    drop(running);
    Ok(lines)
}

fn app(folder: &Path) -> Result<(App, PublicKey)> {
    let text = std::fs::read_to_string(folder.join("sandbox.json"))?;
    let file: Value = serde_json::from_str(&text)?;
    let text = |value: &Value| {
        value
            .as_str()
            .map(str::to_owned)
            .context("an odd sandbox.json")
    };
    let key = |name: &str| -> Result<String> {
        Ok(std::fs::read_to_string(
            folder.join(text(&file["keys"][name])?),
        )?)
    };
    let private = PrivateKey::parse(&key("app_private_key")?)?;
    let public = PublicKey::parse(&key("alipay_public_key")?)?;
    let app = App::new(
        &text(&file["app_id"])?,
        &text(&file["gateway_url"])?,
        private,
        public.clone(),
    );
    Ok((app, public))
}

impl Place {
    /// A signed call, ready to be fired.
    fn shot<M: Method>(&self, request: &M, notify_url: Option<&str>) -> Result<Shot> {
        let content = request.biz_content()?;
        let signed = self
            .client
            .request(M::METHOD, &content, notify_url, self.now)?;
        let at = signed.url.find("/gateway.do").context("an odd gateway")?;
        let headers = signed.headers.iter();
        Ok(Shot {
            path: signed.url[at..].to_owned(),
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            body: String::from_utf8(signed.body)?,
        })
    }

    fn precreates(&self, prefix: &str, count: u64, notify_url: Option<&str>) -> Result<Vec<Shot>> {
        let shot = |number: u64| {
            let request = Precreate::new(
                &number_of(prefix, number),
                crypto::SUBJECT,
                Fen::new(AMOUNT),
            );
            self.shot(&request, notify_url)
        };
        (0..count).map(shot).collect()
    }
}

fn line(what: &str, rate: u64, limit: u64, target_per_mille: u64, beside: String) -> Line {
    Line {
        what: format!("sandbox: {what}"),
        ours: rate,
        limit,
        limit_is: "bare signatures by what the load generator leaves".to_owned(),
        per_mille: rate.saturating_mul(1_000) / limit.max(1),
        target_per_mille,
        beside,
    }
}

fn number_of(prefix: &str, number: u64) -> String {
    format!("{prefix}{number:010}")
}

async fn precreate(place: &Place, per_core: u64, seconds: u64) -> Result<Line> {
    say("  sandbox: signing calls …");
    let shots = place.precreates("made", seconds.saturating_mul(CALLS_PER_SECOND), None)?;
    say("  sandbox: precreate …");
    let count = load(
        place.folder.path(),
        &place.address,
        &shots,
        seconds,
        false,
        None,
    )
    .await?;
    let first = Query::by_out_trade_no(&number_of("made", 0));
    // An order that nobody scanned is no trade yet, and the gateway knows it all the same.
    if let Outcome::Unknown(unknown) = place.client.query(&first, place.now).await {
        bail!("the sandbox does not answer: {unknown}");
    }
    let limit = left_for_signing(per_core, &count);
    let beside = format!("p99 {} ms; made, stored, signed", count.p99_us / 1_000);
    Ok(line(
        "alipay.trade.precreate",
        count.per_second(),
        limit,
        0,
        beside,
    ))
}

/// What arrives at the merchant.
struct Arrived {
    key: PublicKey,
    good: AtomicU64,
    bad: AtomicU64,
}

/// Pays as fast as it can be clicked, until the merchant has said `success` to every notice; then
/// asks about what was paid.
async fn payments(place: &Place, key: PublicKey, per_core: u64, seconds: u64) -> Result<Vec<Line>> {
    let arrived = Arc::new(Arrived {
        key,
        good: AtomicU64::new(0),
        bad: AtomicU64::new(0),
    });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let notify_url = format!("http://{}/notify", listener.local_addr()?);
    let router = Router::new()
        .route("/notify", post(notice))
        .with_state(Arc::clone(&arrived));
    let merchant = tokio::spawn(async move { axum::serve(listener, router).await });

    let most = seconds.saturating_mul(CALLS_PER_SECOND / 3).max(ASKED);
    let made = place.precreates("paid", most, Some(&notify_url))?;
    // As long as it takes: these are not measured.
    load(place.folder.path(), &place.address, &made, 600, false, None).await?;
    let json = |path: String, body: &str| Shot {
        path,
        headers: [("Content-Type".to_owned(), "application/json".to_owned())].into(),
        body: body.to_owned(),
    };
    // The buyer must not run dry on a fast machine.
    let rich = json(
        "/sandbox/v1/accounts/buyer@sandbox.com/top-up".to_owned(),
        r#"{"amount":"100000000.00"}"#,
    );
    load(
        place.folder.path(),
        &place.address,
        &[rich],
        60,
        false,
        None,
    )
    .await?;
    let pay = |number: u64| {
        let path = format!("/sandbox/v1/trades/{}/pay", number_of("paid", number));
        json(path, "{}")
    };
    let pays: Vec<Shot> = (0..most).map(pay).collect();
    say("  sandbox: pay → notice → success …");
    let began = Instant::now();
    let count = load(
        place.folder.path(),
        &place.address,
        &pays,
        seconds,
        false,
        None,
    )
    .await?;
    let clicked = began.elapsed();
    let good = u64::try_from(count.good)?;
    while arrived.good.load(Ordering::Relaxed) < good {
        if began.elapsed() > clicked + PATIENCE {
            bail!(
                "{} payments, but only {} notices came",
                good,
                arrived.good.load(Ordering::Relaxed)
            );
        }
        tokio::task::spawn_blocking(|| pause(Duration::from_millis(2))).await?;
    }
    let took_us = u64::try_from(began.elapsed().as_micros())?.max(1);
    merchant.abort();
    if arrived.bad.load(Ordering::Relaxed) > 0 {
        bail!("notices came that do not verify");
    }
    let through = good.saturating_mul(1_000_000) / took_us;
    let beside = format!(
        "{} paid, the last success {} ms after the last click; p99 of a click {} ms",
        grouped(good),
        (took_us / 1_000).saturating_sub(u64::try_from(clicked.as_millis())?),
        count.p99_us / 1_000
    );
    let limit = left_for_signing(per_core, &count);
    let paid = line(
        "pay → notice → success, each durable",
        through,
        limit,
        0,
        beside,
    );
    Ok(vec![query(place, per_core, seconds, good).await?, paid])
}

async fn query(place: &Place, per_core: u64, seconds: u64, paid: u64) -> Result<Line> {
    let shots: Vec<Shot> = (0..paid.min(ASKED))
        .map(|number| place.shot(&Query::by_out_trade_no(&number_of("paid", number)), None))
        .collect::<Result<_>>()?;
    let first = Query::by_out_trade_no(&number_of("paid", 0));
    match place.client.query(&first, place.now).await {
        Outcome::Done(trade) if trade.trade_status.is_paid() => {}
        other => bail!("the first trade is not paid: {other:?}"),
    }
    say("  sandbox: query …");
    let count = load(
        place.folder.path(),
        &place.address,
        &shots,
        seconds,
        true,
        None,
    )
    .await?;
    let limit = left_for_signing(per_core, &count);
    let beside = format!("p99 {} ms", count.p99_us / 1_000);
    Ok(line(
        "alipay.trade.query of a paid trade",
        count.per_second(),
        limit,
        600,
        beside,
    ))
}

/// A merchant who only verifies and counts.
async fn notice(
    State(arrived): State<Arc<Arrived>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let verified =
        Unverified::from_form(&body, kind).and_then(|notice| notice.verify(&arrived.key));
    if verified.is_ok() {
        arrived.good.fetch_add(1, Ordering::Relaxed);
        (StatusCode::OK, "success")
    } else {
        arrived.bad.fetch_add(1, Ordering::Relaxed);
        (StatusCode::OK, "failure")
    }
}

//! `tongbao doctor`: checks a deployment and says what to mend. It changes nothing.

use super::serve;
use super::served_app::in_force_until;
use crate::args::DoctorArgs;
use crate::config::Config;
use crate::exit::Failure;
use crate::gateway::now;
use crate::printer::{self, clean};
use alipay::requests::Query;
use alipay::transport::HttpTransport;
use alipay::{Outcome, Why};
use anyhow::{Context as _, bail};
use kernel::time::DAY_MS;
use kernel::{Clock as _, SystemClock};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use store::{Db, DbOptions};

/// How far our clock may be from the gateway's before signatures with times are refused.
const SKEW_LIMIT_S: i64 = 60;
/// So long before its end a certificate is to be renewed.
const RENEW_DAYS: i64 = 30;
/// How long one question may take.
const TIMEOUT_MS: u64 = 10_000;

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    how: How,
    says: String,
}

/// How it stands with a thing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum How {
    Good,
    /// It works, and will not for long.
    EndsSoon,
    /// It is to be mended now.
    Wrong,
}

/// Looks at everything, and refuses when something is wrong.
pub(crate) async fn run(args: DoctorArgs) -> Result<(), Failure> {
    let config = Config::load(&args.config)?;
    let mut findings = vec![keys(&config), database(&config).await];
    let client = reqwest::Client::builder()
        .timeout(Duration::from_millis(TIMEOUT_MS))
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    for gateway in gateways(&config) {
        findings.push(skew(&client, &gateway).await);
    }
    findings.extend(certificates(&config)?);
    findings.extend(pairs(&config).await);
    findings.push(notify_url(&client, &config).await);
    report(&findings, args.json);
    let is_wrong = |finding: &&Finding| finding.how == How::Wrong;
    match findings.iter().filter(is_wrong).count() {
        0 => Ok(()),
        1 => Err(Failure::refused("one thing is to be mended")),
        wrong => Err(Failure::refused(format!("{wrong} things are to be mended"))),
    }
}

fn finding(what: &'static str, result: anyhow::Result<String>) -> Finding {
    let (how, says) = match result {
        Ok(says) => (How::Good, says),
        Err(error) => (How::Wrong, format!("{error:#}")),
    };
    Finding { what, how, says }
}

fn keys(config: &Config) -> Finding {
    finding(
        "keys",
        serve::merchants(config).map(|merchants| {
            let apps: usize = merchants.iter().map(|merchant| merchant.apps.len()).sum();
            format!(
                "{} merchants with {apps} applications; every key can be read",
                merchants.len()
            )
        }),
    )
}

/// Looks without opening, so that a running service is not disturbed and nothing is brought up to
/// date behind its back.
async fn database(config: &Config) -> Finding {
    let looked = async {
        let url = serve::database_url(config, "merchant");
        let file = url.strip_prefix("sqlite:").map(std::path::Path::new);
        if file.is_some_and(|file| !file.exists()) {
            return Ok("not there yet; the first start makes it".to_owned());
        }
        let options = DbOptions {
            url,
            schema: "merchant".to_owned(),
            steps: merchant::steps(),
            max_connections: 1,
        };
        let found = Db::inspect(options)
            .await
            .context("the database cannot be read")?;
        anyhow::ensure!(
            found.changed.is_empty() && found.unknown.is_empty(),
            "another version of this program has written its schema; run that one, or a newer one"
        );
        let engine = found.engine;
        Ok(match found.missing.len() {
            0 => format!("{engine:?} answers and its schema is up to date"),
            missing => format!("{engine:?} answers; the next start brings {missing} steps"),
        })
    };
    finding("database", looked.await)
}

fn gateways(config: &Config) -> Vec<String> {
    let mut gateways: Vec<String> = config
        .merchants
        .values()
        .flat_map(|merchant| merchant.apps.values())
        .map(|app| app.gateway_url.clone())
        .collect();
    gateways.sort();
    gateways.dedup();
    gateways
}

/// Alipay renews certificates, but not those that were downloaded: whoever does not look in time
/// stands without.
fn certificates(config: &Config) -> anyhow::Result<Vec<Finding>> {
    let now = now()?.unix_ms();
    let mut findings = Vec::new();
    for (merchant, entry) in &config.merchants {
        for (name, app) in &entry.apps {
            // What cannot be read is a finding about keys already.
            let Ok(Some(certs)) = in_force_until(config, app) else {
                continue;
            };
            for (which, until) in certs {
                let days = (until.unix_ms() - now) / DAY_MS;
                let whose = format!("{merchant}.{name}: {which}");
                let (how, says) = match days {
                    _ if until.unix_ms() < now => (
                        How::Wrong,
                        format!(
                            "{whose} ran out on {until}; download the new one from Alipay's console"
                        ),
                    ),
                    days if days < RENEW_DAYS => (
                        How::EndsSoon,
                        format!(
                            "{whose} runs out in {days} days, on {until}; renew it in Alipay's console"
                        ),
                    ),
                    _ => (How::Good, format!("{whose} is in force until {until}")),
                };
                let what = "certificates";
                findings.push(Finding { what, how, says });
            }
        }
    }
    Ok(findings)
}

/// Every HTTP answer carries the server's time.
async fn skew(client: &reqwest::Client, gateway: &str) -> Finding {
    let asked = async {
        let answer = client
            .get(gateway)
            .send()
            .await
            .with_context(|| format!("the gateway `{gateway}` does not answer"))?;
        let date = answer
            .headers()
            .get(reqwest::header::DATE)
            .and_then(|date| date.to_str().ok());
        let Some(date) = date else {
            return Ok(format!(
                "`{gateway}` answers, but does not say what time it is"
            ));
        };
        let theirs = httpdate::parse_http_date(date)
            .with_context(|| format!("`{gateway}` says that it is `{date}`"))?
            .duration_since(std::time::UNIX_EPOCH)?;
        let theirs = kernel::Timestamp::from_ms(i64::try_from(theirs.as_millis())?);
        let skew_s = SystemClock.now().since_ms(theirs) / 1_000;
        anyhow::ensure!(
            skew_s.abs() <= SKEW_LIMIT_S,
            "this machine's clock is {skew_s} seconds ahead of `{gateway}`; set it by NTP"
        );
        Ok(format!("`{gateway}` answers, {skew_s} seconds apart"))
    };
    finding("gateway and clock", asked.await)
}

/// Asks each gateway about a trade that nobody has made. Only a signed "no such trade" says that
/// Alipay knows the application's key, and that its own key is the configured one.
async fn pairs(config: &Config) -> Vec<Finding> {
    let Ok(merchants) = serve::merchants(config) else {
        // The keys themselves cannot be read, which is a finding already.
        return Vec::new();
    };
    let mut findings = Vec::new();
    for merchant in merchants {
        for app in merchant.apps {
            let name = format!("{}.{}", merchant.name, app.name);
            findings.push(finding(
                "keys at the gateway",
                pair(&name, app.alipay).await,
            ));
        }
    }
    findings
}

async fn pair(name: &str, app: alipay::App) -> anyhow::Result<String> {
    let in_cert_mode = app.cert_mode.is_some();
    let client = alipay::Client::new(app, Arc::new(HttpTransport::new()?));
    let number = kernel::uuid_v7_hex(&SystemClock, &kernel::OsRng);
    let query = Query::by_out_trade_no(&number);
    let outcome = client
        .with_timeout_ms(TIMEOUT_MS)
        .query(&query, now()?)
        .await;
    match outcome {
        Outcome::Refused(no) if no.is_trade_not_exist() => Ok(format!(
            "{name}: the gateway knows the application's key and signs with the configured one"
        )),
        Outcome::Refused(no) if no.sub_code.ends_with("invalid-signature") => bail!(
            "{name}: the gateway does not know app_private_key; paste its public key into Alipay's console"
        ),
        Outcome::Refused(no) if in_cert_mode && no.sub_code.contains("cert") => bail!(
            "{name}: the gateway does not know app_cert or alipay_root_cert ({}); download both from the console of this very application",
            clean(&no.to_string())
        ),
        Outcome::Refused(no) => bail!("{name}: the gateway refuses: {}", clean(&no.to_string())),
        Outcome::Unknown(unknown)
            if in_cert_mode && matches!(unknown.why, Why::Signature(_) | Why::UnknownCert(_)) =>
        {
            bail!(
                "{name}: alipay_cert is not the certificate that the gateway signs with; download Alipay's from its console ({unknown})"
            )
        }
        Outcome::Unknown(unknown) if matches!(unknown.why, Why::Signature(_)) => bail!(
            "{name}: alipay_public_key is not the key that the gateway signs with; copy Alipay's from its console"
        ),
        Outcome::Unknown(unknown) => bail!("{name}: {unknown}"),
        Outcome::Done(_) => bail!("{name}: the gateway knows a trade that nobody made"),
    }
}

/// An empty notice must be refused by us: then the address leads here and nothing rewrites it.
async fn notify_url(client: &reqwest::Client, config: &Config) -> Finding {
    let url = format!("{}/notify/alipay", config.public_url);
    let asked = async {
        let answer = client
            .post(&url)
            .header(
                "content-type",
                "application/x-www-form-urlencoded; text/html; charset=UTF-8",
            )
            .header("user-agent", "Mozilla/4.0")
            .body("")
            .send()
            .await
            .with_context(|| format!("`{url}` does not answer; Alipay's notices would be lost"))?;
        let status = answer.status();
        let text = answer.text().await.unwrap_or_default();
        anyhow::ensure!(
            status == 200 && text == "failure",
            "`{url}` answers {status} and something else than `failure` to an empty notice; a proxy, \
             a login or a redirect stands before the service"
        );
        Ok(format!("`{url}` leads to the service"))
    };
    finding("notify address", asked.await)
}

fn report(findings: &[Finding], as_json: bool) {
    if as_json {
        let list: Vec<_> = findings
            .iter()
            .map(|finding| {
                json!({
                    "check": finding.what, "ok": finding.how != How::Wrong,
                    "ends_soon": finding.how == How::EndsSoon, "says": finding.says,
                })
            })
            .collect();
        printer::json(&json!({ "findings": list }));
        return;
    }
    for finding in findings {
        let mark = match finding.how {
            How::Good => "ok   ",
            How::EndsSoon => "SOON ",
            How::Wrong => "WRONG",
        };
        printer::data(format!("{mark}  {}: {}", finding.what, finding.says));
    }
}

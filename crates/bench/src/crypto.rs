//! The first two promises: what signing and verifying cost beside the bare RSA operation.
//!
//! Both sides run on one core, in turns of a fifth of a second, so that a busy moment of the
//! machine hits both; the ratio is the median of the turns'.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use alipay::keys::PrivateKey;
use alipay::notice::{Expectation, Unverified};
use alipay::requests::PagePay;
use alipay::{AlipayTime, App};
use anyhow::{Context as _, Result, bail};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};
use money::Fen;

use crate::messages::{CONTENT_TYPE, Paid, paid_notice};
use crate::report::Line;

const TURN: Duration = Duration::from_millis(200);
/// Operations between two looks at the time.
const BATCH: u64 = 8;

/// The order's number.
pub(crate) const NUMBER: &str = "019ab3f1c2d47e6f8a90b1c2d3e4f506";
/// What is bought.
pub(crate) const SUBJECT: &str = "通宝 speed";
const APP_ID: &str = "2021000000000001";
const SELLER_ID: &str = "2088000000000001";
const TIME: &str = "2026-08-21 09:30:00";

/// Signing a page-pay link, from its fields to the finished address.
pub(crate) fn signing(seconds: u64) -> Result<Line> {
    let app = app(PrivateKey::generate(2048)?)?;
    let now = AlipayTime::parse(TIME)?;
    let ours = || link(&app, now);
    let key = KeyPair::generate(KeySize::Rsa2048)?;
    let random = SystemRandom::new();
    let mut signature = vec![0; key.public_modulus_len()];
    let bare = || -> Result<()> {
        key.sign(
            &RSA_PKCS1_SHA256,
            &random,
            black_box(b"bare"),
            &mut signature,
        )?;
        Ok(())
    };
    let (ours, bare, per_mille) = duel(seconds, ours, bare)?;
    Ok(Line {
        what: "sign a page-pay link, one core".to_owned(),
        ours,
        limit: bare,
        limit_is: "bare RSA-2048 private operation".to_owned(),
        per_mille,
        target_per_mille: 950,
        beside: openssl("sign").unwrap_or_else(|error| format!("openssl: {error:#}")),
    })
}

/// One link, from the order's fields to the finished address.
fn link(app: &App, now: AlipayTime) -> Result<()> {
    let pay = PagePay::new(NUMBER, SUBJECT, Fen::new(3_900));
    let link = app.page_url(
        &pay,
        Some("https://shop.example.com/pay/success"),
        Some("https://pay.example.com/notify/alipay"),
        black_box(now),
    )?;
    black_box(link);
    Ok(())
}

/// Links per second with this key, alone on one core.
pub(crate) fn links_per_second(key: &PrivateKey, seconds: u64) -> Result<u64> {
    let app = app(key.clone())?;
    let now = AlipayTime::parse(TIME)?;
    let mut ours = || link(&app, now);
    rate(&mut ours)?;
    let turns = (seconds.saturating_mul(1_000) / 200).max(5);
    let mut rates: Vec<u64> = (0..turns).map(|_| rate(&mut ours)).collect::<Result<_>>()?;
    Ok(median(&mut rates))
}

/// Verifying a notice, from the form's bytes to a value that was compared with its order.
pub(crate) fn verifying(seconds: u64) -> Result<Line> {
    let key = PrivateKey::generate(2048)?;
    let paid = Paid {
        out_trade_no: NUMBER,
        total_amount: "39.00",
        app_id: APP_ID,
        seller_id: SELLER_ID,
        number: 1,
        time: TIME,
    };
    let body = paid_notice(&paid, &key)?;
    let public = key.public_key();
    let expectation = Expectation {
        out_trade_no: NUMBER,
        total_amount: Fen::new(3_900),
        app_id: APP_ID,
        seller_id: SELLER_ID,
    };
    let ours = || -> Result<()> {
        let notice = Unverified::from_form(black_box(body.as_bytes()), Some(CONTENT_TYPE))?;
        let notice = notice.verify(public)?;
        black_box(notice.check(&expectation)?.acknowledge());
        Ok(())
    };
    let pair = KeyPair::generate(KeySize::Rsa2048)?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        b"bare",
        &mut signature,
    )?;
    let parsed = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref())?;
    let bare = || -> Result<()> { Ok(parsed.verify_sig(black_box(b"bare"), &signature)?) };
    let (ours, bare, per_mille) = duel(seconds, ours, bare)?;
    Ok(Line {
        what: "verify a notice, bytes to a checked value, one core".to_owned(),
        ours,
        limit: bare,
        limit_is: "bare RSA-2048 public operation".to_owned(),
        per_mille,
        target_per_mille: 800,
        beside: openssl("verify").unwrap_or_else(|error| format!("openssl: {error:#}")),
    })
}

/// Bare RSA-2048 signatures per second of one core, measured for a moment.
pub(crate) fn bare_signatures_per_second() -> Result<u64> {
    let key = KeyPair::generate(KeySize::Rsa2048)?;
    let random = SystemRandom::new();
    let mut signature = vec![0; key.public_modulus_len()];
    let mut bare = || -> Result<()> {
        key.sign(
            &RSA_PKCS1_SHA256,
            &random,
            black_box(b"bare"),
            &mut signature,
        )?;
        Ok(())
    };
    let mut rates: Vec<u64> = (0..9).map(|_| rate(&mut bare)).collect::<Result<_>>()?;
    Ok(median(&mut rates))
}

fn app(key: PrivateKey) -> Result<App> {
    let alipay_key = PrivateKey::generate(2048)?.public_key().clone();
    Ok(App::new(
        APP_ID,
        "https://openapi.alipay.com/gateway.do",
        key,
        alipay_key,
    ))
}

/// Both sides in turns: the median rates per second, and the median ratio in thousandths.
fn duel(
    seconds: u64,
    mut ours: impl FnMut() -> Result<()>,
    mut bare: impl FnMut() -> Result<()>,
) -> Result<(u64, u64, u64)> {
    let turns = seconds.saturating_mul(1_000) / 400;
    let (mut our_rates, mut bare_rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    // A first turn of each fills caches and is forgotten.
    rate(&mut ours)?;
    rate(&mut bare)?;
    for _ in 0..turns.max(5) {
        let (our_rate, bare_rate) = (rate(&mut ours)?, rate(&mut bare)?);
        ratios.push(our_rate.saturating_mul(1_000) / bare_rate.max(1));
        our_rates.push(our_rate);
        bare_rates.push(bare_rate);
    }
    Ok((
        median(&mut our_rates),
        median(&mut bare_rates),
        median(&mut ratios),
    ))
}

/// Operations per second in one turn.
fn rate(operation: &mut impl FnMut() -> Result<()>) -> Result<u64> {
    let began = Instant::now();
    let mut done = 0_u64;
    while began.elapsed() < TURN {
        for _ in 0..BATCH {
            operation()?;
        }
        done = done.saturating_add(BATCH);
    }
    let took_us = u64::try_from(began.elapsed().as_micros())?.max(1);
    Ok(done.saturating_mul(1_000_000) / took_us)
}

fn median(values: &mut [u64]) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// What `openssl speed` says of the same operation, as one more point of reference.
fn openssl(operation: &str) -> Result<String> {
    let output = Command::new(Path::new("openssl"))
        .args(["speed", "-seconds", "2", "rsa2048"])
        .output()
        .context("cannot run openssl")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // `rsa 2048 bits 0.000567s 0.000017s   1763.5  60274.3`, later versions with more columns.
    let line = text
        .lines()
        .find(|line| line.trim_start().starts_with("rsa") && line.contains("2048"));
    let fields: Vec<&str> = line
        .context("no line about RSA-2048")?
        .split_whitespace()
        .collect();
    let rates: Vec<&str> = fields
        .iter()
        .filter(|field| field.contains('.') && !field.ends_with('s'))
        .copied()
        .collect();
    let at = usize::from(operation == "verify");
    let Some(rate) = rates.get(at) else {
        bail!("no rates in `{}`", fields.join(" "))
    };
    Ok(format!(
        "openssl speed rsa2048: {} {operation}/s",
        rate.split('.').next().unwrap_or(rate)
    ))
}

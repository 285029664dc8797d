//! Holds what this crate adds against the bare RSA operations, in one process and one thread.
//!
//! Prints one line of JSON for each: `{"name","ours_per_s","bare_per_s","ratio"}`. Ours and bare
//! take turns in rounds of a millisecond, and the best round of each counts, so that what else runs on
//! the machine disturbs little.
//!
//! `cargo run --release -p tongbao-alipay --example bench_sign [rounds]`

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program whose output is its result"
)]

use alipay::{
    AlipayTime, App, keys::PrivateKey, notice::Unverified, requests::PagePay, sign, testing,
};
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{self, ParsedPublicKey, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use money::Fen;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

fn main() {
    let rounds = std::env::args()
        .nth(1)
        .and_then(|text| text.parse::<u32>().ok())
        .unwrap_or(500);
    let key = PrivateKey::generate(2048).expect("a key");
    sign_a_link(&key, rounds);
    verify_a_notice(&key, rounds);
}

fn sign_a_link(key: &PrivateKey, rounds: u32) {
    let app = App::new(
        "2021000000000001",
        "https://openapi.alipay.com/gateway.do",
        key.clone(),
        key.public_key().clone(),
    );
    let mut pay = PagePay::new(
        "0198ccf4a2b07d3f8a7e5b1c9d2e4f60",
        "Rust 入门",
        Fen::new(8_880),
    );
    pay.timeout_express = Some("30m".to_owned());
    let now = AlipayTime::parse("2026-08-21 09:30:00").expect("a time");
    let pair = RsaKeyPair::from_pkcs8(&STANDARD.decode(&*key.to_base64()).expect("base64"))
        .expect("a key");
    let link = || {
        let back = "https://shop.example.com/pay/success";
        let notify = "https://pay.example.com/notify/alipay";
        app.page_url(black_box(&pay), Some(back), Some(notify), now)
            .expect("a link")
    };
    // As long as the text that the link signs.
    let text = "x".repeat(430);
    let mut bytes = vec![0; pair.public_modulus_len()];
    let rng = SystemRandom::new();
    compare(
        "sign a page-pay link",
        rounds,
        5,
        || {
            black_box(link());
        },
        || {
            pair.sign(
                &signature::RSA_PKCS1_SHA256,
                &rng,
                black_box(text.as_bytes()),
                &mut bytes,
            )
            .expect("signed");
        },
    );
}

fn verify_a_notice(key: &PrivateKey, rounds: u32) {
    let fields = testing::paid_notice(
        "2021000000000001",
        "2088000000000001",
        "0198ccf4a2b07d3f8a7e5b1c9d2e4f60",
        "88.80",
    );
    let body = testing::signed_notice(key, &fields);
    let verified = Unverified::from_form(&body, None)
        .and_then(|notice| notice.verify(key.public_key()))
        .expect("genuine");
    let text = sign::notice_text(verified.params());
    let signature = STANDARD
        .decode(verified.get("sign").expect("signed"))
        .expect("base64");
    let bare = ParsedPublicKey::new(
        &signature::RSA_PKCS1_2048_8192_SHA256,
        key.public_key().as_der(),
    )
    .expect("a key");
    compare(
        "verify a notice",
        rounds,
        50,
        || {
            let notice =
                Unverified::from_form(black_box(&body), Some(testing::NOTICE_CONTENT_TYPE))
                    .and_then(|notice| notice.verify(key.public_key()))
                    .expect("genuine");
            black_box((notice.total_amount(), notice.trade_status()));
        },
        || {
            bare.verify_sig(black_box(text.as_bytes()), &signature)
                .expect("genuine");
        },
    );
}

/// Runs both in turns and prints how often each is done in a second, and ours by bare.
fn compare(name: &str, rounds: u32, count: u32, mut ours: impl FnMut(), mut bare: impl FnMut()) {
    let round = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        for _ in 0..count {
            work();
        }
        start.elapsed()
    };
    round(&mut ours);
    round(&mut bare);
    // The best round of each: what disturbs from outside only ever makes a round slower.
    let (mut best_ours, mut best_bare) = (Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        best_ours = best_ours.min(round(&mut ours));
        best_bare = best_bare.min(round(&mut bare));
    }
    let per_second = |best: Duration| u128::from(count) * 1_000_000_000 / best.as_nanos().max(1);
    let thousandths = best_bare.as_nanos() * 1_000 / best_ours.as_nanos().max(1);
    println!(
        "{{\"name\":\"{name}\",\"ours_per_s\":{},\"bare_per_s\":{},\"ratio\":{}.{:03}}}",
        per_second(best_ours),
        per_second(best_bare),
        thousandths / 1_000,
        thousandths % 1_000
    );
}

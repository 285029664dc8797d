//! Spoils signed messages at random and counts which are still believed: none may be.
//!
//! `cargo run -p tongbao-alipay --features test --example mutate -- --count 1000000 --seed 7`
//!
//! With `--vectors FILE` the genuine messages of that file are spoiled, too.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program whose output is its result"
)]

#[path = "../tests/mutator/mod.rs"]
mod mutator;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = std::env::args().skip(1).collect::<Vec<_>>();
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1)
    };
    let number = |flag, or| after(flag).and_then(|text| text.parse().ok()).unwrap_or(or);
    let mut messages = mutator::messages();
    if let Some(file) = after("--vectors") {
        let text = std::fs::read_to_string(file).expect("the vectors file can be read");
        let file = serde_json::from_str(&text).expect("the vectors file is JSON");
        messages.extend(mutator::genuine(&file));
    }
    let (count, seed) = (number("--count", 100_000), number("--seed", 1));
    let tally = mutator::spoil(&messages, count, seed);
    for forged in &tally.forged {
        println!("BELIEVED: {forged}");
    }
    println!(
        "{count} spoiled (seed {seed}): {} refused, {} said the same as before, {} wrongly believed",
        tally.refused,
        tally.same,
        tally.forged.len()
    );
    if tally.forged.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

//! The table of signatures: the same parameters signed by other people's SDKs and by this crate.
//!
//! `sign_table cases --seed 7 --out cases.json` makes a key and draws the cases. Each SDK signs
//! them and writes one file of answers, `[{"id","signature","sent"}]`: the signature over the
//! parameters as they stand, and the whole text that the SDK would send by its own road.
//! `sign_table check --cases cases.json SDK=answers.json …` prints `ok` or `not ok` for each case
//! and SDK, and in notes how many were equal and where an SDK differs, and why.
//!
//! `cargo run -p tongbao-alipay --features rsa1 --example sign_table -- cases --seed 7 --out cases.json`

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program whose output is its result"
)]

mod cases;
mod compare;
mod dialect;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1).map(String::as_str)
    };
    match arguments.first().map(String::as_str) {
        Some("cases") => {
            let seed = after("--seed").and_then(|text| text.parse().ok());
            let table = cases::draw(seed.unwrap_or(1));
            let text = serde_json::to_string_pretty(&table).expect("JSON");
            let out = after("--out").expect("--out FILE");
            std::fs::write(out, text).expect("the file can be written");
            ExitCode::SUCCESS
        }
        Some("check") => {
            let read = |file: &str| std::fs::read_to_string(file).expect("the file can be read");
            let file = after("--cases").expect("--cases FILE");
            let table = serde_json::from_str(&read(file)).expect("a table of cases");
            let answers = arguments.iter().filter_map(|word| word.split_once('='));
            let mut good = true;
            for (sdk, file) in answers {
                let answers: Vec<_> = serde_json::from_str(&read(file)).expect("a list of answers");
                good &= compare::compare(&table, sdk, &answers);
            }
            ExitCode::from(u8::from(!good))
        }
        _ => {
            println!("sign_table cases|check …; see its first lines");
            ExitCode::from(2)
        }
    }
}

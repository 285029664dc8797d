//! The command around the walk: which seeds, how many, with which planted mistakes.

use super::{Seen, WalkOptions, walk};
use crate::world::WorldError;
use merchant::TestBugs;
use std::io::Write;
use std::process::ExitCode;
use store::Engine;

/// What the command was told.
#[derive(Clone, Debug)]
struct Told {
    seeds: u64,
    from: u64,
    steps: u32,
    engine: Engine,
    bugs: bool,
}

const USAGE: &str = "walk [--seeds N] [--from S] [--steps N] [--postgres] [--bugs]";

impl Told {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut told = Self {
            seeds: 200,
            from: 1,
            steps: WalkOptions::default().steps,
            engine: Engine::Sqlite,
            bugs: false,
        };
        while let Some(word) = words.next() {
            let mut number = || {
                let value = words.next().and_then(|value| value.parse::<u64>().ok());
                value.ok_or_else(|| format!("{word} wants a number; {USAGE}"))
            };
            match word.as_str() {
                "--seeds" => told.seeds = number()?,
                "--from" => told.from = number()?,
                "--steps" => told.steps = u32::try_from(number()?).unwrap_or(u32::MAX),
                "--postgres" => told.engine = Engine::Postgres,
                "--bugs" => told.bugs = true,
                _ => return Err(format!("`{word}` is unknown; {USAGE}")),
            }
        }
        Ok(told)
    }
}

/// A planted mistake: its name and how it is switched on.
pub type Planted = (&'static str, fn(&mut TestBugs));

/// The ten mistakes that walks must find.
pub const PLANTED: [Planted; 10] = [
    ("AmountNotCompared", |bugs| bugs.amount_not_compared = true),
    ("ReservationFreedOnTimeout", |bugs| {
        bugs.reservation_freed_on_timeout = true;
    }),
    ("AcknowledgedBeforeCommit", |bugs| {
        bugs.acknowledged_before_commit = true;
    }),
    ("CloseWithoutAsking", |bugs| {
        bugs.close_without_asking = true;
    }),
    ("DuplicatePaymentCountedTwice", |bugs| {
        bugs.duplicate_payment_counted_twice = true;
    }),
    ("ReturnTrusted", |bugs| bugs.return_trusted = true),
    ("SellerNotCompared", |bugs| bugs.seller_not_compared = true),
    ("RefundNumberChangedOnRetry", |bugs| {
        bugs.refund_number_changed_on_retry = true;
    }),
    ("LatePaymentDropped", |bugs| {
        bugs.late_payment_dropped = true;
    }),
    ("NoticeForOtherAppAccepted", |bugs| {
        bugs.notice_for_other_app_accepted = true;
    }),
];

/// Runs the command with the arguments of this process: 0 when all is well, 1 when a walk fell or
/// a planted mistake was not found, 2 when it was used wrongly or broke.
#[must_use]
pub fn main() -> ExitCode {
    let told = match Told::read(std::env::args().skip(1)) {
        Ok(told) => told,
        Err(usage) => {
            say(&usage);
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let Ok(runtime) = runtime else {
        say("no runtime can be had");
        return ExitCode::from(2);
    };
    let done = runtime.block_on(async {
        if told.bugs {
            find_all(&told).await
        } else {
            walk_all(&told).await
        }
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("the world broke: {error}"));
            ExitCode::from(2)
        }
    }
}

fn say(line: &str) {
    // Whoever closed our output does not want to hear of it.
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn walk_all(told: &Told) -> Result<bool, WorldError> {
    let options = WalkOptions {
        steps: told.steps,
        engine: told.engine,
        bugs: TestBugs::default(),
    };
    let mut seen = Seen::default();
    for seed in told.from..told.from + told.seeds {
        match walk(seed, &options)
            .await
            .map_err(|error| format!("seed {seed}: {error}"))?
        {
            Ok(walked) => seen = seen.plus(walked.seen),
            Err(fall) => {
                say(&fall.to_string());
                return Ok(false);
            }
        }
    }
    say(&format!(
        "{} seeds from {} on {:?}: {} steps, {} orders, {} payments, {} refunds, {} exchanges with {} faults; nothing broke",
        told.seeds,
        told.from,
        told.engine,
        seen.steps,
        seen.orders,
        seen.payments,
        seen.refunds,
        seen.exchanges,
        seen.faults
    ));
    Ok(true)
}

async fn find_all(told: &Told) -> Result<bool, WorldError> {
    let mut all = true;
    for (name, plant) in PLANTED {
        let mut bugs = TestBugs::default();
        plant(&mut bugs);
        let options = WalkOptions {
            steps: told.steps,
            engine: told.engine,
            bugs,
        };
        let mut found = None;
        for seed in told.from..told.from + told.seeds {
            if let Err(fall) = walk(seed, &options).await? {
                found = Some(fall);
                break;
            }
        }
        if let Some(fall) = found {
            let what = fall.broken.first().map_or("", String::as_str);
            say(&format!("{name}: found by seed {}: {what}", fall.seed));
        } else {
            all = false;
            say(&format!("{name}: not found within {} seeds", told.seeds));
        }
    }
    Ok(all)
}

//! The world at random: thousands of seeded days of trouble, and bugs planted to be caught.

use std::path::Path;
use std::thread;

use anyhow::{Result, bail};

use crate::command::{Tool, tail};
use crate::context::Context;
use crate::plan::Tally;

/// PostgreSQL gets a schema for every seed, so it walks through fewer of them.
const POSTGRES_SHARE: u64 = 20;
const SHOWN_LINES: usize = 60;

/// One run of the walk, and what its success is worth.
struct Walk {
    log: &'static str,
    arguments: Vec<String>,
    checks: u64,
}

/// The step.
pub(crate) fn run(context: &Context) -> Result<Tally> {
    let Some(postgres) = context.postgres.get() else {
        bail!("the test server is not running")
    };
    let seeds = context.options.seeds;
    let half = seeds.div_ceil(2);
    let rest = seeds.saturating_sub(half);
    let few = (seeds / POSTGRES_SHARE).max(1);
    let walk = |log, arguments: String, checks| Walk {
        log,
        arguments: arguments.split(' ').map(str::to_owned).collect(),
        checks,
    };
    // Each walk is one thread's work, and the one on PostgreSQL mostly waits for the server.
    let lanes = [
        vec![
            walk("walk-1", format!("--seeds {half} --from 1"), half),
            walk("walk-bugs", format!("--seeds {seeds} --bugs"), 10),
        ],
        vec![walk(
            "walk-2",
            format!("--seeds {rest} --from {}", half.saturating_add(1)),
            rest,
        )],
        vec![walk(
            "walk-postgres",
            format!("--seeds {few} --postgres"),
            few,
        )],
    ];
    let binary = context.target.join("release").join("walk");
    let url = postgres.url();
    let (binary, url) = (binary.as_path(), url.as_str());
    thread::scope(|scope| {
        let start = |lane: Vec<Walk>| {
            scope.spawn(move || -> Result<Tally> {
                let mut tally = Tally::default();
                for walk in lane {
                    tally.add(go(&walk, binary, url, &context.log(walk.log))?);
                }
                Ok(tally)
            })
        };
        let mut tally = Tally::default();
        for lane in lanes.map(start) {
            match lane.join() {
                Ok(outcome) => tally.add(outcome?),
                Err(_) => bail!("a thread of the walk broke"),
            }
        }
        Ok(tally)
    })
}

fn go(walk: &Walk, binary: &Path, url: &str, log: &Path) -> Result<Tally> {
    if walk.checks == 0 {
        return Ok(Tally::default());
    }
    let tool = Tool::new(binary)
        .args(&walk.arguments)
        .env("TONGBAO_TEST_POSTGRES", url);
    let (ok, text) = tool.run_to_end(log)?;
    let mut tally = Tally::default();
    if ok {
        tally.passed = walk.checks;
        tally.notes.extend(text.lines().map(str::to_owned));
    } else {
        tally.failed = 1;
        tally
            .notes
            .push(format!("walk {} failed:", walk.arguments.join(" ")));
        tally.notes.push(tail(&text, SHOWN_LINES));
    }
    Ok(tally)
}

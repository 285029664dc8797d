//! The world at random: thousands of seeded days of trouble, and bugs planted to be caught.

use std::path::PathBuf;
use std::thread;

use anyhow::{Result, bail};

use crate::command::{Tool, tail};
use crate::context::Context;
use crate::plan::{Tally, say};

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
pub(crate) fn run(context: &mut Context) -> Result<Tally> {
    Tool::cargo()
        .args([
            "build",
            "--locked",
            "--release",
            "--package",
            "tongbao-testkit",
            "--bin",
            "walk",
        ])
        .in_folder(&context.root)
        .run(&context.log("walk-build"))?;
    let seeds = context.options.seeds;
    let half = seeds.div_ceil(2);
    let rest = seeds.saturating_sub(half);
    let few = (seeds / POSTGRES_SHARE).max(1);
    let words = |text: String| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    // Each walk is one thread's work: two at a time keep two cores busy.
    let mut tally = both(
        context,
        Walk {
            log: "walk-1",
            arguments: words(format!("--seeds {half} --from 1")),
            checks: half,
        },
        Walk {
            log: "walk-2",
            arguments: words(format!("--seeds {rest} --from {}", half.saturating_add(1))),
            checks: rest,
        },
    )?;
    say("    the seeds are walked; now the planted bugs, and the same world on PostgreSQL");
    tally.add(both(
        context,
        Walk {
            log: "walk-bugs",
            arguments: words(format!("--seeds {seeds} --bugs")),
            checks: 10,
        },
        Walk {
            log: "walk-postgres",
            arguments: words(format!("--seeds {few} --postgres")),
            checks: few,
        },
    )?);
    Ok(tally)
}

fn both(context: &Context, one: Walk, other: Walk) -> Result<Tally> {
    let Some(postgres) = &context.postgres else {
        bail!("the test server is not running")
    };
    let (binary, url) = (context.target.join("release").join("walk"), postgres.url());
    let (one, other) = thread::scope(|scope| {
        let start = |walk: Walk| {
            let (binary, url) = (binary.clone(), url.clone());
            let log = context.log(walk.log);
            scope.spawn(move || go(&walk, binary, &url, &log))
        };
        let (one, other) = (start(one), start(other));
        (one.join(), other.join())
    });
    let mut tally = Tally::default();
    for outcome in [one, other] {
        let Ok(outcome) = outcome else {
            bail!("a thread of the walk broke")
        };
        tally.add(outcome?);
    }
    Ok(tally)
}

fn go(walk: &Walk, binary: PathBuf, url: &str, log: &std::path::Path) -> Result<Tally> {
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

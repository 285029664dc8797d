//! The world at random: thousands of seeded days of trouble, and bugs planted to be caught.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Result, bail};

use crate::command::tail;
use crate::context::Context;
use crate::cores;
use crate::plan::Tally;

/// PostgreSQL gets a schema for every seed, so it walks through fewer of them.
const POSTGRES_SHARE: u64 = 20;
const SHOWN_LINES: usize = 60;

/// A lane takes so many seeds at a time, so that all lanes end at about the same time.
const STRETCH: u64 = 250;

/// One run of the walk, and what its success is worth.
struct Walk {
    log: String,
    arguments: Vec<String>,
    checks: u64,
}

impl Walk {
    fn new(log: &str, arguments: &str, checks: u64) -> Self {
        Self {
            log: format!("walk-{log}"),
            arguments: arguments.split(' ').map(str::to_owned).collect(),
            checks,
        }
    }
}

/// The step. A walk is one caller's work, handed from thread to thread, which is three times as
/// quick where all of them share a core: so there is a lane for each core, and one more for the walk
/// on PostgreSQL, which mostly waits for the server.
pub(crate) fn run(context: &Context) -> Result<Tally> {
    let Some(postgres) = context.postgres.get() else {
        bail!("the test server is not running")
    };
    let seeds = context.options.seeds;
    let few = (seeds / POSTGRES_SHARE).max(1);
    let url = postgres.url();
    let runner = Runner {
        context,
        binary: context.target.join("release").join("walk"),
        url: &url,
    };
    let queue = Mutex::new(embedded(seeds));
    let cores = cores::allowed();
    thread::scope(|scope| {
        let mut lanes = Vec::new();
        for core in cores {
            let (queue, runner) = (&queue, &runner);
            lanes.push(scope.spawn(move || runner.take_from(queue, core)));
        }
        lanes.push(scope.spawn(|| {
            let walk = Walk::new("postgres", &format!("--seeds {few} --postgres"), few);
            runner.go(&walk, None)
        }));
        let mut tally = Tally::default();
        for lane in lanes {
            match lane.join() {
                Ok(outcome) => tally.add(outcome?),
                Err(_) => bail!("a thread of the walk broke"),
            }
        }
        Ok(tally)
    })
}

/// The walks on SQLite.
fn embedded(seeds: u64) -> VecDeque<Walk> {
    let mut walks = VecDeque::new();
    walks.push_back(Walk::new("bugs", &format!("--seeds {seeds} --bugs"), 10));
    let mut from = 1;
    while from <= seeds {
        let many = STRETCH.min(seeds.saturating_sub(from).saturating_add(1));
        let arguments = format!("--seeds {many} --from {from}");
        walks.push_back(Walk::new(&format!("from-{from}"), &arguments, many));
        from = from.saturating_add(many);
    }
    walks
}

struct Runner<'a> {
    context: &'a Context,
    binary: PathBuf,
    url: &'a str,
}

impl Runner<'_> {
    /// Runs what is queued until nothing is.
    fn take_from(&self, queue: &Mutex<VecDeque<Walk>>, core: Option<usize>) -> Result<Tally> {
        let mut tally = Tally::default();
        loop {
            let next = queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front();
            match next {
                Some(walk) => tally.add(self.go(&walk, core)?),
                None => return Ok(tally),
            }
        }
    }

    fn go(&self, walk: &Walk, core: Option<usize>) -> Result<Tally> {
        let tool = cores::on(core, &self.binary)
            .args(&walk.arguments)
            .env("TONGBAO_TEST_POSTGRES", self.url);
        let (ok, text) = tool.run_to_end(&self.context.log(&walk.log))?;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_is_walked_once() {
        let walks = embedded(620);
        let arguments: Vec<_> = walks.iter().map(|walk| walk.arguments.join(" ")).collect();
        assert_eq!(
            arguments,
            [
                "--seeds 620 --bugs",
                "--seeds 250 --from 1",
                "--seeds 250 --from 251",
                "--seeds 120 --from 501"
            ]
        );
        let checks: u64 = walks.iter().map(|walk| walk.checks).sum();
        assert_eq!(checks, 630);
    }
}

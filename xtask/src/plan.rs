//! Runs a list of steps, says what happens while it happens, and adds it up at the end.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use indicatif::{HumanDuration, ProgressBar};

use crate::context::Context;

/// What one step found out.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Checks that held.
    pub(crate) passed: u64,
    /// Checks that did not hold.
    pub(crate) failed: u64,
    /// Numbers and words that belong beside the step in the report.
    pub(crate) notes: Vec<String>,
}

impl Tally {
    /// A step that is one check, which held.
    pub(crate) fn held() -> Self {
        Self {
            passed: 1,
            ..Self::default()
        }
    }

    /// Adds a note for the report.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds another tally to this one.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
        self.notes.extend(other.notes);
    }
}

/// One step of a chore.
pub(crate) struct Step {
    name: &'static str,
    says: &'static str,
    needs: Vec<&'static str>,
    alone: bool,
    aside: bool,
    run: fn(&Context) -> Result<Tally>,
}

impl Step {
    /// A step, with the sentence that the plan shows.
    pub(crate) fn new(
        name: &'static str,
        says: &'static str,
        run: fn(&Context) -> Result<Tally>,
    ) -> Self {
        Self {
            name,
            says,
            needs: Vec::new(),
            alone: false,
            aside: false,
            run,
        }
    }

    /// Names a step without whose success this one cannot run.
    pub(crate) fn needs(mut self, name: &'static str) -> Self {
        self.needs.push(name);
        self
    }

    /// The steps behind it do not wait for this one, until one needs it or wants to begin alone.
    pub(crate) fn aside(mut self) -> Self {
        self.aside = true;
        self
    }

    /// This one begins when those that were put aside have ended.
    pub(crate) fn alone(mut self) -> Self {
        self.alone = true;
        self
    }
}

/// What all steps found out.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

struct Row {
    name: &'static str,
    took: Duration,
    tally: Tally,
    error: Option<String>,
}

impl Report {
    /// Checks that did not hold; a step that broke counts as one.
    pub(crate) fn failed(&self) -> u64 {
        self.rows.iter().map(Row::failed).sum()
    }

    fn note(&mut self, head: &str, row: Row) {
        print_row(head, &row);
        self.rows.push(row);
    }

    fn passed(&self) -> u64 {
        self.rows.iter().map(|row| row.tally.passed).sum()
    }

    fn broke(&self, name: &str) -> bool {
        self.rows
            .iter()
            .any(|row| row.name == name && row.failed() > 0)
    }
}

impl Row {
    fn broken(name: &'static str, why: String) -> Self {
        Self {
            name,
            took: Duration::ZERO,
            tally: Tally::default(),
            error: Some(why),
        }
    }

    fn failed(&self) -> u64 {
        self.tally.failed.max(u64::from(self.error.is_some()))
    }
}

/// Runs the steps in order and prints the report; `only` keeps those steps and what they need.
pub(crate) fn run(context: &mut Context, steps: &[Step], only: &[String]) -> Result<Report> {
    let chosen = choose(steps, only)?;
    let steps: Vec<&Step> = steps
        .iter()
        .filter(|step| chosen.contains(step.name))
        .collect();
    say("The plan:");
    for (at, step) in steps.iter().enumerate() {
        say(&format!(
            "  {:>2}  {:<14} {}",
            at.saturating_add(1),
            step.name,
            step.says
        ));
    }
    let began = Instant::now();
    let report = run_all(context, &steps);
    context.close();
    print_report(&report, began.elapsed());
    Ok(report)
}

/// The steps in their order; one that was put aside runs beside those behind it.
fn run_all(context: &Context, steps: &[&Step]) -> Report {
    let mut report = Report::default();
    thread::scope(|scope| {
        let mut aside: Vec<(String, &'static str, ScopedJoinHandle<'_, Row>)> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let head = format!("[{}/{}] {}", at.saturating_add(1), steps.len(), step.name);
            let waits_for = |name: &str| step.alone || step.needs.contains(&name);
            for (head, name, handle) in aside.extract_if(.., |(_, name, _)| waits_for(name)) {
                report.note(&head, joined(name, handle));
            }
            if let Some(need) = step.needs.iter().find(|need| report.broke(need)) {
                let why = format!("not run: it needs the step `{need}`, which failed");
                report.note(&head, Row::broken(step.name, why));
            } else if step.aside {
                let step: &Step = step;
                let called = head.clone();
                let handle = scope.spawn(move || run_one(context, step, &called));
                aside.push((head, step.name, handle));
            } else {
                let row = run_one(context, step, &head);
                report.note(&head, row);
            }
        }
        for (head, name, handle) in aside {
            report.note(&head, joined(name, handle));
        }
    });
    report
}

fn joined(name: &'static str, handle: ScopedJoinHandle<'_, Row>) -> Row {
    let broke = |_| Row::broken(name, "its thread broke".to_owned());
    handle.join().unwrap_or_else(broke)
}

/// Prints one line for a person to read.
#[expect(clippy::print_stdout, reason = "the one place where a chore speaks")]
pub(crate) fn say(line: &str) {
    println!("{line}");
    // A pipe may be gone; a chore goes on without its reader.
    drop(std::io::stdout().flush());
}

fn choose(steps: &[Step], only: &[String]) -> Result<BTreeSet<&'static str>> {
    if only.is_empty() {
        return Ok(steps.iter().map(|step| step.name).collect());
    }
    let mut chosen = BTreeSet::new();
    let mut open: Vec<&str> = only.iter().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        let Some(step) = steps.iter().find(|step| step.name == name) else {
            let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
            bail!("there is no step `{name}`; there are {}", names.join(", "));
        };
        if chosen.insert(step.name) {
            open.extend(step.needs.iter().copied());
        }
    }
    Ok(chosen)
}

fn run_one(context: &Context, step: &Step, head: &str) -> Row {
    say(&format!("{head}: {} …", step.says));
    let spinner = ProgressBar::new_spinner().with_message(head.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(200));
    let began = Instant::now();
    let outcome = (step.run)(context);
    spinner.finish_and_clear();
    let took = began.elapsed();
    match outcome {
        Ok(tally) => Row {
            name: step.name,
            took,
            tally,
            error: None,
        },
        Err(error) => Row {
            name: step.name,
            took,
            tally: Tally::default(),
            error: Some(format!("{error:#}")),
        },
    }
}

fn print_row(head: &str, row: &Row) {
    for note in &row.tally.notes {
        say(&format!("    {note}"));
    }
    if let Some(error) = &row.error {
        for line in error.lines() {
            say(&format!("    {line}"));
        }
    }
    let word = if row.failed() == 0 { "ok" } else { "FAILED" };
    say(&format!("{head}: {word} in {}", HumanDuration(row.took)));
}

fn print_report(report: &Report, took: Duration) {
    say("");
    say(&format!(
        "{:<16}{:>8}{:>8}{:>9}",
        "step", "passed", "failed", "seconds"
    ));
    for row in &report.rows {
        say(&format!(
            "{:<16}{:>8}{:>8}{:>9}",
            row.name,
            row.tally.passed,
            row.failed(),
            row.took.as_secs()
        ));
    }
    say(&format!("{:<16}{:>25}", "all", took.as_secs()));
    say("");
    // A plain line that any reader of test output understands.
    say(&format!(
        "{} passed, {} failed",
        report.passed(),
        report.failed()
    ));
}

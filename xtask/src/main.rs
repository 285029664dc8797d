//! The chores of the workspace: `cargo xtask test` is everything that CI runs.
//!
//! A chore is a list of steps. Each step says what it is for, runs once, and hands back how many
//! checks passed and failed; the report at the end adds them up.

mod bench;
mod browser;
mod cargo;
mod command;
mod context;
mod cores;
mod demo;
mod features;
mod fuzz;
mod generate;
mod guides;
mod http;
mod kills;
mod machine;
mod plan;
mod postgres;
mod sdks;
mod tidy;
mod walk;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use context::{Context, Options};
use plan::Step;

/// Chores of the Tongbao workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything that CI runs: rules, tests on both engines, the SDKs, the browser, kills, the walk.
    Test(TestArguments),
    /// What to run before a commit: formatting, lints and the unit tests of the crates.
    Quick,
    /// Measures the promises about speed, each beside its limit.
    Bench(BenchArguments),
    /// Fuzzes the SDK: keys, forms, answers, bills and the sign doctor, each for a while.
    Fuzz(FuzzArguments),
    /// Writes the generated reference pages, or checks that they are up to date.
    Generate {
        /// Only compare, and fail when a page would change.
        #[arg(long)]
        check: bool,
        /// Ask this build of the command instead of a release build of the workspace.
        #[arg(long)]
        binary: Option<PathBuf>,
    },
    /// Only the rules of the house: lengths, floors, forbidden words.
    Tidy,
}

#[derive(clap::Args)]
struct TestArguments {
    /// How many times the running demo is killed, on each engine.
    #[arg(long, default_value_t = 50)]
    kills: u64,
    /// How many seeds the random walk of the world takes.
    #[arg(long, default_value_t = 2_000)]
    seeds: u64,
    /// Seeds the instants at which the demo is killed.
    #[arg(long, default_value_t = 20_260_101)]
    seed: u64,
    /// Test this build of the command instead of a release build of the workspace.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Run only these steps (comma separated), with what they need.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

#[derive(clap::Args)]
struct BenchArguments {
    /// How long each measurement runs, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

#[derive(clap::Args)]
struct FuzzArguments {
    /// How long each target runs, in seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Seeds what is tried.
    #[arg(long, default_value_t = 20_260_101)]
    seed: u64,
}

fn main() -> ExitCode {
    let chore = Arguments::parse().chore;
    let (options, steps, only) = match chore {
        Chore::Test(given) => (
            Options {
                kills: given.kills,
                seeds: given.seeds,
                seed: given.seed,
                binary: given.binary,
                once: true,
                ..Options::default()
            },
            test_steps(),
            given.only,
        ),
        Chore::Quick => (Options::default(), quick_steps(), Vec::new()),
        Chore::Bench(given) => (
            Options {
                seconds: given.seconds,
                ..Options::default()
            },
            bench_steps(),
            Vec::new(),
        ),
        Chore::Fuzz(given) => (
            Options {
                seconds: given.seconds,
                seed: given.seed,
                ..Options::default()
            },
            vec![Step::new(
                "fuzz",
                "no bytes make the SDK panic or believe what nobody signed",
                fuzz::run,
            )],
            Vec::new(),
        ),
        Chore::Generate { check, binary } => (
            Options {
                write_reference: !check,
                binary,
                ..Options::default()
            },
            vec![Step::new(
                "generated",
                "the reference pages say what the code does",
                generate::run,
            )],
            Vec::new(),
        ),
        Chore::Tidy => (Options::default(), vec![tidy_step()], Vec::new()),
    };
    let outcome =
        Context::open(options).and_then(|mut context| plan::run(&mut context, &steps, &only));
    match outcome {
        Ok(report) if report.failed() == 0 => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            plan::say(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn test_steps() -> Vec<Step> {
    let mut steps = compiler_steps();
    steps.extend(steps_with_the_build());
    steps
}

/// What the compiler says, and the tests that it builds.
fn compiler_steps() -> Vec<Step> {
    vec![
        Step::new(
            "machine",
            "the tools that the tests need are here",
            machine::for_tests,
        ),
        Step::new("format", "every file is formatted", cargo::format),
        tidy_step(),
        // Beside what follows: where one compiler has one thread's work, the other takes the core.
        Step::new(
            "build",
            "the command and the walk, as quick as people get them",
            cargo::release,
        )
        .aside(),
        Step::new("clippy", "no lint speaks up anywhere", cargo::clippy),
        Step::new(
            "features",
            "the SDK with any of its features, its few crates, its package",
            features::run,
        ),
        Step::new(
            "postgres",
            "a PostgreSQL of our own on a free port",
            postgres::start,
        )
        .needs("machine"),
        Step::new(
            "tests",
            "every test, on SQLite and on PostgreSQL",
            cargo::tests,
        )
        .needs("postgres"),
        Step::new(
            "doc",
            "the documentation builds without a warning",
            cargo::doc,
        ),
    ]
}

/// What is done with the command as people get it.
fn steps_with_the_build() -> Vec<Step> {
    vec![
        Step::new(
            "generated",
            "the reference pages say what the code does",
            generate::run,
        )
        .needs("build"),
        Step::new(
            "signatures",
            "four SDKs sign the same parameters",
            sdks::signatures,
        )
        .needs("machine"),
        Step::new(
            "browser",
            "a person's journeys in a real browser",
            browser::run,
        )
        .needs("machine")
        .needs("build")
        .aside(),
        Step::new(
            "sdks",
            "three Alipay SDKs of other people against the sandbox",
            sdks::run,
        )
        .needs("build"),
        Step::new(
            "guides",
            "the guides' code in Python, Node and the shell, as it stands there",
            guides::run,
        )
        .needs("build"),
        Step::new(
            "kill-sqlite",
            "kill -9 under load, on SQLite",
            kills::sqlite,
        )
        .needs("build")
        .alone()
        .aside(),
        Step::new(
            "kill-postgres",
            "kill -9 under load, on PostgreSQL",
            kills::postgres,
        )
        .needs("build")
        .needs("postgres"),
        Step::new(
            "walk",
            "the world at random, and ten planted bugs",
            walk::run,
        )
        .needs("build")
        .needs("postgres")
        .alone(),
    ]
}

fn quick_steps() -> Vec<Step> {
    vec![
        Step::new("format", "every file is formatted", cargo::format),
        tidy_step(),
        Step::new("clippy", "no lint speaks up anywhere", cargo::clippy),
        Step::new("unit", "the tests that need no server", cargo::quick_tests),
    ]
}

fn bench_steps() -> Vec<Step> {
    vec![
        Step::new(
            "machine",
            "the tools that the measurements need are here",
            machine::for_bench,
        ),
        Step::new(
            "postgres",
            "a PostgreSQL of our own, fsync on",
            postgres::start_durable,
        )
        .needs("machine"),
        Step::new(
            "bench",
            "each promise about speed, beside its limit",
            bench::run,
        )
        .needs("postgres"),
    ]
}

fn tidy_step() -> Step {
    Step::new("tidy", "the rules of the house hold", tidy::run)
}

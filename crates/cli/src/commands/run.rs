//! Hands what was typed to the file that does it.

use super::{
    bill, call, cancel, close, doctor, exam, explain, keys, pay, query, refund, refund_query,
    sandbox, serve, sign, transfer, verify,
};
use crate::args::{Args, Command, PayCommand};
use crate::demo;
use crate::exit::{Failure, Told};
use crate::printer;
use serde_json::json;

/// Does what was typed.
pub(crate) fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Demo(args) => serving(demo::run(args)),
        Command::Sandbox(args) => serving(sandbox::run(args)),
        Command::Serve(args) => serving(serve::run(args)),
        Command::Keys(command) => keys::run(command),
        Command::Sign(args) => sign::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Exam(args) => serving(exam::run(&args)),
        Command::Doctor(args) => serving(doctor::run(args)),
        Command::Pay(command) => calling(wants_json(&command), pay::run(command)),
        Command::Query(args) => calling(args.gateway.json, query::run(&args)),
        Command::Close(args) => calling(args.gateway.json, close::run(&args)),
        Command::Cancel(args) => calling(args.gateway.json, cancel::run(&args)),
        Command::Refund(args) => calling(args.gateway.json, refund::run(&args)),
        Command::RefundQuery(args) => calling(args.gateway.json, refund_query::run(&args)),
        Command::Transfer(args) => calling(args.gateway.json, transfer::run(&args)),
        Command::Bill(args) => calling(args.gateway.json, bill::run(&args)),
        Command::Call(args) => calling(args.gateway.json, call::run(&args)),
    }
}

fn wants_json(command: &PayCommand) -> bool {
    match command {
        PayCommand::Page(args) => args.gateway.json,
        PayCommand::Wap(args) => args.gateway.json,
        PayCommand::App(args) => args.gateway.json,
        PayCommand::Qr(args) => args.gateway.json,
        PayCommand::Barcode(args) => args.gateway.json,
        PayCommand::Settle(args) => args.gateway.json,
    }
}

/// Runs what needs the network on a runtime of its own.
fn serving(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// Runs a call. Ctrl-C leaves what was sent unknown, which is said; a program is told every ending
/// on stdout.
fn calling(json: bool, work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = work => ended,
            _ = tokio::signal::ctrl_c() => Err(interrupted()),
        }
    });
    // Whatever still prints a bill is not waited for.
    runtime.shutdown_background();
    if let Err(failure) = &ended
        && json
    {
        printer::json(&failure.json());
    }
    ended
}

fn interrupted() -> Failure {
    Failure::Told(Box::new(Told {
        refused: false,
        words: vec![
            "stopped: what was sent before may have happened or not".to_owned(),
            "  ask before you repeat it: tongbao query, refund-query, transfer --ask, pay settle"
                .to_owned(),
        ],
        json: json!({"outcome": "unknown", "why": "stopped by Ctrl-C"}),
    }))
}

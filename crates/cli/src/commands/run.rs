//! Hands what was typed to the file that does it.

use super::{doctor, explain, keys, sandbox, serve, sign, verify};
use crate::args::{Args, Command};
use crate::demo;
use crate::exit::Failure;

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
        Command::Doctor(args) => serving(doctor::run(args)),
    }
}

/// Runs what needs the network on a runtime of its own.
fn serving(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

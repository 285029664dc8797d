//! The `tongbao` command: everything that takes Alipay payments, in one binary.

mod args;
mod commands;
mod config;
mod demo;
mod exit;
mod gateway;
mod input;
mod message;
mod printer;
mod running;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::Args::parse();
    match commands::run(args).and_then(|()| printer::finish()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            printer::failure(&failure);
            failure.code()
        }
    }
}

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
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Values are made on one thread and dropped on another, thousands a second, over which the threads of
/// the C library's allocator wait for each other.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

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

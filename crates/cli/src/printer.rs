//! The one place that prints: stdout is data, stderr is for people.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the printer"
)]

use crate::exit::Failure;

/// Data, one line.
pub(crate) fn data(line: impl std::fmt::Display) {
    println!("{line}");
}

/// Data as JSON, indented when a person is reading.
pub(crate) fn json(value: &serde_json::Value) {
    use std::io::IsTerminal as _;
    if std::io::stdout().is_terminal() {
        println!("{value:#}");
    } else {
        println!("{value}");
    }
}

/// A word to the person at the terminal.
pub(crate) fn say(line: impl std::fmt::Display) {
    eprintln!("{line}");
}

/// What went wrong, with its causes, the last of which is what to mend.
pub(crate) fn failure(failure: &Failure) {
    let error = failure.error();
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

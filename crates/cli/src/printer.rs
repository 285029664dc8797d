//! The one place that prints: stdout is data, stderr is for people.
//!
//! A reader that goes away (`| head`) ends the output, not the command; a disk that is full is an
//! error, which [`finish`] hands to whoever ends the process.

use crate::exit::Failure;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};

/// What became of stdout so far.
static TROUBLE: Mutex<Option<io::Error>> = Mutex::new(None);

/// Data, one line.
pub(crate) fn data(line: impl std::fmt::Display) {
    let mut stdout = io::stdout().lock();
    keep(writeln!(stdout, "{line}").and_then(|()| stdout.flush()));
}

/// Data as JSON, indented when a person is reading.
pub(crate) fn json(value: &serde_json::Value) {
    if io::stdout().is_terminal() {
        data(format_args!("{value:#}"));
    } else {
        data(value);
    }
}

/// A field of an answer with its name, when a person reads it.
pub(crate) fn field(name: &str, value: &str) {
    data(format_args!("{name}: {}", clean(value)));
}

/// A word to the person at the terminal.
pub(crate) fn say(line: impl std::fmt::Display) {
    // Nobody is left to be told that stderr is gone.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// What went wrong, with its causes, the last of which is what to mend.
pub(crate) fn failure(failure: &Failure) {
    for line in failure.words() {
        say(line);
    }
}

/// Remembers the first thing that went wrong with stdout.
pub(crate) fn keep(written: io::Result<()>) {
    if let Err(error) = written {
        let mut trouble = TROUBLE.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.get_or_insert(error);
    }
}

/// Returns `false` when nobody reads stdout any more.
pub(crate) fn is_read() -> bool {
    let trouble = TROUBLE.lock().unwrap_or_else(PoisonError::into_inner);
    trouble.is_none()
}

/// Says whether everything was written. A reader that went away had all it wanted.
///
/// # Errors
/// When the output is incomplete for another reason.
pub(crate) fn finish() -> Result<(), Failure> {
    let mut trouble = TROUBLE.lock().unwrap_or_else(PoisonError::into_inner);
    match trouble.take() {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Broken(
            anyhow::Error::from(error)
                .context("stdout cannot be written; what is there is incomplete"),
        )),
        _ => Ok(()),
    }
}

/// A text of somebody else's for a terminal: without the characters that would command it.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn nobody_elses_text_commands_the_terminal() {
        assert_eq!(clean("Rust 入门"), "Rust 入门");
        assert_eq!(
            clean("a\u{1b}[2Jb\nc\u{9b}1m"),
            "a\u{fffd}[2Jb\u{fffd}c\u{fffd}1m"
        );
    }
}

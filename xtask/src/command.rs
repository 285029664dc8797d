//! Other people's programs: run with their output in a log, or read.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// How many of the last lines of a failed program a person is shown.
const SHOWN_LINES: usize = 120;

/// A program about to run.
pub(crate) struct Tool {
    command: Command,
    words: String,
}

impl Tool {
    /// A program by name or path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let words = program.as_ref().to_string_lossy().into_owned();
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { command, words }
    }

    /// The cargo that runs us.
    pub(crate) fn cargo() -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut tool = Self::new(cargo);
        "cargo".clone_into(&mut tool.words);
        tool
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.words.push(' ');
        self.words.push_str(&argument.as_ref().to_string_lossy());
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// Sets a variable of the program's environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs the program in a folder.
    pub(crate) fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// The program, for those who keep it running.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs it and hands back what it printed; an exit code other than 0 is an error.
    pub(crate) fn read(mut self) -> Result<String> {
        let output = self
            .command
            .stderr(Stdio::piped())
            .output()
            .with_context(|| format!("cannot run `{}`", self.words))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "`{}` failed ({}): {}",
                self.words,
                output.status,
                said.trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it with both outputs in `log`, whose end is shown when it fails.
    pub(crate) fn run(self, log: &Path) -> Result<String> {
        let words = self.words.clone();
        let (ok, text) = self.run_to_end(log)?;
        if !ok {
            bail!(
                "`{words}` failed; its last lines:\n{}",
                tail(&text, SHOWN_LINES)
            );
        }
        Ok(text)
    }

    /// Runs it with both outputs in `log`; says whether it succeeded, and what it printed.
    pub(crate) fn run_to_end(mut self, log: &Path) -> Result<(bool, String)> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let status = self
            .command
            .stdout(file.try_clone()?)
            .stderr(file)
            .status()
            .with_context(|| format!("cannot run `{}`", self.words))?;
        let text = String::from_utf8_lossy(&std::fs::read(log)?).into_owned();
        Ok((status.success(), text))
    }
}

/// The last lines of a text.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(lines);
    all.get(from..).unwrap_or_default().join("\n")
}

/// Is there a program of this name on the path?
pub(crate) fn find(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

//! How a command ends: 0 done, 1 refused or not true, 2 used wrongly or broken.

use serde_json::{Value, json};
use std::process::ExitCode;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The question was understood and the answer is no: a signature that does not verify, an
    /// order that Alipay refuses.
    Refused(anyhow::Error),
    /// The command was used wrongly, or something it needs is broken.
    Broken(anyhow::Error),
    /// The same, told in full: a call that was refused, or that nobody knows the outcome of.
    Told(Box<Told>),
}

/// An ending that has more to say than one sentence.
#[derive(Debug)]
pub(crate) struct Told {
    /// Whether the answer is a clear no; otherwise it is unknown or broken.
    pub(crate) refused: bool,
    /// For the person at the terminal, line by line.
    pub(crate) words: Vec<String>,
    /// The same for a program.
    pub(crate) json: Value,
}

impl Failure {
    /// The code that the process ends with.
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Refused(_) => ExitCode::from(1),
            Self::Told(told) if told.refused => ExitCode::from(1),
            Self::Broken(_) | Self::Told(_) => ExitCode::from(2),
        }
    }

    /// A refusal in one sentence.
    pub(crate) fn refused(why: impl std::fmt::Display) -> Self {
        Self::Refused(anyhow::anyhow!("{why}"))
    }

    /// What a person is told, line by line.
    pub(crate) fn words(&self) -> Vec<String> {
        match self {
            Self::Refused(error) | Self::Broken(error) => {
                let causes = error.chain().skip(1);
                let mut words = vec![format!("error: {error}")];
                words.extend(causes.map(|cause| format!("  because: {cause}")));
                words
            }
            Self::Told(told) => told.words.clone(),
        }
    }

    /// What a program is told.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Refused(error) => json!({"outcome": "refused", "error": format!("{error:#}")}),
            Self::Broken(error) => json!({"outcome": "invalid", "error": format!("{error:#}")}),
            Self::Told(told) => told.json.clone(),
        }
    }
}

/// What goes wrong without being asked about is broken.
impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

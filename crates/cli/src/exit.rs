//! How a command ends: 0 done, 1 refused or not true, 2 used wrongly or broken.

use std::process::ExitCode;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The question was understood and the answer is no: a signature that does not verify, an
    /// order that Alipay refuses.
    Refused(anyhow::Error),
    /// The command was used wrongly, or something it needs is broken.
    Broken(anyhow::Error),
}

impl Failure {
    /// What is wrong.
    pub(crate) fn error(&self) -> &anyhow::Error {
        match self {
            Self::Refused(error) | Self::Broken(error) => error,
        }
    }

    /// The code that the process ends with.
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Refused(_) => ExitCode::from(1),
            Self::Broken(_) => ExitCode::from(2),
        }
    }

    /// A refusal in one sentence.
    pub(crate) fn refused(why: impl std::fmt::Display) -> Self {
        Self::Refused(anyhow::anyhow!("{why}"))
    }
}

/// What goes wrong without being asked about is broken.
impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

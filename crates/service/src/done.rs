//! What became of one try of a job.

use kernel::Timestamp;
use store::jobs::Job;

/// What became of one try.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Done {
    /// The work is done; the row goes away.
    Finished,
    /// Not over: once more at `due_at`, exactly then.
    Again {
        /// When.
        due_at: Timestamp,
        /// What went wrong this time, if anything did.
        error: Option<String>,
    },
    /// It went wrong: once more after [`JobHandler::retry_at`](crate::worker::JobHandler::retry_at) and some jitter.
    Retry {
        /// What went wrong.
        error: String,
    },
    /// It can never succeed: kept and counted, not tried again.
    Fail {
        /// Why.
        error: String,
    },
}

impl Done {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Again { .. } => "again",
            Self::Retry { .. } => "retry",
            Self::Fail { .. } => "fail",
        }
    }

    pub(crate) fn log(&self, job: &Job) {
        let (kind, key) = (&job.kind, &job.key);
        match self {
            Self::Finished | Self::Again { error: None, .. } => {
                tracing::debug!("`{kind}` of `{key}`: {}", self.word());
            }
            Self::Again {
                error: Some(error), ..
            } => {
                tracing::info!(error, "`{kind}` of `{key}` comes again: {error}");
            }
            Self::Retry { error } => {
                tracing::warn!(
                    error,
                    "`{kind}` of `{key}` went wrong and is retried: {error}"
                );
            }
            Self::Fail { error } => {
                tracing::error!(error, "`{kind}` of `{key}` is given up: {error}");
            }
        }
    }
}

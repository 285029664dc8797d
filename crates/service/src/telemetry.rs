//! What the process writes about itself: sentences for a person at a terminal, JSON otherwise,
//! always on stderr.
//!
//! Keys, tokens, signatures, raw bodies and query strings are never logged; types that hold one
//! print `…` instead.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// How to log.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogOptions {
    /// A filter such as `info` or `info,service=debug`.
    pub filter: String,
    /// JSON or not; `None` decides by whether stderr is a terminal.
    pub json: Option<bool>,
}

/// Why logging could not begin.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter cannot be read.
    #[error("`{filter}` is no log filter; write a level such as `info`")]
    Filter {
        /// What was given.
        filter: String,
        /// Why.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// Something else logs already.
    #[error("logging was begun before")]
    Begun,
}

/// Begins to log.
///
/// # Errors
/// When the filter cannot be read, or logging was begun before.
pub fn init(options: &LogOptions) -> Result<(), LogError> {
    let filter = EnvFilter::builder()
        .parse(&options.filter)
        .map_err(|source| LogError::Filter {
            filter: options.filter.clone(),
            source,
        })?;
    let on_terminal = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let begun = if options.json.unwrap_or(!on_terminal) {
        builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init()
    } else {
        builder
            .with_ansi(on_terminal)
            .with_target(false)
            .compact()
            .try_init()
    };
    begun.map_err(|_| LogError::Begun)
}

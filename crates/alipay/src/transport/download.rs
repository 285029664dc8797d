//! Fetching a file that may be large.

use super::{HttpTransport, TransportError, network::failed};
use std::{io, time::Duration};

/// Why a file was not fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// It did not come, or not to its end.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Something else came. The address of a bill is good for 30 seconds; ask for a new one.
    #[error("HTTP status {0} instead of the file; addresses of bills are good for 30 seconds")]
    Status(u16),
    /// It is larger than was allowed.
    #[error("the file has more than {0} bytes")]
    TooLarge(u64),
    /// It could not be written.
    #[error("the file could not be written")]
    Write(#[from] io::Error),
}

impl HttpTransport {
    /// Fetches what is at `url` into `sink`, piece by piece, and says how many bytes it was. What
    /// was written is incomplete after an error.
    ///
    /// # Errors
    /// When it does not come whole within `timeout_ms`, has more than `max_bytes`, or cannot be
    /// written.
    pub async fn download(
        &self,
        url: &str,
        sink: &mut (dyn io::Write + Send),
        max_bytes: u64,
        timeout_ms: u64,
    ) -> Result<u64, DownloadError> {
        let request = self
            .client_for(url)
            .get(url)
            .timeout(Duration::from_millis(timeout_ms))
            .header("user-agent", USER_AGENT);
        let mut response = request.send().await.map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(DownloadError::Status(status));
        }
        let mut bytes = 0;
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
            bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            if bytes > max_bytes {
                return Err(DownloadError::TooLarge(max_bytes));
            }
            sink.write_all(&chunk)?;
        }
        sink.flush()?;
        Ok(bytes)
    }
}

/// The servers of bills have been seen to refuse the names of some libraries.
pub(crate) const USER_AGENT: &str = concat!("tongbao-alipay/", env!("CARGO_PKG_VERSION"));

//! Fetching a bill, blocking.

use super::{HttpTransport, http::broken_off};
use crate::transport::{DownloadError, USER_AGENT, network::failed};
use std::{
    io::{Read, Write},
    time::Duration,
};

impl HttpTransport {
    /// Fetches what is at `url` into `sink`, piece by piece, and says how many bytes it was. What
    /// was written is incomplete after an error.
    ///
    /// # Errors
    /// When it does not come whole within `timeout_ms`, has more than `max_bytes`, or cannot be
    /// written.
    pub fn download(
        &self,
        url: &str,
        sink: &mut dyn Write,
        max_bytes: u64,
        timeout_ms: u64,
    ) -> Result<u64, DownloadError> {
        let request = self
            .client_for(url)
            .get(url)
            .timeout(Duration::from_millis(timeout_ms))
            .header("user-agent", USER_AGENT);
        let mut response = request.send().map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(DownloadError::Status(status));
        }
        let (mut bytes, mut piece) = (0, vec![0; PIECE_BYTES]);
        loop {
            let read = response
                .read(&mut piece)
                .map_err(|error| broken_off(&error))?;
            if read == 0 {
                break;
            }
            bytes += u64::try_from(read).unwrap_or(u64::MAX);
            if bytes > max_bytes {
                return Err(DownloadError::TooLarge(max_bytes));
            }
            sink.write_all(&piece[..read])?;
        }
        sink.flush()?;
        Ok(bytes)
    }
}

/// How much is read at once.
const PIECE_BYTES: usize = 16 * 1024;

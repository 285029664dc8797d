//! Starting to listen, and stopping in good order.
//!
//! SIGINT or SIGTERM once: no new connections, requests and jobs come to their end. Twice, or five
//! seconds later: whatever is left is cut off.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long draining may take.
pub const DRAIN: Duration = Duration::from_secs(5);

/// Two tokens: `soft` asks to come to an end, `hard` cuts off. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    soft: CancellationToken,
    hard: CancellationToken,
}

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program has it.
    #[error("{address} is taken by another program")]
    Taken {
        /// Which.
        address: SocketAddr,
    },
    /// The system refuses it.
    #[error("{address} cannot be listened on")]
    Refused {
        /// Which.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Shutdown {
    /// Nothing is asked to end yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks everything to come to its end; a second call cuts off.
    pub fn stop(&self) {
        if self.soft.is_cancelled() {
            self.hard.cancel();
        }
        self.soft.cancel();
    }

    /// Cuts off what is left.
    pub fn cut_off(&self) {
        self.soft.cancel();
        self.hard.cancel();
    }

    /// Cancelled when everything should come to its end.
    pub fn soft(&self) -> CancellationToken {
        self.soft.clone()
    }

    /// Cancelled when whatever is left is cut off.
    pub fn hard(&self) -> CancellationToken {
        self.hard.clone()
    }

    /// Listens to SIGINT and SIGTERM for the life of the process, and cuts off what has not ended
    /// [`DRAIN`] after the first.
    ///
    /// # Errors
    /// When the system gives no signals.
    pub fn listen_to_signals(&self) -> io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let shutdown = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    () = shutdown.hard.cancelled() => return,
                }
                tracing::info!("Stopping; once more to stop at once");
                shutdown.stop();
            }
        });
        self.cut_off_after_drain();
        Ok(())
    }

    /// Starts the clock that cuts off [`DRAIN`] after the soft token.
    pub fn cut_off_after_drain(&self) {
        let shutdown = self.clone();
        tokio::spawn(async move {
            shutdown.soft.cancelled().await;
            if tokio::time::timeout(DRAIN, shutdown.hard.cancelled())
                .await
                .is_err()
            {
                shutdown.hard.cancel();
            }
        });
    }

    /// Runs `work` until it ends or is cut off.
    pub async fn until_cut_off<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            result = work => Some(result),
            () = self.hard.cancelled() => None,
        }
    }
}

/// Listens on an address.
///
/// # Errors
/// [`BindError::Taken`] when another program has it.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => BindError::Taken { address },
            _ => BindError::Refused { address, source },
        })
}

pub use crate::server::serve;

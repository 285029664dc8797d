//! What is up while a serving command runs: listeners, workers, and the way they stop together.

use anyhow::Context as _;
use axum::Router;
use service::lifecycle::{Shutdown, serve};
use service::worker::Worker;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Listeners and workers that run until the process is asked to stop.
#[derive(Debug)]
pub(crate) struct Running {
    shutdown: Shutdown,
    tasks: JoinSet<anyhow::Result<()>>,
}

impl Running {
    /// Nothing yet; SIGINT and SIGTERM are listened to from here on.
    ///
    /// # Errors
    /// When the system gives no signals.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let shutdown = Shutdown::new();
        shutdown.listen_to_signals()?;
        Ok(Self {
            shutdown,
            tasks: JoinSet::new(),
        })
    }

    /// Serves a router on a bound listener.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub(crate) fn serve(
        &mut self,
        name: &'static str,
        listener: std::net::TcpListener,
        router: Router,
    ) -> anyhow::Result<()> {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            serve(listener, router, &shutdown)
                .await
                .with_context(|| format!("{name} stopped listening"))
        });
        Ok(())
    }

    /// Runs a worker's due jobs as time passes.
    pub(crate) fn work(&mut self, worker: Arc<Worker>) {
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            shutdown
                .until_cut_off(worker.run_until(shutdown.soft()))
                .await;
            Ok(())
        });
    }

    /// Waits until the process is asked to stop and everything has come to its end. A task that
    /// ends on its own takes the others with it: half a service is worse than none.
    ///
    /// # Errors
    /// What ended a task.
    pub(crate) async fn until_stopped(mut self) -> anyhow::Result<()> {
        let mut first_error = None;
        while let Some(ended) = self.tasks.join_next().await {
            if !self.shutdown.soft().is_cancelled() {
                self.shutdown.stop();
            }
            let result = ended
                .context("a task of the service broke")
                .and_then(std::convert::identity);
            if let Err(error) = result {
                first_error.get_or_insert(error);
            }
        }
        first_error.map_or(Ok(()), Err)
    }
}

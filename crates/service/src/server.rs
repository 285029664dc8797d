//! Serves a router on a listener: HTTP/1.1 with limits that a slow or greedy client meets.

use crate::lifecycle::Shutdown;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// How long the head of a request may take, and how long a connection may lie idle.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// Connections at a time; the next one waits to be accepted.
pub const MAX_CONNECTIONS: usize = 4_096;
/// The size of all headers of a request together, bytes. Alipay's return carries about 2 KB.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Serves `router` until the soft token, then lets requests come to their end until the hard one.
///
/// # Errors
/// When the listener breaks.
pub async fn serve(listener: TcpListener, router: Router, shutdown: &Shutdown) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let soft = shutdown.soft();
    loop {
        let seat = tokio::select! {
            seat = Arc::clone(&room).acquire_owned() => seat,
            () = soft.cancelled() => break,
        };
        let Ok(seat) = seat else { break };
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted?,
            () = soft.cancelled() => break,
        };
        // Answers are written whole; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .max_buf_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        let shutdown = shutdown.clone();
        tokio::spawn(async move {
            let _seat = seat;
            if let Some(Err(error)) = shutdown.until_cut_off(connection).await {
                tracing::debug!(error = %error, "A connection broke off");
            }
        });
    }
    drop(listener);
    shutdown.until_cut_off(graceful.shutdown()).await;
    Ok(())
}

/// Accepts the next connection. What went wrong with one of them is no reason to stop; when the
/// process has no file handles left, it waits for some to come free.
async fn accept(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    loop {
        match listener.accept().await {
            Ok(accepted) => return Ok(accepted),
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!(error = %error, "No connection can be accepted");
                let _ = tokio::time::timeout(Duration::from_secs(1), pending::<()>()).await;
            }
        }
    }
}

fn is_of_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

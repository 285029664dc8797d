//! Real sockets: a slow client, a taken port, stopping in good order.

#![expect(clippy::unwrap_used, reason = "a test ends where something is wrong")]

use axum::Router;
use axum::routing::{get, post};
use service::lifecycle::{BindError, Shutdown, bind, serve};
use service::{ClientIp, JsonBody};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

const ANY: SocketAddr = SocketAddr::V4(std::net::SocketAddrV4::new(
    std::net::Ipv4Addr::LOCALHOST,
    0,
));

async fn start(router: Router) -> (SocketAddr, Shutdown, JoinHandle<std::io::Result<()>>) {
    let listener = bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = Shutdown::new();
    let serving = tokio::spawn({
        let shutdown = shutdown.clone();
        async move { serve(listener, router, &shutdown).await }
    });
    (address, shutdown, serving)
}

async fn say(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

async fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let listener = bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    let error = bind(address).await.unwrap_err();
    assert!(matches!(error, BindError::Taken { .. }));
    assert_eq!(
        error.to_string(),
        format!("{address} is taken by another program")
    );
    let elsewhere: SocketAddr = "192.0.2.1:1".parse().unwrap();
    assert!(matches!(
        bind(elsewhere).await,
        Err(BindError::Refused { .. })
    ));
}

#[tokio::test]
async fn a_request_under_way_comes_to_its_end() {
    let began = Arc::new(Notify::new());
    let go = Arc::new(Notify::new());
    let router = Router::new().route(
        "/",
        get({
            let (began, go) = (Arc::clone(&began), Arc::clone(&go));
            async move |ip: ClientIp| {
                began.notify_one();
                go.notified().await;
                ip.to_string()
            }
        }),
    );
    let (address, shutdown, serving) = start(router).await;
    let stream = say(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    began.notified().await;
    shutdown.stop();
    go.notify_one();
    let answer = rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.ends_with("127.0.0.1"), "{answer}");
    serving.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_second_signal_cuts_off() {
    let began = Arc::new(Notify::new());
    let router = Router::new().route(
        "/",
        get({
            let began = Arc::clone(&began);
            async move || {
                began.notify_one();
                std::future::pending::<&str>().await
            }
        }),
    );
    let (address, shutdown, serving) = start(router).await;
    let stream = say(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    began.notified().await;
    shutdown.stop();
    shutdown.stop();
    serving.await.unwrap().unwrap();
    assert_eq!(rest(stream).await, "");
}

#[tokio::test(start_paused = true)]
async fn draining_ends_after_its_time() {
    let shutdown = Shutdown::new();
    shutdown.cut_off_after_drain();
    shutdown.stop();
    assert!(!shutdown.hard().is_cancelled());
    assert_eq!(
        shutdown.until_cut_off(std::future::pending::<()>()).await,
        None
    );
}

// With the clock paused, time jumps to the next deadline as soon as nobody has anything to do.
#[tokio::test(start_paused = true)]
async fn a_client_that_never_ends_its_head_is_hung_up_on() {
    let (address, shutdown, serving) = start(Router::new()).await;
    let silent = say(address, "").await;
    let slow = say(address, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    assert_eq!(rest(silent).await, "");
    assert!(!rest(slow).await.contains("200"));
    shutdown.stop();
    serving.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_answered() {
    let echo = async |JsonBody(text): JsonBody<String>| text;
    let (address, shutdown, serving) = start(Router::new().route("/", post(echo))).await;
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n\"a";
    let mut stream = say(address, head).await;
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 408");
    drop(stream);
    shutdown.stop();
    serving.await.unwrap().unwrap();
}

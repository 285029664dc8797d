//! The blocking face: the same outcomes, over a real socket and without a runtime.

#![cfg(feature = "blocking")]

use alipay::{
    AlipayTime, App, Gateway, Outcome, Retry, Unknown, Why,
    blocking::{Client, HttpTransport, Transport},
    keys::PrivateKey,
    requests::Query,
    testing::signed_answer,
    transport::{HttpRequest, HttpResponse, TransportError, TransportErrorKind},
};
use serde_json::json;
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, LazyLock, Mutex},
    thread::{self, JoinHandle},
};

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));

const NUMBER: &str = "20260821001";

fn app(gateway: &str) -> App {
    App::new(
        "2021000000000001",
        gateway,
        KEY.clone(),
        KEY.public_key().clone(),
    )
}

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

fn paid() -> HttpResponse {
    let node = json!({
        "code": "10000", "msg": "Success", "trade_no": "2026082122001", "out_trade_no": NUMBER,
        "trade_status": "TRADE_SUCCESS", "total_amount": "88.80",
    });
    signed_answer(&KEY, "alipay.trade.query", &node)
}

/// Takes one connection, reads until the request's body has come, and answers.
fn server(answer: Vec<u8>) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let task = thread::spawn(move || {
        let (mut socket, _) = listener.accept().expect("a connection");
        let mut request = Vec::new();
        let mut piece = [0; 4096];
        while !request.ends_with(b"%7D") {
            let length = socket.read(&mut piece).expect("a request");
            if length == 0 {
                break;
            }
            request.extend_from_slice(&piece[..length]);
        }
        let _ = socket.write_all(&answer);
        String::from_utf8(request).expect("text")
    });
    (format!("http://{address}/gateway.do"), task)
}

fn http(body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    answer.push_str(std::str::from_utf8(body).expect("text"));
    answer.into_bytes()
}

fn ask(gateway: &str) -> Outcome<alipay::QueryResponse> {
    let client = Client::new(app(gateway), Arc::new(HttpTransport::new().expect("TLS")));
    client.query(&Query::by_out_trade_no(NUMBER), now())
}

fn kind(outcome: &Outcome<alipay::QueryResponse>) -> TransportErrorKind {
    match outcome {
        Outcome::Unknown(Unknown {
            why: Why::Transport(error),
        }) => error.kind,
        other => panic!("an answer: {other:?}"),
    }
}

#[test]
fn a_call_returns_with_its_outcome() {
    let (gateway, server) = server(http(&paid().body));
    let trade = ask(&gateway).done().expect("done");
    assert!(trade.trade_status.is_paid());
    let request = server.join().expect("a request");
    assert!(
        request.starts_with("POST /gateway.do?app_id=2021000000000001&method=alipay.trade.query&")
    );
}

#[test]
fn silence_is_told_apart_as_in_the_async_client() {
    let (gateway, _server) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec());
    assert_eq!(kind(&ask(&gateway)), TransportErrorKind::Lost);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    // The line is open, nobody answers.
    let client = Client::new(
        app(&format!("http://{address}/g")),
        Arc::new(HttpTransport::new().expect("TLS")),
    );
    let query = Query::by_out_trade_no(NUMBER);
    let outcome = client.with_timeout_ms(200).query(&query, now());
    assert_eq!(kind(&outcome), TransportErrorKind::Timeout);
    drop(listener);
    let outcome = ask(&format!("http://{address}/g"));
    assert_eq!(kind(&outcome), TransportErrorKind::NotSent);
}

#[test]
fn a_proxy_is_asked_for_what_is_not_on_this_machine() {
    let (proxy, server) = server(http(&paid().body));
    let transport = HttpTransport::through_proxy(&proxy).expect("a proxy");
    let client = Client::new(
        app("http://gateway.invalid/gateway.do"),
        Arc::new(transport),
    );
    assert!(
        client
            .query(&Query::by_out_trade_no(NUMBER), now())
            .done()
            .is_some()
    );
    let request = server.join().expect("a request");
    assert!(request.starts_with("POST http://gateway.invalid/gateway.do?"));
    assert!(HttpTransport::through_proxy("no address at all").is_err());
}

/// Fails, then answers; keeps what it was asked.
struct Twice(Mutex<Vec<HttpRequest>>);

impl Transport for Twice {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut seen = self.0.lock().expect("one thread");
        seen.push(request);
        if seen.len() == 1 {
            let detail = "cut".to_owned();
            let kind = TransportErrorKind::Lost;
            return Err(TransportError { kind, detail });
        }
        Ok(paid())
    }
}

#[test]
fn the_core_is_the_same_retries_gateways_and_all() {
    let transport = Arc::new(Twice(Mutex::default()));
    let client = Client::new(app("http://127.0.0.1:1/gateway.do"), transport.clone())
        .with_retry(Retry::attempts(2))
        .on_behalf_of("token");
    let query = Query::by_out_trade_no(NUMBER);
    let outcome = client.wait(|client| client.query(&query, now()));
    assert!(outcome.done().is_some());
    // A v3 answer is signed in its headers; this one is not.
    let outcome = client.with_gateway(Gateway::V3).query(&query, now());
    assert!(outcome.is_unknown());
    let seen = transport.0.lock().expect("one thread");
    assert_eq!(seen.len(), 3);
    assert!(seen[1].url.contains("app_auth_token=token"));
    assert_eq!(seen[2].url, "http://127.0.0.1:1/v3/alipay/trade/query");
}

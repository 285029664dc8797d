//! The real transport against a real socket: what was sent, and what can be said when nothing
//! came back.
#![cfg(feature = "client")]

use alipay::transport::{
    HttpRequest, HttpTransport, MAX_RESPONSE_BYTES, Transport, TransportErrorKind,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

/// A server that takes one connection, reads one request, says `answer` and hangs up. Returns what
/// it read.
async fn server(answer: Option<Vec<u8>>) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let task = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a connection");
        let mut request = Vec::new();
        while !request.ends_with(b"biz") {
            let mut piece = [0; 1024];
            let length = socket.read(&mut piece).await.expect("a request");
            request.extend_from_slice(&piece[..length]);
            if length == 0 {
                break;
            }
        }
        match answer {
            Some(answer) => {
                let _ = socket.write_all(&answer).await;
            }
            // Keeps the line open and says nothing, until the client gives up.
            None => {
                let _ = socket.read(&mut [0; 1]).await;
            }
        }
        String::from_utf8(request).expect("text")
    });
    (
        format!("http://{address}/gateway.do?charset=utf-8&sign=secret"),
        task,
    )
}

fn request(url: &str, timeout_ms: u64) -> HttpRequest {
    HttpRequest {
        method: "POST",
        url: url.to_owned(),
        headers: vec![(
            "content-type",
            "application/x-www-form-urlencoded".to_owned(),
        )],
        body: b"biz".to_vec(),
        timeout_ms,
    }
}

async fn send(
    url: &str,
    timeout_ms: u64,
) -> Result<alipay::transport::HttpResponse, TransportErrorKind> {
    let transport = HttpTransport::new().expect("TLS");
    let sent = transport.send(request(url, timeout_ms)).await;
    sent.map_err(|error| {
        assert!(!error.to_string().contains("secret"), "{error}");
        error.kind
    })
}

#[tokio::test]
async fn an_answer_comes_back_as_it_is() {
    let answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nTrace_Id: 7\r\nContent-Length: 4\r\n\r\n\xd6\xd0\xce\xc4";
    let (url, server) = server(Some(answer.to_vec())).await;
    let response = send(&url, 10_000).await.expect("an answer");
    assert_eq!(response.status, 302, "no redirect is followed");
    assert_eq!(response.header("trace_id"), Some("7"));
    assert_eq!(response.body, b"\xd6\xd0\xce\xc4");
    let request = server.await.expect("a request");
    assert!(request.starts_with("POST /gateway.do?charset=utf-8&sign=secret HTTP/1.1\r\n"));
    assert!(request.ends_with("\r\n\r\nbiz"));
}

#[tokio::test]
async fn a_refused_connection_is_certainly_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let url = format!("http://{address}/gateway.do?sign=secret");
    assert_eq!(
        send(&url, 10_000).await.err(),
        Some(TransportErrorKind::NotSent)
    );
    let nowhere = "http://no.such.host.invalid/gateway.do?sign=secret";
    assert_eq!(
        send(nowhere, 10_000).await.err(),
        Some(TransportErrorKind::NotSent)
    );
    assert_eq!(
        send("no address", 10_000).await.err(),
        Some(TransportErrorKind::NotSent)
    );
}

#[tokio::test]
async fn a_cut_answer_is_lost_and_a_late_one_timed_out() {
    for answer in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    ] {
        let (url, _server) = server(Some(answer.to_vec())).await;
        assert_eq!(
            send(&url, 10_000).await.err(),
            Some(TransportErrorKind::Lost)
        );
    }
    let (url, _server) = server(None).await;
    assert_eq!(
        send(&url, 200).await.err(),
        Some(TransportErrorKind::Timeout)
    );
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let mut answer = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    answer.resize(answer.len() + MAX_RESPONSE_BYTES + 1, b'x');
    let (url, _server) = server(Some(answer)).await;
    assert_eq!(
        send(&url, 10_000).await.err(),
        Some(TransportErrorKind::Lost)
    );
}

#[cfg(feature = "bill")]
#[tokio::test]
async fn a_file_is_fetched_piece_by_piece() {
    use alipay::transport::DownloadError;

    let file = vec![b'x'; 3 * 1024 * 1024];
    let answer = |status: &str, body: &[u8]| {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n");
        Some([head.as_bytes(), body].concat())
    };
    let transport = HttpTransport::new().expect("TLS");
    let fetch = async |answer: Option<Vec<u8>>, max_bytes: u64| {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let task = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            let mut request = vec![0; 4096];
            let length = socket.read(&mut request).await.expect("a request");
            let _ = socket.write_all(&answer.expect("an answer")).await;
            request.truncate(length);
            String::from_utf8(request).expect("text")
        });
        let mut sink = Vec::new();
        let url = format!("http://{address}/bill?fileId=secret");
        let fetched = transport.download(&url, &mut sink, max_bytes, 5_000).await;
        (fetched, sink, task.await.expect("a server"))
    };
    let (fetched, sink, request) = fetch(answer("200 OK", &file), u64::MAX).await;
    assert_eq!(fetched.expect("fetched"), 3 * 1024 * 1024);
    assert_eq!(sink, file);
    assert!(request.starts_with("GET /bill?fileId=secret "));
    assert!(request.contains("user-agent: tongbao-alipay/"));

    let (fetched, sink, _) = fetch(answer("403 Forbidden", b"expired"), u64::MAX).await;
    assert!(matches!(fetched, Err(DownloadError::Status(403))));
    assert!(sink.is_empty());
    let (fetched, sink, _) = fetch(answer("200 OK", &file), 1024 * 1024).await;
    assert!(matches!(fetched, Err(DownloadError::TooLarge(_))));
    assert!(sink.len() <= 1024 * 1024);
    // The line breaks in the middle.
    let mut broken = answer("200 OK", &file).expect("an answer");
    broken.truncate(1024);
    let (fetched, _, _) = fetch(Some(broken), u64::MAX).await;
    let error = fetched.expect_err("not whole");
    assert!(matches!(error, DownloadError::Transport(_)));
    assert!(!error.to_string().contains("secret"));
}

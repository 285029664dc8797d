//! Our own SDK as a client of the sandbox, without a network between.

use crate::support::{Bench, keys};
use alipay::cert::{CertFiles, Trust};
use alipay::transport::{BoxFuture, HttpRequest, HttpResponse, Transport, TransportError};
use alipay::{AlipayTime, App, CertMode, Client};
use axum::body::Body;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

pub(crate) const GATEWAY: &str = "http://127.0.0.1:8609/gateway.do";

/// Hands requests to the sandbox's routes.
#[derive(Debug)]
pub(crate) struct Direct(axum::Router);

impl Transport for Direct {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let path = request.url.trim_start_matches("http://127.0.0.1:8609");
        let mut built = http::Request::builder().method(request.method).uri(path);
        for (name, value) in &request.headers {
            built = built.header(*name, value);
        }
        let built = built.body(Body::from(request.body)).unwrap();
        let router = self.0.clone();
        Box::pin(async move {
            let response = router.oneshot(built).await.unwrap();
            let (head, body) = response.into_parts();
            let named = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
                (name.to_string(), value.to_str().unwrap().to_owned())
            };
            Ok(HttpResponse {
                status: head.status.as_u16(),
                headers: head.headers.iter().map(named).collect(),
                body: body.collect().await.unwrap().to_bytes().to_vec(),
            })
        })
    }
}

pub(crate) fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").unwrap()
}

pub(crate) fn client(bench: &Bench, app: App) -> Client {
    Client::new(app, Arc::new(Direct(bench.router.clone())))
}

/// Application `index` by its key.
pub(crate) fn by_key(index: usize) -> App {
    let app_id = format!("902100000000000{}", index + 1);
    let alipay = keys().alipay[index].public_key().clone();
    App::new(&app_id, GATEWAY, keys().app[index].clone(), alipay)
}

/// The certificates of application `index` as the control API shows them.
pub(crate) async fn certs(bench: &Bench, index: usize) -> Value {
    let app_id = &bench.apps[index].app_id;
    bench.look(&format!("apps/{app_id}")).await["certs"].clone()
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    let found = value[name].as_str();
    found.unwrap_or_else(|| panic!("no {name} in {value}"))
}

pub(crate) fn files(certs: &Value) -> CertFiles<'_> {
    CertFiles {
        app: text(certs, "app_cert"),
        alipay: text(certs, "alipay_cert"),
        root: text(certs, "alipay_root_cert"),
    }
}

/// Application `index` by its certificates.
pub(crate) async fn by_cert(bench: &Bench, index: usize) -> App {
    let certs = certs(bench, index).await;
    let mode = CertMode::open(files(&certs), Trust::Roots).expect("a chain to a root");
    let app_id = &bench.apps[index].app_id;
    let key = Arc::new(keys().app[index].clone());
    App::in_cert_mode(app_id, GATEWAY, key, mode)
}

/// Changes application `index`.
pub(crate) async fn change(bench: &Bench, index: usize, body: Value) -> Value {
    let path = format!("/sandbox/v1/apps/{}", bench.apps[index].app_id);
    let request = http::Request::patch(path)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let reply = bench.send(request).await;
    assert_eq!(reply.status, http::StatusCode::OK, "{}", reply.text());
    reply.json()
}

/// A QR code's order of that number.
pub(crate) fn order(number: &str) -> Value {
    json!({"out_trade_no": number, "total_amount": "8.80", "subject": "高等数学/上"})
}

//! What a program meets: problems, limits, counters.

#![expect(clippy::unwrap_used, reason = "a test ends where something is wrong")]

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt;
use kernel::SeededRng;
use serde::Deserialize;
use service::edge::{EdgeParts, guard};
use service::{ClientIp, FormBody, JsonBody, Lang, Problem, RequestId, limits};
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    subject: String,
    quantity: u32,
}

fn parts() -> EdgeParts {
    EdgeParts::new("test", Arc::new(SeededRng::new(1)))
}

fn router() -> Router {
    Router::new()
        .route(
            "/orders",
            post(async |JsonBody(order): JsonBody<Order>| {
                format!("{} {}", order.subject, order.quantity)
            }),
        )
        .route(
            "/form",
            post(async |FormBody(order): FormBody<Order>| {
                format!("{} {}", order.subject, order.quantity)
            }),
        )
        .route(
            "/notify",
            post(
                async |request: Request| match limits::read_body_up_to(request, 100).await {
                    Ok(_) => "success",
                    Err(_) => "failure",
                },
            ),
        )
        .route(
            "/panic",
            get(async || -> &str { panic!("as the test wants it") }),
        )
        .route("/hang", get(async || std::future::pending::<&str>().await))
        .route(
            "/who",
            get(async |ip: ClientIp, id: RequestId| format!("{ip} {id}")),
        )
        .route("/lang", get(async |lang: Lang| lang.tag()))
        .fallback(service::problem::no_such_path)
}

async fn ask(router: Router, request: Request) -> (StatusCode, HeaderMap, String) {
    read(router.oneshot(request).await.unwrap()).await
}

async fn read(response: Response) -> (StatusCode, HeaderMap, String) {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (
        parts.status,
        parts.headers,
        String::from_utf8(bytes.to_vec()).unwrap(),
    )
}

fn request(method: Method, path: &str, media_type: &str, body: impl Into<Body>) -> Request {
    let mut builder = Request::builder().method(method).uri(path);
    if !media_type.is_empty() {
        builder = builder.header(header::CONTENT_TYPE, media_type);
    }
    builder.body(body.into()).unwrap()
}

async fn post_json(body: &str) -> String {
    let request = request(
        Method::POST,
        "/orders",
        "application/json; charset=utf-8",
        body.to_owned(),
    );
    let (status, headers, text) = ask(guard(router(), parts()), request).await;
    if !status.is_success() {
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }
    format!("{} {text}", status.as_u16())
}

#[tokio::test]
async fn a_bad_body_is_told_what_and_where() {
    insta::assert_snapshot!(post_json(r#"{"subject":"a","quantity":2}"#).await, @"200 a 2");
    insta::assert_snapshot!(post_json("{").await, @r#"400 {"type":"/problems/not-json","title":"The body is not valid JSON","status":400,"detail":"EOF while parsing an object at line 1 column 1.","line":1,"column":1}"#);
    insta::assert_snapshot!(post_json("").await, @r#"400 {"type":"/problems/not-json","title":"The body is not valid JSON","status":400,"detail":"EOF while parsing a value at line 1 column 0.","line":1,"column":0}"#);
    insta::assert_snapshot!(post_json(r#"{"subject":"a"}"#).await, @r#"422 {"type":"/problems/wrong-shape","title":"The JSON does not have the shape that is asked for","status":422,"detail":"missing field `quantity` at line 1 column 15.","line":1,"column":15}"#);
    insta::assert_snapshot!(post_json("{\n  \"subject\": 1\n}").await, @r#"422 {"type":"/problems/wrong-shape","title":"The JSON does not have the shape that is asked for","status":422,"detail":"invalid type: integer `1`, expected a string at line 2 column 14.","line":2,"column":14}"#);
    insta::assert_snapshot!(post_json(r#"{"subject":"a","quantity":-1}"#).await, @r#"422 {"type":"/problems/wrong-shape","title":"The JSON does not have the shape that is asked for","status":422,"detail":"invalid value: integer `-1`, expected u32 at line 1 column 28.","line":1,"column":28}"#);
    insta::assert_snapshot!(post_json(r#"{"subject":"a","quantity":2,"price":1}"#).await, @r#"422 {"type":"/problems/wrong-shape","title":"The JSON does not have the shape that is asked for","status":422,"detail":"unknown field `price`, expected `subject` or `quantity` at line 1 column 35.","line":1,"column":35}"#);
    insta::assert_snapshot!(post_json(&format!(r#"{{"subject":"{}"}}"#, "x".repeat(70_000))).await, @r#"413 {"type":"/problems/body-too-large","title":"The body is larger than allowed","status":413}"#);
    let wrong = request(Method::POST, "/orders", "text/plain", "{}");
    insta::assert_snapshot!(ask(router(), wrong).await.2, @r#"{"type":"/problems/not-json-type","title":"The body must be JSON","status":415,"detail":"Send `Content-Type: application/json`."}"#);
    let none = request(Method::POST, "/orders", "", "{}");
    assert_eq!(
        ask(router(), none).await.0,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn a_form_is_read_or_refused() {
    let form = "application/x-www-form-urlencoded";
    let send = async |media_type: &str, body: String| {
        let request = request(Method::POST, "/form", media_type, body);
        let (status, _, text) = ask(guard(router(), parts()), request).await;
        format!("{} {text}", status.as_u16())
    };
    insta::assert_snapshot!(send(form, "subject=%E8%AF%BE&quantity=2".to_owned()).await, @"200 课 2");
    insta::assert_snapshot!(send(form, "subject=a".to_owned()).await, @r#"422 {"type":"/problems/wrong-form","title":"The form does not have the fields that are asked for","status":422,"detail":"Failed to deserialize form body: missing field `quantity`."}"#);
    insta::assert_snapshot!(send("text/plain", "subject=a".to_owned()).await, @r#"422 {"type":"/problems/wrong-form","title":"The form does not have the fields that are asked for","status":422,"detail":"Form requests must have `Content-Type: application/x-www-form-urlencoded`."}"#);
    insta::assert_snapshot!(send(form, format!("subject={}", "x".repeat(70_000))).await, @r#"413 {"type":"/problems/body-too-large","title":"The body is larger than allowed","status":413}"#);
}

#[tokio::test]
async fn paths_and_methods_that_nobody_has_are_problems() {
    let at = async |method: Method, path: &str| {
        let (status, headers, text) =
            ask(guard(router(), parts()), request(method, path, "", "")).await;
        assert_eq!(headers["x-request-id"].len(), 16);
        assert_eq!(headers["x-content-type-options"], "nosniff");
        format!("{} {text}", status.as_u16())
    };
    insta::assert_snapshot!(at(Method::GET, "/nowhere?token=secret").await, @r#"404 {"type":"/problems/not-found","title":"There is no such thing","status":404,"detail":"Nothing is served at `/nowhere`."}"#);
    insta::assert_snapshot!(at(Method::DELETE, "/orders").await, @r#"405 {"type":"/problems/method-not-allowed","title":"The path does not take this method","status":405,"detail":"`/orders` does not take DELETE."}"#);
    insta::assert_snapshot!(at(Method::GET, "/panic").await, @r#"500 {"type":"/problems/internal","title":"Something went wrong on our side","status":500}"#);
}

#[tokio::test]
async fn a_callback_answers_an_oversized_body_in_its_own_words() {
    let send = async |length: usize| {
        let request = request(Method::POST, "/notify", "text/plain", "x".repeat(length));
        ask(guard(router(), parts()), request).await.2
    };
    assert_eq!(send(100).await, "success");
    assert_eq!(send(101).await, "failure");
    assert_eq!(send(200_000).await, "failure");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_hangs_is_given_up() {
    let hang = request(Method::GET, "/hang", "", "");
    let (status, _, text) = ask(guard(router(), parts()), hang).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    insta::assert_snapshot!(text, @r#"{"type":"/problems/too-slow","title":"The answer took too long","status":504,"detail":"What was asked for may have happened; ask for its state."}"#);
}

#[tokio::test(start_paused = true)]
async fn a_path_without_a_limit_takes_as_long_as_it_needs() {
    let slow = async || {
        let never = std::future::pending::<()>();
        let ended = tokio::time::timeout(Duration::from_mins(10), never).await;
        if ended.is_err() { "done" } else { "" }
    };
    let router = Router::new()
        .route("/slow", get(slow))
        .route("/slow/too", get(slow));
    let router = guard(router, parts().untimed(&["/slow"]));
    let unhurried = ask(router.clone(), request(Method::GET, "/slow?a=1", "", "")).await;
    assert_eq!((unhurried.0, &*unhurried.2), (StatusCode::OK, "done"));
    let (status, ..) = ask(router, request(Method::GET, "/slow/too", "", "")).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
}

#[tokio::test]
async fn one_request_too_many_is_told_to_come_back() {
    let mut few = parts();
    few.max_requests = 1;
    few.handler_timeout = Duration::from_hours(1);
    let router = guard(router(), few);
    let mut hanging = std::pin::pin!(ask(router.clone(), request(Method::GET, "/hang", "", "")));
    assert!(futures::poll!(hanging.as_mut()).is_pending());
    let (status, headers, _) = ask(router, request(Method::GET, "/who", "", "")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(headers[header::RETRY_AFTER], "1");
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    tokio::time::pause();
    let never = Body::from_stream(futures::stream::pending::<
        Result<bytes::Bytes, std::io::Error>,
    >());
    let request = request(Method::POST, "/orders", "application/json", never);
    let (status, _, text) = ask(guard(router(), parts()), request).await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    insta::assert_snapshot!(text, @r#"{"type":"/problems/body-too-slow","title":"The body did not arrive in time","status":408}"#);
}

#[tokio::test]
async fn the_chosen_language_is_remembered() {
    let chosen = request(Method::GET, "/lang?lang=en", "", "");
    let (_, headers, text) = ask(guard(router(), parts()), chosen).await;
    assert_eq!(text, "en");
    assert_eq!(
        headers[header::SET_COOKIE],
        "tb_lang=en; Path=/; Max-Age=31536000; SameSite=Lax"
    );
    let (_, headers, text) = ask(
        guard(router(), parts()),
        request(Method::GET, "/lang", "", ""),
    )
    .await;
    assert_eq!(text, "zh-CN");
    assert!(!headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn an_error_tells_its_chain_to_the_log_only() {
    #[derive(Debug, thiserror::Error)]
    #[error("the order cannot be read")]
    struct Outer(#[source] std::io::Error);
    let error = Outer(std::io::Error::other("password=hunter2"));
    assert_eq!(
        service::problem::chain(&error),
        "the order cannot be read: password=hunter2"
    );
    let (status, _, text) = read(Problem::internal(&error).into_response()).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        !text.contains("hunter2") && !text.contains("order"),
        "{text}"
    );
    let hidden = Problem::not_found("x")
        .with("status", 200)
        .with("left", "12.00")
        .to_json();
    assert_eq!(hidden["status"], 404);
    assert_eq!(hidden["left"], "12.00");
}

#[tokio::test]
async fn everything_is_counted_by_route() {
    service::metrics::install();
    let who = guard(
        Router::new().route("/who/{id}", get(async || "you")),
        parts(),
    );
    ask(who.clone(), request(Method::GET, "/who/17", "", "")).await;
    ask(
        who,
        request(
            Method::from_bytes(b"MADEUP").unwrap(),
            "/elsewhere/17",
            "",
            "",
        ),
    )
    .await;
    service::metrics::notice_judged("accepted");
    let text = service::metrics::render();
    assert!(text.contains(r#"route="/who/{id}",status="200""#), "{text}");
    assert!(
        text.contains(r#"method="other",route="unmatched",status="404""#),
        "{text}"
    );
    assert!(
        text.contains(r#"tongbao_notices_total{verdict="accepted"} 1"#),
        "{text}"
    );
    // Not a bare "17": a duration may well have those digits.
    assert!(!text.contains("/17"), "{text}");
}

//! The answer of `/gateway.do`: its bytes, its headers, and what is kept of the exchange.

use super::answer;
use super::methods::Method;
use super::page::error_page;
use super::perform::Outcome;
use super::serve::{Handled, Incoming};
use super::struck::{self, is_struck};
use crate::context::Context;
use crate::exchanges::Exchange;
use crate::faults::What;
use alipay::Charset;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

/// An answer before it is sent.
struct Written {
    trace_id: String,
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
    location: Option<String>,
    code: String,
    explain: Option<String>,
    advice: [Option<String>; 2],
}

pub(super) fn write(cx: &Context, incoming: &Incoming, handled: Handled) -> Response {
    let written = put_down(cx, incoming, &handled);
    let body = struck::body(handled.course.struck, &written.body);
    if let Some(struck) = handled.course.struck {
        cx.faults().traced(struck, &written.trace_id);
    }
    let mut response = (written.status, body).into_response();
    let headers = response.headers_mut();
    let content_type = HeaderValue::from_static(written.content_type);
    headers.insert(header::CONTENT_TYPE, content_type);
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(http::HeaderName::from_static(name), value);
        }
    };
    set("trace_id", &written.trace_id);
    if let Some(explain) = &written.explain {
        set("x-sandbox-explain", &in_header(explain));
    }
    if let Some(location) = &written.location {
        set("location", location);
    }
    keep(cx, incoming, handled, written);
    response
}

fn put_down(cx: &Context, incoming: &Incoming, handled: &Handled) -> Written {
    let trace_id = kernel::uuid_v7_hex(cx.clock(), cx.rng());
    let is_page = handled.method.is_some_and(Method::is_page);
    let (code, explain) = match &handled.outcome {
        Outcome::Landing(_, explain) => ("10000", explain),
        Outcome::Node(fields, explain) => {
            let own = fields.get("code").and_then(Value::as_str);
            (own.unwrap_or("10000"), explain)
        }
        Outcome::Fault(fault) => (fault.what.sub_code, &fault.explain),
    };
    let is_bad_gateway = is_struck(handled.course.struck, What::BadGateway);
    let body = match &handled.outcome {
        _ if is_bad_gateway => struck::bad_gateway(),
        Outcome::Landing(..) => Vec::new(),
        Outcome::Fault(fault) if is_page => error_page(fault, &trace_id, incoming.lang),
        Outcome::Fault(fault) => json(handled, &answer::failure(fault)),
        Outcome::Node(fields, _) if handled.method.is_some_and(|method| !method.coded) => {
            json(handled, &Value::Object(fields.clone()))
        }
        Outcome::Node(fields, _) => json(handled, &answer::success(fields.clone())),
    };
    let (status, location) = match &handled.outcome {
        Outcome::Landing(landing, _) => (StatusCode::FOUND, Some(landing.path())),
        _ if is_bad_gateway => (StatusCode::BAD_GATEWAY, None),
        Outcome::Node(..) | Outcome::Fault(_) => (StatusCode::OK, None),
    };
    let content_type = match handled.charset {
        Charset::Utf8 if !is_page => "text/html;charset=utf-8",
        Charset::Utf8 | Charset::Gbk => "text/html;charset=GBK",
    };
    Written {
        trace_id,
        status,
        content_type,
        body: body.into(),
        location,
        code: code.to_owned(),
        explain: explain.text(incoming.lang).map(str::to_owned),
        advice: explain.both(),
    }
}

fn json(handled: &Handled, node: &Value) -> Vec<u8> {
    // Where a good answer has no code, a bad one has a node of its own and no signature.
    let is_fault = matches!(handled.outcome, Outcome::Fault(_));
    let unsigned = is_struck(handled.course.struck, What::UnsignedError);
    let uncoded = handled.method.is_some_and(|method| !method.coded);
    let (node_name, signer) = match &handled.method_name {
        Some(_) if is_fault && (uncoded || unsigned) => ("error_response".to_owned(), None),
        Some(name) => (alipay::response::node_name(name), handled.signer.as_ref()),
        None => ("error_response".to_owned(), handled.signer.as_ref()),
    };
    let struck = handled.course.struck.map(|struck| struck.what);
    answer::write(&node_name, node, signer, struck, handled.charset)
}

/// Everything but what stands in a header as it is.
const EXPLAIN_ESCAPED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Any text as a header may carry it.
pub(super) fn in_header(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, EXPLAIN_ESCAPED).to_string()
}

fn keep(cx: &Context, incoming: &Incoming, handled: Handled, written: Written) {
    let params: Vec<(String, String)> = handled.read.as_ref().map_or_else(Vec::new, |read| {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        read.params.iter().map(owned).collect()
    });
    let param = |wanted: &str| {
        let found = params.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    cx.exchanges().keep(Exchange {
        trace_id: written.trace_id,
        at: cx.now(),
        http_method: incoming.http_method.to_owned(),
        query: incoming.query.clone(),
        content_type: incoming.content_type.clone(),
        body: incoming.body.clone(),
        app_id: param("app_id"),
        method: param("method"),
        out_trade_no: handled.course.out_trade_no,
        signed_text: handled.signed_text,
        params,
        answer: written.body,
        status: written.status.as_u16(),
        code: written.code,
        explain: written.explain,
        advice: written.advice,
        struck: handled.course.struck.map(|struck| struck.what),
    });
}

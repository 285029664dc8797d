//! The bytes and headers of an answer over v3.

use super::authenticate::Known;
use super::serve::Incoming;
use super::status;
use crate::context::Context;
use crate::exchanges::Exchange;
use crate::faults::What;
use crate::gateway::errors::Fault;
use crate::gateway::perform::{Course, Outcome};
use crate::gateway::struck::{self, is_struck};
use crate::gateway::write::in_header;
use alipay::sign::{self, SignType};
use alipay::v3::signed_text;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// What became of a call.
pub(super) struct Handled {
    pub(super) known: Option<Known>,
    pub(super) app_id: Option<String>,
    pub(super) method_name: Option<&'static str>,
    pub(super) params: Vec<(String, String)>,
    /// The content came encrypted, and so goes the answer.
    pub(super) encrypted: bool,
    pub(super) course: Course,
    pub(super) outcome: Outcome,
}

/// Writes the answer and keeps the exchange.
pub(super) fn write(cx: &Context, incoming: &Incoming, handled: Handled) -> Response {
    let trace_id = kernel::uuid_v7_hex(cx.clock(), cx.rng());
    let (mut status, code, mut body) = content(cx, &handled, &trace_id);
    if is_struck(handled.course.struck, What::BadGateway) {
        status = StatusCode::BAD_GATEWAY;
        body = struck::bad_gateway_page();
    }
    let explain = match &handled.outcome {
        Outcome::Node(_, explain) | Outcome::Landing(_, explain) => explain,
        Outcome::Fault(fault) => &fault.explain,
    };
    let advice = explain.both();
    let explain = explain.text(incoming.lang).map(str::to_owned);
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("alipay-trace-id", &trace_id);
    if let Some(explain) = &explain {
        set("x-sandbox-explain", &in_header(explain));
    }
    let mut content_type = "application/json;charset=UTF-8";
    // Good answers are signed, bad ones are not.
    if let Some(known) = handled.known.as_ref().filter(|_| status.is_success()) {
        let key = known.caller.keys.content_key.as_ref();
        if let Some(key) = key.filter(|_| handled.encrypted)
            && let Ok(secret) = key.encrypt(body.as_bytes())
        {
            body = secret;
            content_type = "text/plain;charset=UTF-8";
            set("alipay-encrypt-type", "AES");
        }
        let timestamp = cx.parts().wall.now().ms().to_string();
        let nonce = kernel::uuid_v7_hex(cx.clock(), cx.rng());
        let wrongly = is_struck(handled.course.struck, What::WrongSignature);
        let text = if wrongly {
            String::new()
        } else {
            signed_text(&timestamp, &nonce, &body)
        };
        let key = &known.caller.keys.alipay_private_key;
        if let Ok(signature) = sign::sign(key, SignType::Rsa2, text.as_bytes()) {
            set("alipay-timestamp", &timestamp);
            set("alipay-nonce", &nonce);
            set("alipay-signature", &signature);
        }
        let certs = known.caller.keys.certs.as_ref();
        if let Some(sn) = certs
            .filter(|_| known.by_cert && !is_struck(handled.course.struck, What::CertSnMissing))
            .and_then(|certs| certs.alipay_sn())
        {
            set("alipay-sn", sn);
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(struck) = handled.course.struck {
        cx.faults().traced(struck, &trace_id);
    }
    let body = Bytes::from(body);
    let sent = struck::body(handled.course.struck, &body);
    cx.exchanges().keep(Exchange {
        trace_id,
        at: cx.now(),
        http_method: incoming.http_method.as_str().to_owned(),
        query: incoming.path_and_query.clone(),
        content_type: incoming.content_type.clone(),
        body: incoming.body.clone(),
        app_id: handled.app_id,
        method: handled.method_name.map(str::to_owned),
        out_trade_no: handled.course.out_trade_no,
        signed_text: handled
            .known
            .map(|known| known.signed_text)
            .or(match handled.outcome {
                Outcome::Fault(fault) => fault.signed_text,
                _ => None,
            }),
        params: handled.params,
        answer: body,
        status: status.as_u16(),
        code,
        explain,
        advice,
        struck: handled.course.struck.map(|struck| struck.what),
    });
    (status, headers, sent).into_response()
}

fn content(cx: &Context, handled: &Handled, trace_id: &str) -> (StatusCode, String, String) {
    match &handled.outcome {
        Outcome::Fault(fault) => {
            let status = status::status(fault.what);
            let text = error(cx, fault, trace_id).to_string();
            (status, fault.what.sub_code.to_owned(), text)
        }
        Outcome::Node(fields, _) => {
            let mut fields = fields.clone();
            let own = fields.remove("code");
            let code = own.as_ref().and_then(Value::as_str).unwrap_or("10000");
            // Accepted, and not decided yet: whoever asks again learns more.
            let status = match code {
                "10000" => StatusCode::OK,
                _ => StatusCode::ACCEPTED,
            };
            fields.remove("msg");
            (status, code.to_owned(), Value::from(fields).to_string())
        }
        // No method of v3 is a page.
        Outcome::Landing(..) => (StatusCode::OK, "10000".to_owned(), "{}".to_owned()),
    }
}

fn error(cx: &Context, fault: &Fault, trace_id: &str) -> Value {
    let link = format!("{}/sandbox/v1/requests/{trace_id}", cx.public_url());
    json!({
        "code": status::code(fault.what),
        "links": [{"link": link, "desc": "解决方案"}],
        "message": fault.sub_msg,
    })
}

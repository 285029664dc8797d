//! The fields of a call: the body of a POST, the query of a GET, as parameters that every method
//! reads.

use crate::gateway::errors::Fault;
use crate::gateway::errors::gateway::{ILLEGAL_JSON, INVALID_ARGUMENT};
use crate::gateway::methods::{Fields, Method, Verb};
use crate::gateway::object::Object;
use alipay::form::{self, FormError};
use alipay::{Charset, Params};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Fields that stand beside the content in the second version, and in the body in this one. The
/// merchant's token is a header here; in a body it is content, as of the query about a token.
const COMMON: [&str; 2] = ["notify_url", "return_url"];

/// The common parameters and the content of a call, as the second version has them.
pub(super) fn params(
    method: &Method,
    app_id: &str,
    query: &str,
    body: &str,
) -> Result<Params, Fault> {
    let mut params = Params::from([
        ("app_id", app_id),
        ("method", method.name),
        ("charset", "UTF-8"),
    ]);
    let query = form::decode(query.as_bytes(), Charset::Utf8).map_err(|error| no_query(&error))?;
    let body = match body.trim() {
        "" => Vec::new(),
        text => {
            let object: Object = serde_json::from_str(text).map_err(|error| no_object(&error))?;
            object.0
        }
    };
    let mut content = Map::new();
    for (name, value) in &query {
        // The user's token is a parameter of the address, also where the rest is a body.
        if name == "auth_token" || method.fields == Fields::TopLevel {
            params.set(name, value);
        } else if method.v3 == Some(Verb::Get) {
            content.insert(name.to_owned(), in_query(value));
        }
    }
    for name in COMMON {
        let found = body.iter().find(|(known, _)| known == name);
        if let Some(text) = found.and_then(|(_, raw)| text(raw.get())) {
            params.set(name, &text);
        }
    }
    if method.fields == Fields::TopLevel {
        for (name, raw) in &body {
            let value = text(raw.get()).unwrap_or_else(|| raw.get().to_owned());
            params.set(name, &value);
        }
    } else if method.v3 == Some(Verb::Get) {
        params.set("biz_content", &Value::from(content).to_string());
    } else {
        params.set("biz_content", &without_common(&body));
    }
    Ok(params)
}

/// A list or an object is written as JSON, everything else as it is.
fn in_query(value: &str) -> Value {
    match value.as_bytes().first() {
        Some(b'[' | b'{') => serde_json::from_str(value).unwrap_or_else(|_| Value::from(value)),
        _ => Value::from(value),
    }
}

/// The content, its values as they were sent: an amount keeps its digits.
fn without_common(body: &[(String, Box<RawValue>)]) -> String {
    let mut text = String::from("{");
    for (name, raw) in body {
        if COMMON.contains(&name.as_str()) {
            continue;
        }
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        text.push_str(raw.get());
    }
    text.push('}');
    text
}

fn text(raw: &str) -> Option<String> {
    match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw).ok(),
        _ => None,
    }
}

fn no_query(error: &FormError) -> Fault {
    Fault::new(
        INVALID_ARGUMENT,
        format!("查询串无法读取：{error}。v3 只用 UTF-8，每个参数只能出现一次。"),
        format!(
            "The query cannot be read: {error}. v3 has UTF-8 only, and each name may stand once."
        ),
    )
}

fn no_object(error: &serde_json::Error) -> Fault {
    Fault::new(
        ILLEGAL_JSON,
        format!(
            "请求体不是合法的 JSON 对象：{error}。v3 的请求体就是业务参数，不再放进 biz_content。"
        ),
        format!(
            "The body is no JSON object: {error}. In v3 the body is the content itself, without biz_content around it."
        ),
    )
}

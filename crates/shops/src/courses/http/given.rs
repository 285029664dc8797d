//! A name and a password, wherever a front end puts them: in the query, a JSON body or a form.

use crate::courses::context::Context;
use crate::courses::domain::Credentials;
use crate::courses::http::error::ApiError;
use axum::extract::{FromRequest, Request};
use serde_json::Value;

/// A name and a password of a request. Missing ones are empty; what the body says wins.
pub(in crate::courses::http) struct Given(pub Credentials);

impl FromRequest<Context> for Given {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &Context) -> Result<Self, ApiError> {
        let mut given = Credentials {
            username: String::new(),
            password: String::new(),
        };
        let query = request.uri().query().unwrap_or_default().to_owned();
        take_form(&mut given, query.as_bytes());
        let body = service::limits::read_body(request).await?;
        if body.trim_ascii_start().first() == Some(&b'{') {
            let json: Value = serde_json::from_slice(&body)
                .map_err(|_| ApiError::detail(http::StatusCode::BAD_REQUEST, "JSON 解析错误。"))?;
            for (field, value) in json.as_object().into_iter().flatten() {
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => continue,
                };
                take(&mut given, field, text);
            }
        } else {
            take_form(&mut given, &body);
        }
        Ok(Self(given))
    }
}

fn take_form(given: &mut Credentials, form: &[u8]) {
    for (field, value) in form_urlencoded::parse(form) {
        take(given, &field, value.into_owned());
    }
}

fn take(given: &mut Credentials, field: &str, value: String) {
    match field {
        "username" => given.username = value,
        "password" => given.password = value,
        _ => {}
    }
}

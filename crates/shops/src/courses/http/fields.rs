//! A JSON body field by field, each read from its raw text: an amount must never pass through a
//! float, and `138`, `138.0` and `"138.00"` are the same price.

use crate::courses::http::error::ApiError;
use axum::extract::Request;
use money::{Fen, ParseYuanError};
use serde_json::value::RawValue;
use std::collections::HashMap;

/// The members of a JSON object, unread.
#[derive(Debug)]
pub(super) struct Fields(HashMap<String, Box<RawValue>>);

impl Fields {
    /// Reads a request's body.
    pub(super) async fn read(request: Request) -> Result<Self, ApiError> {
        let body = service::limits::read_body(request).await?;
        Self::parse(&body)
    }

    /// Reads a body.
    pub(super) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        serde_json::from_slice(body)
            .map(Self)
            .map_err(|_| ApiError::detail(http::StatusCode::BAD_REQUEST, "JSON 解析错误。"))
    }

    /// A member's raw text, unless it is missing or null.
    pub(super) fn raw(&self, field: &str) -> Option<&str> {
        let raw = self.0.get(field)?.get();
        (raw != "null").then_some(raw)
    }

    /// A member's raw text.
    pub(super) fn required(&self, field: &str) -> Result<&str, ApiError> {
        self.raw(field)
            .ok_or_else(|| ApiError::field(field, "该字段是必填项。"))
    }

    /// A text.
    pub(super) fn text(&self, field: &str) -> Result<String, ApiError> {
        text_of(self.required(field)?).ok_or_else(|| ApiError::field(field, "不是有效的字符串。"))
    }

    /// Yuan as a string or a number.
    pub(super) fn amount(&self, field: &str) -> Result<Fen, ApiError> {
        let raw = self.required(field)?;
        let text = text_of(raw).ok_or_else(|| ApiError::field(field, NO_NUMBER))?;
        Fen::parse_yuan(&text).map_err(|error| ApiError::field(field, why(error)))
    }

    /// A whole number, as a number or a string of digits.
    pub(super) fn integer(&self, field: &str) -> Result<Option<i64>, ApiError> {
        let Some(raw) = self.raw(field) else {
            return Ok(None);
        };
        integer_of(raw)
            .map(Some)
            .ok_or_else(|| ApiError::field(field, "请填写合法的整数值。"))
    }

    /// A list of numbers; the error names the first thing in it that is none.
    pub(super) fn numbers(&self, field: &str) -> Result<Result<Vec<i64>, String>, ApiError> {
        let raw = self.required(field)?;
        let items: Vec<&RawValue> = serde_json::from_str(raw)
            .map_err(|_| ApiError::field("course", "期望为一个课程编号的列表。"))?;
        Ok(items
            .into_iter()
            .map(|item| integer_of(item.get()).ok_or_else(|| shown(item.get())))
            .collect())
    }
}

/// The text of a JSON string, or of a number as it was written.
fn text_of(raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok(),
        b'-' | b'0'..=b'9' => Some(raw.to_owned()),
        _ => None,
    }
}

fn integer_of(raw: &str) -> Option<i64> {
    let text = text_of(raw)?;
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// What somebody sent, short enough to be sent back.
fn shown(raw: &str) -> String {
    let text = text_of(raw).unwrap_or_else(|| raw.to_owned());
    text.chars().take(40).collect()
}

fn why(error: ParseYuanError) -> &'static str {
    match error {
        ParseYuanError::Empty | ParseYuanError::NotDigits => NO_NUMBER,
        ParseYuanError::TooManyDecimals => "请确保总计不超过 2 个小数位。",
        ParseYuanError::TooLarge => "金额过大。",
    }
}

const NO_NUMBER: &str = "请填写合法的数值。";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_from_their_raw_text() {
        let amount = |raw: &str| {
            let body = format!(r#"{{"total_amount":{raw}}}"#);
            Fields::parse(body.as_bytes()).and_then(|fields| fields.amount("total_amount"))
        };
        for raw in [
            "138",
            "138.0",
            "138.00",
            r#""138.00""#,
            r#""138""#,
            r#""\u00313\u0038""#,
        ] {
            assert_eq!(amount(raw).ok(), Some(Fen::new(13_800)), "{raw}");
        }
        for raw in [
            "1e3",
            "1E3",
            "1.38e2",
            "-1",
            "-138.00",
            r#""+138""#,
            "138.000",
            "1.005",
            "NaN",
            r#""NaN""#,
            "null",
            "true",
            "[138]",
            "{}",
            r#""""#,
            r#"" 138""#,
            r#""１３８""#,
            "99999999999999999999999999999999",
        ] {
            assert!(amount(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn numbers_may_be_quoted() {
        let fields = Fields::parse(br#"{"course":[1,"2",3]}"#).expect("an object");
        assert_eq!(fields.numbers("course").expect("a list"), Ok(vec![1, 2, 3]));
        let fields = Fields::parse(br#"{"course":[1,"x"]}"#).expect("an object");
        assert_eq!(
            fields.numbers("course").expect("a list"),
            Err("x".to_owned())
        );
        for body in [r#"{"course":1}"#, r#"{"course":null}"#, "{}"] {
            let fields = Fields::parse(body.as_bytes()).expect("an object");
            assert!(fields.numbers("course").is_err(), "{body}");
        }
        for body in ["", "[]", "1", "{", r#"{"a":1}x"#, "\u{1}", "\"\u{feff}\""] {
            assert!(Fields::parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Fields::parse(b"{\"subject\":\"\xd6\xd0\"}").is_err());
    }
}

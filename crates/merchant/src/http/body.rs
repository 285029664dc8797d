//! The body of a POST and the key that makes repeating it safe.

use crate::app::RequestKey;
use crate::context::Merchant;
use axum::extract::{FromRequest, Request};
use money::{Fen, ParseYuanError};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use service::problem::Problem;

/// A JSON body with its idempotency key. An empty body reads as `{}`.
#[derive(Clone, Debug)]
pub(crate) struct Keyed<T> {
    pub(crate) key: RequestKey,
    pub(crate) body: T,
}

impl<T: DeserializeOwned> FromRequest<Merchant> for Keyed<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Merchant) -> Result<Self, Self::Rejection> {
        let key = idempotency_key(request.headers())?;
        let head = format!("{} {}\n", request.method(), request.uri().path());
        let bytes = service::limits::read_body(request).await?;
        let mut hashed = head.into_bytes();
        hashed.extend_from_slice(&bytes);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &hashed);
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        Ok(Self {
            key: RequestKey {
                key,
                request_hash: hex::encode(digest),
            },
            body: service::json_body::parse(text)?,
        })
    }
}

fn idempotency_key(headers: &http::HeaderMap) -> Result<String, Problem> {
    let key = headers.get("idempotency-key");
    let key = key.and_then(|key| key.to_str().ok()).map(str::trim);
    match key {
        Some(key) if (1..=MAX_KEY_LEN).contains(&key.len()) => Ok(key.to_owned()),
        Some(_) | None => Err(Problem::new(
            http::StatusCode::BAD_REQUEST,
            "idempotency-key-missing",
            "The request needs an idempotency key",
        )
        .detail(
            "Send `Idempotency-Key` with 1 to 255 characters of your own, the same on every \
             repeat of this request.",
        )),
    }
}

/// An amount that came as a JSON string or number, read from its raw text: no float takes part.
pub(crate) fn amount(field: &'static str, raw: &RawValue) -> Result<Fen, Problem> {
    let text = raw.get();
    let inner = match text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(inner) => inner,
        None => text,
    };
    let parsed = Fen::parse_yuan(inner);
    parsed.map_err(|error: ParseYuanError| {
        Problem::new(
            http::StatusCode::BAD_REQUEST,
            "invalid-amount",
            "The amount cannot be read",
        )
        .detail(format!("`{field}`: {error}."))
        .with("field", field)
    })
}

const MAX_KEY_LEN: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_come_as_strings_or_numbers_and_never_as_floats() {
        let read = |text: &str| {
            let raw: Box<RawValue> = serde_json::from_str(text).unwrap();
            amount("total_amount", &raw).map(Fen::fen)
        };
        for text in ["138", "138.0", "\"138.00\"", "138.00"] {
            assert_eq!(read(text).unwrap(), 13_800, "{text}");
        }
        for text in [
            "1e3", "-1", "1.005", "\"NaN\"", "null", "true", "[1]", "\"\"", "1E2",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}

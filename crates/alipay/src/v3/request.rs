//! What a request is over REST: verb, path, query, body.

use crate::{
    answers::ApiMethod,
    form,
    requests::{RequestError, RequestError::Empty},
    response::parse_strict,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// An HTTP method of v3.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Verb {
    /// Reads, with its parameters in the query.
    Get,
    /// Everything else, with a JSON body.
    Post,
}

impl Verb {
    /// `GET` or `POST`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request that v3 has, too.
///
/// The defaults fit most methods: `POST`, the path made of the method's name, the `biz_content` as
/// body. A method that v3 reads with `GET` says `const VERB: Verb = Verb::Get;`, and its fields
/// become the query.
pub trait V3Request: ApiMethod {
    /// How it is sent.
    const VERB: Verb = Verb::Post;

    /// Its path: `/v3/alipay/trade/query` of `alipay.trade.query`. Methods with a part of their
    /// data in the path fill it in here, percent-encoded.
    fn path(&self) -> String {
        path_of(Self::METHOD)
    }

    /// What stands behind `?`, percent-encoded, or nothing.
    ///
    /// # Errors
    /// When a field breaks a rule of Alipay's.
    fn query(&self) -> Result<String, RequestError> {
        match Self::VERB {
            Verb::Get => query_of(&self.biz_content()?),
            Verb::Post => Ok(String::new()),
        }
    }

    /// The JSON body, or nothing for `GET`.
    ///
    /// # Errors
    /// When a field breaks a rule of Alipay's.
    fn body(&self) -> Result<String, RequestError> {
        match Self::VERB {
            Verb::Get => Ok(String::new()),
            Verb::Post => self.biz_content(),
        }
    }
}

/// The path of a method: `alipay.trade.query` → `/v3/alipay/trade/query`.
#[must_use]
pub fn path_of(method: &str) -> String {
    format!("/v3/{}", method.replace('.', "/"))
}

/// The fields of an object as a query, by name: texts as they are, everything else as its JSON.
pub(super) fn query_of(object: &str) -> Result<String, RequestError> {
    let fields = parse_strict(object).ok_or(Empty("biz_content"))?;
    let mut query = String::new();
    for (name, value) in fields.iter().collect::<BTreeMap<_, _>>() {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if !query.is_empty() {
            query.push('&');
        }
        form::escape(name.as_bytes(), &mut query);
        query.push('=');
        form::escape(text.as_bytes(), &mut query);
    }
    Ok(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_paths_and_queries() {
        assert_eq!(
            path_of("alipay.trade.fastpay.refund.query"),
            "/v3/alipay/trade/fastpay/refund/query"
        );
        assert_eq!(
            query_of(r#"{"bill_type":"trade","bill_date":"2026-08 +","o":["a"],"n":null}"#)
                .as_deref(),
            Ok("bill_date=2026-08%20%2B&bill_type=trade&o=%5B%22a%22%5D")
        );
    }
}

//! What a request is over REST: verb, path, query, body.

use super::Rest;
use crate::{
    form,
    requests::{RequestError, RequestError::Empty},
    response::parse_strict,
};
use serde_json::Value;
use std::{borrow::Cow, collections::BTreeMap};

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

/// A request before it is encrypted and signed.
pub(super) struct Parts {
    pub(super) verb: Verb,
    /// With its query.
    pub(super) path: String,
    pub(super) body: String,
}

impl Parts {
    /// Puts the pieces of a v2 call where v3 wants them: `content` is its `biz_content`, `params`
    /// stand beside it.
    pub(super) fn new(
        rest: Rest,
        mut path: String,
        content: &str,
        params: &[(&str, &str)],
        notify_url: Option<&str>,
    ) -> Result<Self, RequestError> {
        let (query, body) = match (rest.verb, rest.params_in_query) {
            (Verb::Get, _) if notify_url.is_some() => {
                return Err(RequestError::Rule("a GET has no notify_url"));
            }
            (Verb::Get, _) => (query_of(&with_members(content, params)?)?, String::new()),
            (Verb::Post, true) => (
                query_of(&with_members("", params)?)?,
                with_notify_url(content, notify_url)?.into_owned(),
            ),
            (Verb::Post, false) => {
                let content = with_members(content, params)?;
                (
                    String::new(),
                    with_notify_url(&content, notify_url)?.into_owned(),
                )
            }
        };
        if !query.is_empty() {
            path.push('?');
            path.push_str(&query);
        }
        Ok(Self {
            verb: rest.verb,
            path,
            body,
        })
    }
}

/// The path of a method: `alipay.trade.query` → `/v3/alipay/trade/query`.
#[must_use]
pub fn path_of(method: &str) -> String {
    format!("/v3/{}", method.replace('.', "/"))
}

/// The fields of an object as a query, by name: texts as they are, everything else as its JSON.
fn query_of(object: &str) -> Result<String, RequestError> {
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

/// In v3 `notify_url` is a field of the body.
fn with_notify_url<'a>(
    body: &'a str,
    notify_url: Option<&str>,
) -> Result<Cow<'a, str>, RequestError> {
    let Some(notify_url) = notify_url else {
        return with_members(body, &[]);
    };
    let name = "notify_url";
    if notify_url.len() > MAX_NOTIFY_URL {
        let max = MAX_NOTIFY_URL;
        return Err(RequestError::TooLong { name, max });
    }
    with_members(body, &[(name, notify_url)])
}

/// The object with these members behind its own.
fn with_members<'a>(
    object: &'a str,
    members: &[(&str, &str)],
) -> Result<Cow<'a, str>, RequestError> {
    let object = if object.is_empty() { "{}" } else { object };
    if members.is_empty() {
        return Ok(Cow::Borrowed(object));
    }
    let own = parse_strict(object).ok_or(RequestError::NotJson)?;
    let open = object.trim_end().strip_suffix('}');
    let mut text = open.ok_or(RequestError::NotJson)?.to_owned();
    for (index, (name, value)) in members.iter().enumerate() {
        if own.contains_key(*name) || members[..index].iter().any(|(other, _)| other == name) {
            return Err(RequestError::Repeated((*name).to_owned()));
        }
        if index > 0 || !own.is_empty() {
            text.push(',');
        }
        text.push_str(&Value::from(*name).to_string());
        text.push(':');
        text.push_str(&Value::from(*value).to_string());
    }
    text.push('}');
    Ok(Cow::Owned(text))
}

const MAX_NOTIFY_URL: usize = 256;

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

    #[test]
    fn what_stood_beside_the_content_stands_in_it_or_in_the_query() {
        let parts = |rest, content, params: &[(&str, &str)], notify_url| {
            Parts::new(rest, "/p".to_owned(), content, params, notify_url)
                .map(|parts| (parts.path, parts.body))
        };
        let pair = |path: &str, body: &str| Ok((path.to_owned(), body.to_owned()));
        assert_eq!(parts(Rest::POST, "", &[], None), pair("/p", "{}"));
        assert_eq!(
            parts(
                Rest::POST,
                r#"{"a":{"b":{}}}"#,
                &[("code", "x\"")],
                Some("u")
            ),
            pair("/p", r#"{"a":{"b":{}},"code":"x\"","notify_url":"u"}"#)
        );
        assert_eq!(
            parts(Rest::POST_WITH_QUERY, "", &[("auth_token", "a b")], None),
            pair("/p?auth_token=a%20b", "{}")
        );
        assert_eq!(
            parts(Rest::GET, r#"{"a":"1"}"#, &[("c", "2")], None),
            pair("/p?a=1&c=2", "")
        );
        for twice in [[("a", "1"), ("b", "2")], [("c", "1"), ("c", "2")]] {
            let refused = parts(Rest::POST, r#"{"a":"1"}"#, &twice, None);
            assert!(matches!(refused, Err(RequestError::Repeated(_))));
        }
        assert!(parts(Rest::GET, "{}", &[], Some("u")).is_err());
        assert!(parts(Rest::POST, "{", &[("a", "1")], None).is_err());
    }
}

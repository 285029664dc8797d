//! Messages as people paste them: a link, a query string, a form body, an answer, or parameters as
//! a JSON object.

use crate::{
    Charset, Params,
    form::{self, FormError},
    params::Twice,
    response::{self, CutError},
};

/// The longest text that is read as a message.
pub const MAX_INPUT_BYTES: usize = 1024 * 1024;

/// A message that somebody pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The parameters of a request, a notice or a return.
    Params {
        /// The parameters.
        params: Params,
        /// The charset that they name, UTF-8 when they name none.
        charset: Charset,
    },
    /// An answer of the gateway: its text, to be cut by [`crate::response::cut`].
    Answer {
        /// The text.
        body: String,
        /// The name of its node.
        node_name: String,
    },
}

/// Why a pasted text is no message.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// Nothing was pasted.
    #[error("there is nothing to read")]
    Empty,
    /// Longer than any message.
    #[error("the text is longer than {MAX_INPUT_BYTES} bytes")]
    TooLong,
    /// It begins like JSON and is none.
    #[error("the text begins with {{ but is no JSON object")]
    NotJson,
    /// It has no parameters.
    #[error("the text has no parameters (name=value&…)")]
    NoParams,
    /// The parameters are not well formed.
    #[error(transparent)]
    Form(#[from] FormError),
}

impl From<Twice> for InputError {
    fn from(twice: Twice) -> Self {
        Self::Form(FormError::Twice(twice))
    }
}

impl Input {
    /// Reads a full address, a query string, a form body, a JSON answer, or a JSON object of
    /// parameters. In the last, objects and lists are taken as compact JSON text, numbers as they
    /// are written, and `null` as empty.
    ///
    /// ```
    /// use alipay::explain::Input;
    ///
    /// let link = "https://openapi.alipay.com/gateway.do?app_id=2021&subject=a%2Bb";
    /// let json = r#"{ "app_id": 2021, "subject": "a+b" }"#;
    /// assert_eq!(Input::parse(link)?, Input::parse(json)?);
    /// # Ok::<(), alipay::explain::InputError>(())
    /// ```
    ///
    /// # Errors
    /// When the text is none of these.
    pub fn parse(text: &str) -> Result<Self, InputError> {
        if text.len() > MAX_INPUT_BYTES {
            return Err(InputError::TooLong);
        }
        let text = text.trim_start_matches('\u{feff}').trim();
        let quoted = text
            .strip_prefix(['"', '\''])
            .and_then(|text| text.strip_suffix(['"', '\'']));
        let text = quoted.unwrap_or(text);
        if text.is_empty() {
            return Err(InputError::Empty);
        }
        if text.starts_with('{') {
            return json(text);
        }
        let params = query(text)?;
        if params.is_empty() || params.iter().all(|(_, value)| value.is_empty()) {
            return Err(InputError::NoParams);
        }
        let charset = named(&params);
        Ok(Self::Params { params, charset })
    }
}

/// The parameters of an address or a query, in the charset that they name.
fn query(text: &str) -> Result<Params, FormError> {
    // A `?` before the first `=` ends an address; later ones stand in values.
    let first = text.find('=').unwrap_or(text.len());
    let query = match text[..first].find('?') {
        Some(end) => &text[end + 1..],
        None => text,
    };
    let is_address = query.len() < text.len();
    let query = match query.find('#') {
        Some(fragment) if is_address => &query[..fragment],
        _ => query,
    };
    match form::decode(query.as_bytes(), Charset::Utf8) {
        Err(FormError::NotText(_)) => form::decode(query.as_bytes(), Charset::Gbk),
        other => other,
    }
}

fn named(params: &Params) -> Charset {
    params
        .get("charset")
        .and_then(Charset::parse)
        .unwrap_or_default()
}

fn json(text: &str) -> Result<Input, InputError> {
    let members = match response::members(text) {
        Err(CutError::Twice(name)) => return Err(Twice(name).into()),
        Err(_) => return Err(InputError::NotJson),
        Ok(members) => members,
    };
    let nodes = || {
        let names = members.iter().map(|(name, _)| name.as_ref());
        names.filter(|name| name.ends_with("_response"))
    };
    // The method's own node first; with both, cutting says that there are two.
    let own = nodes().find(|name| *name != "error_response");
    if let Some(node_name) = own.or_else(|| nodes().next()) {
        return Ok(Input::Answer {
            body: text.to_owned(),
            node_name: node_name.to_owned(),
        });
    }
    let mut params = Params::new();
    for (name, raw) in &members {
        params.push(name, &value(raw.get()))?;
    }
    if params.is_empty() {
        return Err(InputError::NoParams);
    }
    let charset = named(&params);
    Ok(Input::Params { params, charset })
}

fn value(raw: &str) -> String {
    match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw).unwrap_or_default(),
        Some(b'{' | b'[') => compact(raw),
        _ if raw == "null" => String::new(),
        _ => raw.to_owned(),
    }
}

/// JSON text without the white space between its parts. Numbers stay as they are written.
pub(crate) fn compact(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in json.chars() {
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if character.is_ascii_whitespace() {
            continue;
        } else {
            in_string = character == '"';
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(text: &str) -> Vec<(String, String)> {
        match Input::parse(text) {
            Ok(Input::Params { params, .. }) => params
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            other => panic!("no parameters: {other:?}"),
        }
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn reads_every_form_in_which_messages_are_pasted() {
        let expected = pairs(&[("a", "1"), ("b", "x y")]);
        for text in [
            "a=1&b=x+y",
            "  ?a=1&b=x%20y\n",
            "https://h/p?a=1&b=x+y#top",
            "\"a=1&b=x+y\"",
            "\u{feff}a=1&b=x+y",
            "{\"a\": 1, \"b\": \"x y\"}",
        ] {
            assert_eq!(params(text), expected, "{text}");
        }
        assert_eq!(
            params("return_url=https://h/?a=b#c&x=1"),
            pairs(&[("return_url", "https://h/?a=b#c"), ("x", "1")])
        );
        assert_eq!(params("a=%D6%D0&charset=gbk")[0].1, "中");
    }

    #[test]
    fn objects_are_dumped_compactly_and_numbers_kept_as_written() {
        let text = r#"{"biz_content": {"total_amount": 88.80, "subject": "a \" b: {", "list": [ 1, 2 ]}, "none": null}"#;
        assert_eq!(
            params(text),
            pairs(&[
                (
                    "biz_content",
                    r#"{"total_amount":88.80,"subject":"a \" b: {","list":[1,2]}"#
                ),
                ("none", ""),
            ])
        );
    }

    #[test]
    fn an_answer_is_kept_as_it_is() {
        let text = r#"{"alipay_trade_query_response":{"code": "10000"},"sign":"x"}"#;
        let expected = Input::Answer {
            body: text.to_owned(),
            node_name: "alipay_trade_query_response".to_owned(),
        };
        assert_eq!(Input::parse(text), Ok(expected));
    }

    #[test]
    fn refuses_what_is_no_message() {
        assert_eq!(Input::parse(" \n"), Err(InputError::Empty));
        assert_eq!(Input::parse("{\"a\": }"), Err(InputError::NotJson));
        assert_eq!(Input::parse("{}"), Err(InputError::NoParams));
        let twice = Input::parse(r#"{"a": 1, "\u0061": 2}"#);
        assert_eq!(twice, Err(Twice("a".to_owned()).into()));
        assert_eq!(Input::parse("hello"), Err(InputError::NoParams));
        assert!(matches!(Input::parse("a=1&a=2"), Err(InputError::Form(_))));
        assert!(matches!(Input::parse("a=%4"), Err(InputError::Form(_))));
    }
}

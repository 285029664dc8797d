//! Where the SDKs differ from the documents and from each other, and why.

use crate::cases::Case;
use alipay::Charset;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// How one SDK makes parameters into signed bytes.
pub(crate) struct Dialect {
    pub(crate) name: &'static str,
    /// Reads the `charset` parameter when it signs; else it signs UTF-8, whatever it says.
    signs_in_charset: bool,
    /// The text of the content, when the SDK writes it.
    write: fn(&Map<String, Value>) -> String,
    /// Which empty parameters its own road leaves out.
    leaves_out: &'static [&'static str],
    /// Why, for people.
    pub(crate) why: &'static str,
}

/// The three SDKs that answer.
pub(crate) const DIALECTS: &[Dialect] = &[
    Dialect {
        name: "python-alipay-sdk",
        signs_in_charset: false,
        write: ascii,
        leaves_out: &["notify_url", "return_url"],
        why: "sign_data keeps empties as `name=` (build_body takes out an empty notify_url and return_url), \
              json.dumps escapes all but ASCII in the content, and the text is signed in UTF-8 whatever charset says",
    },
    Dialect {
        name: "alipay-sdk-python",
        signs_in_charset: true,
        write: sorted_without_empties,
        leaves_out: &["notify_url", "return_url", "prod_code", "terminal_info"],
        why: "get_sign_content keeps empties as `name=` (its request classes leave them out before), \
              its models leave out empty fields and sort the others",
    },
    Dialect {
        name: "alipay-sdk",
        signs_in_charset: false,
        write: as_it_stands,
        leaves_out: &[],
        why: "sign keeps empties as `name=` and signs UTF-8 whatever charset says",
    },
];

impl Dialect {
    /// The one of that name.
    pub(crate) fn of(sdk: &str) -> &'static Self {
        let found = DIALECTS.iter().find(|dialect| dialect.name == sdk);
        found.expect("one of the three SDKs")
    }

    /// In which bytes the SDK signs.
    pub(crate) fn charset(&self, case: &Case) -> Charset {
        if self.signs_in_charset && case.param("charset") == "gbk" {
            return Charset::Gbk;
        }
        Charset::Utf8
    }

    /// The content as the SDK writes it.
    pub(crate) fn content(&self, case: &Case) -> String {
        (self.write)(&case.biz)
    }

    /// Whether the SDK's own road sends a parameter.
    pub(crate) fn sends(&self, name: &str, value: &str) -> bool {
        !(value.is_empty() && self.leaves_out.contains(&name))
    }
}

fn as_it_stands(biz: &Map<String, Value>) -> String {
    Value::Object(biz.clone()).to_string()
}

/// Python's `json.dumps`: everything but printable ASCII in `\u` and four digits.
fn ascii(biz: &Map<String, Value>) -> String {
    let mut escaped = String::new();
    for c in as_it_stands(biz).chars() {
        if (' '..='~').contains(&c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(escaped, "\\u{unit:04x}").expect("a string can be written to");
        }
    }
    escaped
}

/// Fields in the order of the alphabet, without those of nothing.
fn sorted_without_empties(biz: &Map<String, Value>) -> String {
    let mut value = Value::Object(biz.clone());
    settle(&mut value);
    value.to_string()
}

fn settle(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, inner| inner.as_str() != Some(""));
            map.sort_keys();
            map.values_mut().for_each(settle);
        }
        Value::Array(list) => list.iter_mut().for_each(settle),
        _ => {}
    }
}

//! Who watches calls: for tracing and metrics, with everything secret masked.

use crate::{
    Charset, Outcome, Why,
    answers::Answered,
    form,
    transport::{HttpRequest, HttpResponse},
};
use std::fmt::Write;

/// Is told of every attempt of every call. Time is the hook's own to measure: the two calls of one
/// attempt come from the same task.
pub trait Hook: Send + Sync {
    /// An attempt is about to be sent.
    fn sending(&self, _sending: &Sending<'_>) {}

    /// An attempt has ended.
    fn ended(&self, _ended: &Ended<'_>) {}
}

/// An attempt that is about to be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Sending<'a> {
    /// `alipay.trade.query`.
    pub method: &'a str,
    /// From 1.
    pub attempt: u32,
    /// The address. Of its parameters only those that are no secret show their value; signatures,
    /// tokens, addresses and contents show their length.
    pub url: String,
    /// How many bytes the body has.
    pub body_bytes: usize,
}

/// An attempt that has ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ended<'a> {
    /// `alipay.trade.query`.
    pub method: &'a str,
    /// From 1.
    pub attempt: u32,
    /// The HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// Alipay's own number for this call, which its support asks for.
    pub trace_id: Option<&'a str>,
    /// What came of it.
    pub result: CallResult<'a>,
}

/// What came of an attempt, in words that may be logged: codes, but no messages. Alipay's message
/// about a wrong signature repeats the whole request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CallResult<'a> {
    /// It was done.
    Done,
    /// It was refused.
    Refused {
        /// `40004`.
        code: &'a str,
        /// `ACQ.TRADE_NOT_EXIST`.
        sub_code: &'a str,
    },
    /// Nobody knows, for this reason.
    Unknown(&'static str),
}

impl<'a> Sending<'a> {
    pub(super) fn new(method: &'a str, attempt: u32, request: &HttpRequest) -> Self {
        Self {
            method,
            attempt,
            url: masked(&request.url),
            body_bytes: request.body.len(),
        }
    }
}

impl<'a> Ended<'a> {
    /// The end of fetching a certificate, whose answer is no outcome of a call.
    #[cfg(feature = "cert")]
    pub(super) fn of_certificate(
        method: &'a str,
        response: Option<&'a HttpResponse>,
        admitted: bool,
    ) -> Self {
        Self {
            method,
            attempt: 1,
            status: response.map(|response| response.status),
            trace_id: response.and_then(trace_id),
            result: if admitted {
                CallResult::Done
            } else {
                CallResult::Unknown("certificate")
            },
        }
    }

    pub(super) fn new(
        method: &'a str,
        attempt: u32,
        response: Option<&'a HttpResponse>,
        outcome: &'a Outcome<Answered>,
    ) -> Self {
        Self {
            method,
            attempt,
            status: response.map(|response| response.status),
            trace_id: response.and_then(trace_id),
            result: match outcome {
                Outcome::Done(_) => CallResult::Done,
                Outcome::Refused(refusal) => CallResult::Refused {
                    code: &refusal.code,
                    sub_code: &refusal.sub_code,
                },
                Outcome::Unknown(unknown) => CallResult::Unknown(word(&unknown.why)),
            },
        }
    }
}

fn trace_id(response: &HttpResponse) -> Option<&str> {
    let v3 = response.header("alipay-trace-id");
    v3.or_else(|| response.header("trace_id"))
}

const fn word(why: &Why) -> &'static str {
    match why {
        Why::Transport(_) => "transport",
        Why::Status(_) => "status",
        Why::NotText => "not-text",
        Why::Malformed(_) => "malformed",
        Why::Field(_) => "field",
        Why::Unsigned => "unsigned",
        Why::Signature(_) => "signature",
        Why::UnknownCert(_) => "unknown-certificate",
        Why::Content(_) => "content",
        Why::OtherTrade(_) => "other-trade",
        Why::Accepted(_) => "accepted",
        Why::Busy(_) => "busy",
    }
}

/// An address without the values that nobody else may see.
fn masked(url: &str) -> String {
    let Some((address, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let mut text = address.to_owned();
    let Ok(params) = form::decode(query.as_bytes(), Charset::Utf8) else {
        let _ = write!(text, "?({} bytes)", query.len());
        return text;
    };
    for (index, (name, value)) in params.iter().enumerate() {
        let joint = if index == 0 { '?' } else { '&' };
        if SHOWN.contains(&name) {
            let _ = write!(text, "{joint}{name}={value}");
        } else {
            let _ = write!(text, "{joint}{name}=({} bytes)", value.len());
        }
    }
    text
}

const SHOWN: &[&str] = &[
    "app_id",
    "method",
    "format",
    "charset",
    "sign_type",
    "timestamp",
    "version",
    "encrypt_type",
    "app_cert_sn",
    "alipay_root_cert_sn",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_all_values_but_the_known_ones() {
        assert_eq!(
            masked("https://a.example/gateway.do?app_id=1&sign=abc&app_auth_token=t&x=%E4%BD%A0"),
            "https://a.example/gateway.do?app_id=1&sign=(3 bytes)&app_auth_token=(1 bytes)&x=(3 bytes)"
        );
        assert_eq!(
            masked("https://a.example/?%zz"),
            "https://a.example/?(3 bytes)"
        );
        assert_eq!(masked("https://a.example/v3/a"), "https://a.example/v3/a");
    }
}

//! Every known mistake, as a change that undoes it.

use super::{
    Cause,
    input::compact,
    json::{ascii, over_lines, spaced, write_sorted},
    message::{Candidate, Kind, Order},
    names::{AMOUNTS, KNOWN},
};
use crate::{Charset, form};
use serde_json::Value;

/// All texts that are one mistake away from this one.
pub(super) fn one_more(candidate: &Candidate, kind: Kind) -> Vec<Candidate> {
    let mut found = joining(candidate, kind);
    found.extend(values(candidate));
    found.extend(charsets(candidate));
    found.extend(extras(candidate));
    found.extend(retyped(candidate));
    found.extend(biz_content(candidate));
    // A mistake made twice is no other one.
    found.retain(|next| {
        let (last, earlier) = next.causes.split_last().expect("each adds one");
        earlier.iter().all(|cause| cause.as_str() != last.as_str())
    });
    found
}

/// How the text is put together.
fn joining(candidate: &Candidate, kind: Kind) -> Vec<Candidate> {
    let sign_type = if kind == Kind::Request {
        Cause::SignTypeLeftOut
    } else {
        Cause::SignTypeKept
    };
    vec![
        candidate.with(sign_type, |next| next.with_sign_type = !next.with_sign_type),
        candidate.with(Cause::EmptiesSigned, |next| next.with_empties = true),
        candidate.with(Cause::ValuesEncoded, |next| next.encoded = true),
        candidate.with(Cause::SortedOtherwise, |next| {
            next.order = Order::AsReceived;
        }),
        candidate.with(Cause::SortedOtherwise, |next| {
            next.order = Order::IgnoringCase;
        }),
    ]
}

/// What happens to values on their way.
fn values(candidate: &Candidate) -> Vec<Candidate> {
    let mut found = vec![
        candidate.mapped(Cause::HtmlEscaped, |_, value| unescape_html(value)),
        candidate.mapped(Cause::WhiteSpace, |_, value| value.trim().to_owned()),
        candidate.mapped(Cause::NotDecoded, |_, value| decode(value)),
    ];
    let spaced = |name: &str, value: &str| {
        value.contains(' ') && !matches!(name, "timestamp" | "sign") && !is_time(value)
    };
    let names = candidate
        .params
        .iter()
        .filter(|(name, value)| spaced(name, value))
        .map(|(name, _)| name.to_owned())
        .collect::<Vec<_>>();
    for name in &names {
        let cause = Cause::DecodedTwice(vec![name.clone()]);
        found.push(candidate.mapped(cause, |other, value| {
            if other == name {
                value.replace(' ', "+")
            } else {
                value.to_owned()
            }
        }));
        // Only one of several spaces was a plus.
        let value = candidate.params.get(name).unwrap_or_default();
        for (at, _) in value.match_indices(' ').take(MAX_SPACES) {
            let mut plus = value.to_owned();
            plus.replace_range(at..=at, "+");
            let cause = Cause::DecodedTwice(vec![name.clone()]);
            found.push(candidate.with(cause, |next| next.params.set(name, &plus)));
        }
    }
    if names.len() > 1 {
        found.push(
            candidate.mapped(Cause::DecodedTwice(names.clone()), |name, value| {
                if names.iter().any(|other| other == name) {
                    value.replace(' ', "+")
                } else {
                    value.to_owned()
                }
            }),
        );
    }
    found
}

fn charsets(candidate: &Candidate) -> Vec<Candidate> {
    let other = match candidate.charset {
        Charset::Utf8 => Charset::Gbk,
        Charset::Gbk => Charset::Utf8,
    };
    let mut found = vec![candidate.with(Cause::OtherCharset, |next| next.charset = other)];
    let named = candidate.params.get("charset").unwrap_or_default();
    for label in ["utf-8", "UTF-8", "utf8", "UTF8", "gbk", "GBK"] {
        if label != named {
            found.push(candidate.with(Cause::CharsetRenamed, |next| {
                next.params.set("charset", label);
            }));
        }
    }
    found
}

/// Parameters that somebody added: each alone, and all that Alipay does not know.
fn extras(candidate: &Candidate) -> Vec<Candidate> {
    let names = candidate
        .params
        .iter()
        .map(|(name, _)| name)
        .filter(|name| !matches!(*name, "sign" | "sign_type" | "app_id"))
        .collect::<Vec<_>>();
    let without = |dropped: &[&str]| {
        let cause = Cause::ExtraParameters(dropped.iter().map(|&name| name.to_owned()).collect());
        candidate.with(cause, |next| {
            for name in dropped {
                next.params.remove(name);
            }
        })
    };
    let mut found = names
        .iter()
        .map(|name| without(&[name]))
        .collect::<Vec<_>>();
    let unknown = names
        .iter()
        .copied()
        .filter(|name| !KNOWN.contains(name))
        .collect::<Vec<_>>();
    if unknown.len() > 1 {
        found.push(without(&unknown));
    }
    found
}

/// Amounts that went through a number on their way.
fn retyped(candidate: &Candidate) -> Option<Candidate> {
    let two_decimals = |value: &str| {
        let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        (!whole.is_empty() && digits(whole) && digits(decimals) && decimals.len() < 2)
            .then(|| format!("{whole}.{decimals:0<2}"))
    };
    let names = candidate
        .params
        .iter()
        .filter(|(name, value)| AMOUNTS.contains(name) && two_decimals(value).is_some())
        .map(|(name, _)| name.to_owned())
        .collect::<Vec<_>>();
    if names.is_empty() {
        return None;
    }
    let changed = names.clone();
    Some(
        candidate.mapped(Cause::AmountRetyped(names), |name, value| {
            let amount = changed.iter().any(|other| other == name);
            match two_decimals(value) {
                Some(text) if amount => text,
                _ => value.to_owned(),
            }
        }),
    )
}

/// The ways in which serialisers write the same JSON.
fn biz_content(candidate: &Candidate) -> Vec<Candidate> {
    let Some(text) = candidate.params.get("biz_content") else {
        return Vec::new();
    };
    let Ok(json) = serde_json::from_str::<Value>(text) else {
        return Vec::new();
    };
    let compacted = compact(text);
    let mut sorted = String::new();
    write_sorted(&json, &mut sorted);
    let mut forms = Vec::new();
    for base in [compacted, sorted] {
        let (spaced, two) = (spaced(&base), over_lines(&base, "  "));
        let (four, tab) = (over_lines(&base, "    "), over_lines(&base, "\t"));
        for form in [base, spaced, two, four, tab] {
            forms.push(ascii(&form));
            forms.push(form.replace('/', "\\/"));
            forms.push(form);
        }
    }
    forms
        .into_iter()
        .filter(|form| form != text)
        .map(|form| {
            candidate.with(Cause::BizContentRewritten, |next| {
                next.params.set("biz_content", &form);
            })
        })
        .collect()
}

fn decode(value: &str) -> String {
    let field = format!("x={}", value.replace('&', "%26"));
    let decoded = form::decode(field.as_bytes(), Charset::Utf8);
    let decoded = decoded
        .ok()
        .and_then(|params| params.get("x").map(str::to_owned));
    decoded.unwrap_or_else(|| value.to_owned())
}

fn unescape_html(value: &str) -> String {
    value
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn is_time(value: &str) -> bool {
    crate::AlipayTime::parse(value).is_ok()
}

/// How many spaces of one value are tried one by one.
const MAX_SPACES: usize = 8;

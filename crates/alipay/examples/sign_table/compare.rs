//! Holds an SDK's answers against this crate's signatures.

use crate::cases::{Case, Table};
use crate::dialect::Dialect;
use alipay::{
    Charset, Params, form,
    keys::PrivateKey,
    sign::{self, SignType},
};
use serde::Deserialize;

/// What an SDK made of a case.
#[derive(Deserialize)]
pub(crate) struct Answer {
    id: u64,
    /// Over the parameters as they stand, with the content's text.
    signature: String,
    /// The whole text that the SDK's own road would send.
    sent: String,
}

/// What was counted on the way.
#[derive(Default)]
struct Count {
    equal: u64,
    empties_kept: u64,
    in_utf8: u64,
    sha1: u64,
    sent: u64,
    rewritten: u64,
    failed: u64,
}

/// Prints a line for each case; says whether all held.
pub(crate) fn compare(table: &Table, sdk: &str, answers: &[Answer]) -> bool {
    let key = PrivateKey::parse(&table.app_private_key).expect("a key");
    let dialect = Dialect::of(sdk);
    let mut count = Count::default();
    let mut say = |what: &str, case: &Case, found: Result<(), String>| match found {
        Ok(()) => println!("ok {sdk} {}: {what} ({})", case.id, case.about),
        Err(why) => {
            count.failed += 1;
            println!("not ok {sdk} {}: {what} ({}): {why}", case.id, case.about);
        }
    };
    let mut counted = Count::default();
    for case in &table.cases {
        let answer = answers.iter().find(|answer| answer.id == case.id);
        let Some(answer) = answer else {
            say("signature", case, Err("no answer".to_owned()));
            continue;
        };
        say(
            "signature",
            case,
            as_given(&key, dialect, case, answer, &mut counted),
        );
        say(
            "as sent",
            case,
            as_sent(&key, dialect, case, answer, &mut counted),
        );
    }
    count = Count {
        failed: count.failed,
        ..counted
    };
    println!(
        "note {sdk}: {} of {} signatures are this crate's byte for byte as the documents have it; {} differ in empties \
         that the SDK keeps, {} in the charset; these are equal once that one thing is done its way; {} of all are SHA-1",
        count.equal,
        table.cases.len(),
        count.empties_kept,
        count.in_utf8,
        count.sha1,
    );
    println!(
        "note {sdk}: {} texts as it sends them by itself, signed again by this crate: the same signature; in {} the \
         content's text is not the plain compact one. Why: {}",
        count.sent, count.rewritten, dialect.why,
    );
    count.failed == 0
}

fn signature(key: &PrivateKey, case: &Case, text: &str, charset: Charset) -> String {
    let sign_type = SignType::parse(case.param("sign_type")).expect("a sign_type");
    let bytes = charset.encode(text).expect("the case fits its charset");
    sign::sign(key, sign_type, &bytes).expect("signed")
}

/// The same parameters, the content as a text.
fn as_given(
    key: &PrivateKey,
    dialect: &Dialect,
    case: &Case,
    answer: &Answer,
    count: &mut Count,
) -> Result<(), String> {
    let mut params: Params = case
        .params
        .keys()
        .map(|name| (name, case.param(name)))
        .collect();
    params.set("biz_content", &case.biz_content);
    let named = Charset::parse(case.param("charset")).expect("a charset");
    let dropped = sign::request_text(&params);
    let kept = sign::request_text_keeping_empties(&params);
    let documented = signature(key, case, &dropped, named);
    let expected = signature(key, case, &kept, dialect.charset(case));
    if answer.signature != expected {
        return Err(format!(
            "it signed {}, this crate {expected}",
            answer.signature
        ));
    }
    count.sha1 += u64::from(case.param("sign_type") == "RSA");
    if dropped != kept {
        count.empties_kept += 1;
    } else if dialect.charset(case) != named && !kept.is_ascii() {
        count.in_utf8 += 1;
    } else {
        count.equal += 1;
        return same(&documented, &expected);
    }
    // The one thing that differs must be what makes the difference.
    if documented == expected {
        return Err("it should differ from the documents' rule, and does not".to_owned());
    }
    Ok(())
}

fn same(one: &str, other: &str) -> Result<(), String> {
    if one == other {
        return Ok(());
    }
    Err(format!("{one} is not {other}"))
}

/// What the SDK would send: its own content, all parameters, and the signature of exactly these.
fn as_sent(
    key: &PrivateKey,
    dialect: &Dialect,
    case: &Case,
    answer: &Answer,
    count: &mut Count,
) -> Result<(), String> {
    // What signs in UTF-8 sends UTF-8, too, even where `charset` names another.
    let params = form::decode(answer.sent.as_bytes(), dialect.charset(case));
    let params = params.map_err(|error| format!("{error}: {}", answer.sent))?;
    let content = dialect.content(case);
    same(params.get("biz_content").unwrap_or_default(), &content)?;
    count.rewritten += u64::from(content != case.biz_content);
    for name in case.params.keys().filter(|name| *name != "timestamp") {
        let value = case.param(name);
        let found = params.get(name);
        if dialect.sends(name, value) && found != Some(value) {
            return Err(format!("{name} is {found:?} and should be {value:?}"));
        }
        if !dialect.sends(name, value) && found.is_some() {
            return Err(format!("{name} is there and should not be"));
        }
    }
    let text = sign::request_text_keeping_empties(&params);
    let ours = signature(key, case, &text, dialect.charset(case));
    count.sent += 1;
    same(params.get("sign").unwrap_or_default(), &ours)
}

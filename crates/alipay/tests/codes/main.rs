//! Every sub code that Alipay documents for a typed method: it has words, a kind, and ends a call
//! as its kind says.

mod enums;
mod table;
mod typed;

use alipay::codes::{self, Kind, find, of_method};
use alipay::testing::TestGateway;
use alipay::{AlipayTime, Call, Outcome, Why};
use serde_json::json;
use std::collections::BTreeSet;
use table::{CREATE, OTHERS, Row, TRADES, WITHOUT_A_LIST};

/// The rows with their names one by one: a method, and each sub code with its kind.
fn rows() -> Vec<(&'static str, Vec<(String, Kind)>)> {
    let named = |(method, family, names): &Row| (*method, split(family, names));
    let mut rows: Vec<_> = TRADES.iter().chain(OTHERS).map(named).collect();
    let precreate = rows.iter().find(|(name, _)| name.ends_with(".precreate"));
    let mut create = precreate.expect("it is there").1.clone();
    create.extend(split(CREATE.1, CREATE.2));
    rows.push((CREATE.0, create));
    rows
}

fn split(family: &str, names: &str) -> Vec<(String, Kind)> {
    let one = |name: &str| {
        let bare = name.trim_end_matches(['?', '=', '~']);
        let kind = match &name[bare.len()..] {
            "?" => Kind::Unknown,
            "=" => Kind::Already,
            "~" => Kind::Later,
            _ => Kind::Refused,
        };
        (format!("{family}{bare}"), kind)
    };
    names.split_whitespace().map(one).collect()
}

#[test]
fn every_documented_code_is_listed_has_words_and_a_kind() {
    let mut seen = 0;
    for (method, codes) in rows() {
        let ours: BTreeSet<&str> = of_method(method).iter().copied().collect();
        let documented: BTreeSet<&str> = codes.iter().map(|(name, _)| &**name).collect();
        assert_eq!(ours, documented, "{method}");
        for (name, kind) in &codes {
            let known = find(name).unwrap_or_else(|| panic!("{method}: {name} is not explained"));
            assert!(!known.meaning.is_empty(), "{name}");
            assert_eq!((codes::kind(name), known.kind()), (*kind, *kind), "{name}");
            seen += 1;
        }
    }
    assert!(seen > 430, "{seen}");
}

#[test]
fn every_typed_method_has_a_row_or_says_that_there_is_no_list() {
    let rows = rows();
    let listed = rows.iter().map(|(method, _)| *method);
    let all: BTreeSet<&str> = listed.chain(WITHOUT_A_LIST.iter().copied()).collect();
    let typed = typed::methods();
    let typed: BTreeSet<&str> = typed.iter().map(String::as_str).collect();
    assert_eq!(all, typed);
    for method in WITHOUT_A_LIST {
        assert!(of_method(method).is_empty(), "{method}");
    }
}

/// The code that stands beside a sub code.
fn code(sub_code: &str) -> &'static str {
    find(sub_code).map_or("40004", |known| known.code)
}

#[tokio::test]
async fn a_call_ends_as_the_kind_of_its_code_says() {
    let gateway = TestGateway::new();
    let now = AlipayTime::parse("2026-08-21 09:30:00").expect("a time");
    for (method, codes) in rows() {
        for (name, kind) in codes {
            let code = code(&name);
            let node = json!({"code": code, "msg": codes::message(code), "sub_code": name, "sub_msg": "x"});
            gateway.answers(method, &node);
            let outcome = gateway.client().send(&Call::new(method), now).await;
            ends(method, &name, kind, outcome.map(|_| ()));
        }
    }
    for (code, kind) in [
        ("10000", None),
        ("10003", Some(Kind::Unknown)),
        ("20000", Some(Kind::Unknown)),
    ] {
        gateway.answers(
            "alipay.trade.pay",
            &json!({"code": code, "msg": codes::message(code)}),
        );
        let outcome = gateway
            .client()
            .send(&Call::new("alipay.trade.pay"), now)
            .await;
        match kind {
            None => assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}"),
            Some(kind) => ends("alipay.trade.pay", code, kind, outcome.map(|_| ())),
        }
    }
}

#[track_caller]
fn ends(method: &str, name: &str, kind: Kind, outcome: Outcome<()>) {
    match (kind, outcome) {
        (Kind::Unknown, Outcome::Unknown(unknown)) => {
            assert!(
                matches!(unknown.why, Why::Busy(_) | Why::Accepted(_)),
                "{method} {name}: {unknown}"
            );
        }
        (kind, Outcome::Refused(no)) if kind != Kind::Unknown => {
            assert_eq!(no.kind(), kind, "{method} {name}");
            assert!(no.is(name) && no.explain().is_some(), "{method} {name}");
        }
        (kind, other) => panic!("{method} {name} is {kind:?}, and the call ended in {other:?}"),
    }
}

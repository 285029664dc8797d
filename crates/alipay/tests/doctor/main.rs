//! The sign doctor against a table of spoiled messages, one for every cause and several for the
//! usual ones, and against messages that are well.

mod healthy;
mod made;
mod spoiled;
mod spoiled_on_the_way;
mod spoiled_text;

use alipay::explain::{CAUSES, Cause, Keys, Kind, explain};
use alipay::keys::PublicKey;
use made::{ALIPAY, APP, answer, changed, encoded, keys, notice, request};
use serde_json::Value;
use std::collections::BTreeSet;

/// A message, the keys at hand, and the names of everything that is wrong with it.
struct Row {
    what: &'static str,
    text: String,
    keys: Keys<'static>,
    causes: Vec<&'static str>,
}

#[test]
fn every_spoiled_message_has_its_cause_named() {
    let rows = spoiled::rows();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for row in &rows {
        let found = explain(&row.text, row.keys);
        let names: Vec<_> = found.causes.iter().map(Cause::as_str).collect();
        if names != row.causes || found.verifies {
            wrong.push(format!("{}: {names:?}, not {:?}", row.what, row.causes));
        }
        for cause in &found.causes {
            assert!(!cause.fix().is_empty() && !cause.fix_in_chinese().is_empty());
        }
        seen.extend(names);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let whats: BTreeSet<_> = rows.iter().map(|row| row.what).collect();
    assert_eq!(whats.len(), rows.len(), "a row is there twice");
    let listed: BTreeSet<_> = CAUSES.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        seen, listed,
        "a cause without a row, or one that is not in the list"
    );
    println!("{} spoiled messages, {} causes", rows.len(), seen.len());
    assert!(rows.len() >= 60, "only {} rows", rows.len());
}

#[test]
fn no_message_that_is_well_has_a_cause() {
    let messages = healthy::messages();
    for (what, text, kind) in &messages {
        let found = explain(text, keys());
        assert!(
            found.verifies && found.causes.is_empty(),
            "{what}: {found:?}"
        );
        assert_eq!(found.kind, Some(*kind), "{what}");
        assert_eq!(found.fix(), "", "{what}");
    }
    let mut genuine = 0;
    for (key, text) in healthy::genuine() {
        let keys = Keys {
            alipay: Some(&key),
            app: Some(APP.public_key()),
        };
        let found = explain(&text, keys);
        assert!(found.verifies && found.causes.is_empty(), "{found:?}");
        genuine += 1;
    }
    println!(
        "{} made and {genuine} genuine messages are well",
        messages.len()
    );
    assert!(messages.len() >= 15);
}

#[test]
fn the_text_that_was_really_signed_is_shown() {
    let spaced = r#"{"out_trade_no": "20260821001", "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": "88.80", "subject": "高数 A/B"}"#;
    let found = explain(
        &spoiled::signed_with(request("高数 A/B"), "biz_content", spaced),
        keys(),
    );
    assert!(found.really_signed.expect("found").contains(spaced));
    let found = explain(&changed(notice(), "total_amount", "0.01"), keys());
    assert_eq!(found.really_signed, None);
    assert!(
        found
            .signed_text
            .expect("read")
            .contains("total_amount=0.01")
    );
    for text in ["", "hello", "{", "a=%4"] {
        let found = explain(text, keys());
        assert!(found.kind.is_none() && found.signed_text.is_none());
    }
    let doubled = answer().replacen('{', "{\"sign\":\"x\",", 1);
    let fix = explain(&doubled, keys()).fix();
    assert!(fix.contains("`sign` is there twice"), "{fix}");
    let extra = explain(&format!("{}&lang=zh&shop=1", encoded(&notice())), keys());
    let names = ["lang", "shop"].map(str::to_owned).to_vec();
    assert_eq!(extra.causes, [Cause::ExtraParameters(names)]);
    let whole = notice();
    let cut = &whole.get("sign").expect("signed")[..303];
    let cut = explain(&changed(notice(), "sign", cut), keys());
    let wanted = Cause::SignatureCutOff {
        bytes: 227,
        expected: 256,
    };
    assert_eq!(cut.causes, [wanted]);
}

#[test]
fn the_tutorials_damaged_copy_has_both_of_its_ills_named() {
    let file: Value = serde_json::from_str(include_str!("../data/tutorial.json")).expect("JSON");
    let key = PublicKey::parse(file["alipay_public_key"].as_str().expect("a key")).expect("a key");
    let keys = Keys {
        alipay: Some(&key),
        app: Some(ALIPAY.public_key()),
    };
    let query = file["query"].as_str().expect("a query");
    let healthy = explain(query, keys);
    assert!(healthy.verifies && healthy.kind == Some(Kind::Return));
    let damaged = query
        .replace("charset=utf-8", "charset=utf8")
        .replace("&timestamp=", "×tamp=");
    let found = explain(&damaged, keys);
    assert_eq!(found.causes, [Cause::HtmlDecoded, Cause::CharsetRenamed]);
    let text = found.really_signed.expect("found");
    assert!(text.contains("&timestamp=2022-06-09 11:50:44"));
}

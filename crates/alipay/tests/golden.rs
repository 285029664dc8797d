//! Messages that Alipay itself signed: each is believed as it came, and none with any byte changed.
//!
//! They lie beside the repository, in `../shared/vectors`. A run without them says so and fails,
//! unless `TONGBAO_WITHOUT_VECTORS` is set; `tests/tutorial.rs` has one that lies inside.

mod common;
#[cfg(test)]
mod vectors;

use alipay::{
    Charset, Params, form,
    keys::{KeyError, KeyKind, PublicKey, inspect},
    notice, response, returns,
    sign::{self, SignType},
};
use common::each_changed_byte;
use serde_json::Value;
use vectors::vectors;

struct Golden {
    key: PublicKey,
    messages: Vec<Value>,
}

fn golden() -> Option<Golden> {
    let text = std::fs::read_to_string(vectors()?.join("genuine.json")).expect("genuine.json");
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let key = PublicKey::parse(text_of(&file, "alipay_public_key")).expect("Alipay's key");
    let messages = file["messages"].as_array().expect("messages").clone();
    assert!(messages.len() >= 10, "the vectors have shrunk");
    Some(Golden { key, messages })
}

fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name}"))
}

fn of_kind<'a>(golden: &'a Golden, kind: &str) -> Vec<&'a Value> {
    let found = golden
        .messages
        .iter()
        .filter(|message| text_of(message, "kind") == kind)
        .collect::<Vec<_>>();
    assert!(!found.is_empty(), "no {kind} among the vectors");
    found
}

fn holds(key: &PublicKey, text: &[u8], signature: &str) -> bool {
    sign::verify(key, SignType::Rsa2, text, signature).is_ok()
}

#[test]
fn every_signed_text_verifies_and_none_with_a_byte_changed() {
    let Some(golden) = golden() else { return };
    let mut changes = 0;
    for message in &golden.messages {
        let text = text_of(message, "signed_text").as_bytes();
        let signature = text_of(message, "sign");
        assert!(holds(&golden.key, text, signature));
        changes += each_changed_byte(text, |changed| {
            assert!(!holds(&golden.key, changed, signature));
        });
        changes += each_changed_byte(signature.as_bytes(), |changed| {
            let changed = String::from_utf8_lossy(changed);
            assert!(!holds(&golden.key, text, &changed));
        });
    }
    assert!(changes > 10_000, "only {changes} changes were tried");
}

#[test]
fn every_answer_is_cut_and_none_with_a_byte_changed() {
    let Some(golden) = golden() else { return };
    for message in of_kind(&golden, "response") {
        let body = text_of(message, "body").as_bytes();
        let name = text_of(message, "node");
        let believed = |body: &[u8]| match response::cut(body, name) {
            Ok(node) => node
                .sign
                .is_some_and(|sign| holds(&golden.key, node.raw.as_bytes(), sign)),
            Err(_) => false,
        };
        let node = response::cut(body, name).expect("a node");
        assert_eq!(node.raw, text_of(message, "signed_text"));
        assert_eq!(node.sign, Some(text_of(message, "sign")));
        assert!(believed(body));
        each_changed_byte(body, |changed| assert!(!believed(changed)));
    }
}

#[test]
fn what_is_written_is_what_alipay_wrote() {
    let Some(golden) = golden() else { return };
    for message in of_kind(&golden, "response") {
        let raw = text_of(message, "signed_text");
        let node = Value::Object(response::parse_strict(raw).expect("JSON"));
        assert_eq!(response::write_node(&node), raw);
        let body = response::write_envelope(
            text_of(message, "node"),
            raw,
            None,
            Some(text_of(message, "sign")),
        );
        assert_eq!(body, text_of(message, "body"));
    }
}

#[test]
fn every_notice_is_believed_and_none_with_a_byte_changed() {
    let Some(golden) = golden() else { return };
    for message in of_kind(&golden, "notify") {
        let fields = message["fields"].as_object().expect("fields");
        let params = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().expect("text")))
            .collect::<Params>();
        assert_eq!(sign::notice_text(&params), text_of(message, "signed_text"));
        let body = form::encode(&params, Charset::Utf8).expect("UTF-8 has everything");
        let verified = notice::Unverified::from_form(body.as_bytes(), None)
            .and_then(|notice| notice.verify(&golden.key))
            .expect("genuine");
        assert_eq!(verified.rule(), notice::Rule::WithoutSignType);
        assert!(verified.says_paid() && !verified.is_refund());
        each_changed_byte(body.as_bytes(), |changed| {
            let Ok(notice) = notice::Unverified::from_form(changed, None) else {
                return;
            };
            if let Ok(believed) = notice.verify(&golden.key) {
                // `%2b` says what `%2B` says: the same message, written otherwise.
                assert_eq!(believed.params(), &params);
            }
        });
    }
}

#[test]
fn every_return_is_believed_and_none_with_a_byte_changed() {
    let Some(golden) = golden() else { return };
    for message in of_kind(&golden, "return") {
        let query = text_of(message, "query");
        let believe = |query: &str| {
            returns::Unverified::from_query(query).and_then(|found| found.verify(&golden.key))
        };
        let genuine = believe(query).expect("genuine");
        each_changed_byte(query.as_bytes(), |changed| {
            let Ok(changed) = std::str::from_utf8(changed) else {
                return;
            };
            if let Ok(believed) = believe(changed) {
                assert_eq!(believed.params(), genuine.params());
            }
        });
        let with_more = format!("from=mail&{query}&lang=zh");
        assert_eq!(
            believe(&with_more)
                .expect("unsigned extras are dropped")
                .params(),
            genuine.params()
        );
    }
}

#[test]
fn no_field_of_a_notice_can_be_dropped_or_added() {
    let Some(golden) = golden() else { return };
    for message in of_kind(&golden, "notify") {
        let fields = message["fields"].as_object().expect("fields");
        let believed = |params: &Params| {
            let body = form::encode(params, Charset::Utf8).expect("UTF-8 has everything");
            notice::Unverified::from_form(body.as_bytes(), None)
                .and_then(|notice| notice.verify(&golden.key))
                .is_ok()
        };
        let pairs = fields.iter();
        let params = pairs
            .map(|(name, value)| (name, value.as_str().expect("text")))
            .collect::<Params>();
        assert!(believed(&params));
        for name in fields.keys() {
            let mut without = params.clone();
            without.remove(name);
            assert!(!believed(&without), "without {name}");
        }
        for (name, value) in [("extra", "1"), ("refund_fee", "0.01"), ("a", "b")] {
            let mut with = params.clone();
            with.set(name, value);
            assert!(!believed(&with), "with {name}");
        }
    }
}

#[test]
fn no_field_of_an_answer_can_be_dropped_or_added() {
    let Some(golden) = golden() else { return };
    for message in of_kind(&golden, "response") {
        let signature = text_of(message, "sign");
        let node = response::parse_strict(text_of(message, "signed_text")).expect("JSON");
        let believed = |node: &serde_json::Map<String, Value>| {
            let text = response::write_node(&Value::Object(node.clone()));
            holds(&golden.key, text.as_bytes(), signature)
        };
        assert!(believed(&node));
        for name in node.keys() {
            let mut without = node.clone();
            without.remove(name);
            assert!(!believed(&without), "without {name}");
        }
        let mut with = node.clone();
        with.insert("zzz".to_owned(), "".into());
        assert!(!believed(&with));
    }
}

#[test]
fn no_field_of_a_return_can_be_dropped() {
    let Some(golden) = golden() else { return };
    for message in of_kind(&golden, "return") {
        let query = text_of(message, "query");
        let pieces = query.split('&').collect::<Vec<_>>();
        for dropped in 0..pieces.len() {
            let mut left = pieces.clone();
            left.remove(dropped);
            let believed = returns::Unverified::from_query(&left.join("&"))
                .and_then(|found| found.verify(&golden.key));
            assert!(believed.is_err(), "without {}", pieces[dropped]);
        }
    }
}

#[test]
fn no_field_can_be_given_twice() {
    let Some(golden) = golden() else { return };
    for message in of_kind(&golden, "return") {
        let query = text_of(message, "query");
        for piece in query.split('&') {
            let twice = format!("{query}&{piece}");
            let believed =
                returns::Unverified::from_query(&twice).and_then(|found| found.verify(&golden.key));
            assert!(believed.is_err(), "{piece} twice");
        }
    }
    for message in of_kind(&golden, "response") {
        let body = text_of(message, "body");
        let raw = text_of(message, "signed_text");
        let fields = response::parse_strict(raw).expect("JSON");
        for (name, value) in &fields {
            let member = format!("\"{name}\":{value}");
            let twice = raw.replacen('{', &format!("{{{member},"), 1);
            let body = body.replace(raw, &twice);
            assert!(
                response::cut(body.as_bytes(), text_of(message, "node")).is_err(),
                "{name} twice"
            );
        }
    }
}

#[test]
fn the_doctor_has_no_cause_for_a_genuine_message() {
    use alipay::explain::{Keys, explain};
    let Some(golden) = golden() else { return };
    let keys = Keys {
        alipay: Some(&golden.key),
        app: None,
    };
    let mut looked_at = 0;
    for message in &golden.messages {
        let text = match text_of(message, "kind") {
            "response" => text_of(message, "body").to_owned(),
            "return" => text_of(message, "query").to_owned(),
            "notify" => {
                let fields = message["fields"].as_object().expect("fields");
                let pairs = fields.iter();
                let params = pairs
                    .map(|(name, value)| (name, value.as_str().expect("text")))
                    .collect::<Params>();
                form::encode(&params, Charset::Utf8).expect("UTF-8 has everything")
            }
            _ => continue,
        };
        let found = explain(&text, keys);
        assert!(found.verifies && found.causes.is_empty(), "{found:?}");
        looked_at += 1;
    }
    assert!(looked_at >= 10, "only {looked_at} were looked at");
}

#[test]
fn certificates_are_named_where_keys_belong() {
    let Some(folder) = vectors() else { return };
    for entry in std::fs::read_dir(folder.join("certs")).expect("certs") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "crt") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("text");
        let found = inspect(text.as_bytes()).expect("a certificate");
        assert_eq!(found.kind, KeyKind::Certificate, "{}", path.display());
        assert_eq!(
            PublicKey::parse(&text).err(),
            Some(KeyError::Certificate(KeyKind::Certificate))
        );
    }
}

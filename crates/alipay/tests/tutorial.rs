//! The return that a tutorial prints, genuine since 2022, and the damaged copy beside it.

mod common;

use alipay::{
    keys::PublicKey,
    notice::{Difference, Expectation},
    returns::Unverified,
};
use common::each_changed_byte;
use money::Fen;
use serde_json::Value;
use std::sync::LazyLock;

static FILE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/tutorial.json")).expect("JSON"));

fn query() -> &'static str {
    FILE["query"].as_str().expect("a query")
}

fn key() -> PublicKey {
    PublicKey::parse(FILE["alipay_public_key"].as_str().expect("a key")).expect("a key")
}

#[test]
fn the_tutorials_return_is_genuine_and_a_hint_for_its_order_only() {
    let verified = Unverified::from_query(query())
        .and_then(|found| found.verify(&key()))
        .expect("genuine");
    let order = Expectation {
        out_trade_no: "ffb82dd39bf043808c311b4ae983d9ec",
        total_amount: Fen::new(3_900),
        app_id: "2021000120612450",
        seller_id: "2088621959339670",
    };
    let hint = verified.check(&order).expect("the same order");
    assert_eq!(
        hint.query().out_trade_no.as_deref(),
        Some(order.out_trade_no)
    );
    assert_eq!(
        verified.timestamp().expect("a time").to_string(),
        "2022-06-09 11:50:44"
    );
    let dearer = Expectation {
        total_amount: Fen::new(3_901),
        ..order
    };
    let mismatch = verified.check(&dearer).expect_err("another amount");
    assert_eq!(mismatch.differences, [Difference::TotalAmount]);
}

#[test]
fn the_tutorials_damaged_copy_is_not_believed() {
    // `&timestamp=` became `×tamp=` where the page was decoded as HTML.
    let damaged = query()
        .replace("charset=utf-8", "charset=utf8")
        .replace("&timestamp=", "×tamp=");
    let believed = Unverified::from_query(&damaged).and_then(|found| found.verify(&key()));
    assert!(believed.is_err());
}

#[test]
fn no_byte_of_it_can_be_changed() {
    let key = key();
    let believe = |query: &str| Unverified::from_query(query).and_then(|found| found.verify(&key));
    let genuine = believe(query()).expect("genuine");
    let mut refused = 0;
    let changes = each_changed_byte(query().as_bytes(), |changed| {
        let changed = std::str::from_utf8(changed).expect("only low bits are changed");
        match believe(changed) {
            // `%2f` says what `%2F` says: the same message, written otherwise.
            Ok(believed) => assert_eq!(believed.params(), genuine.params()),
            Err(_) => refused += 1,
        }
    });
    assert!(refused * 100 > changes * 95, "{refused} of {changes}");
}

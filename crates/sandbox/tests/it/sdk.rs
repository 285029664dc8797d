//! Our own SDK against the sandbox: which tests ask which of its typed methods, and that none is
//! left out.

use crate::{sdk_agree, sdk_money, sdk_people, sdk_trade};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The families, each with the tests that ask it through every face.
const FAMILIES: &[&[&str]] = &[
    sdk_trade::COUNTER,
    sdk_trade::ORDERS,
    sdk_trade::REFUNDS,
    sdk_money::SHARES,
    sdk_money::TRANSFERS,
    sdk_money::BILLS,
    sdk_people::HOLDS,
    sdk_agree::AGREEMENTS,
    sdk_agree::FREEZES,
    sdk_people::LOGINS,
    sdk_people::TOKENS,
    sdk_people::CERTIFICATES,
];

/// The method behind every typed request, read where the requests are written.
fn typed() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../alipay/src/requests");
    let mut methods = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines().map(str::trim) {
            let given = line.starts_with("const METHOD: &'static str = \"");
            let made = line.ends_with("\" {") && line.contains(": \"alipay.");
            if let Some((_, method)) = line.split_once('"').filter(|_| given || made) {
                methods.insert(method.split('"').next().unwrap().to_owned());
            }
        }
    }
    methods
}

#[test]
fn every_typed_method_is_asked_by_a_test() {
    let typed = typed();
    let tested: BTreeSet<String> = FAMILIES.concat().into_iter().map(str::to_owned).collect();
    assert_eq!(typed, tested, "a typed request and no test, or the reverse");
    println!("{} typed methods", typed.len());
    assert!(
        typed.len() >= 39,
        "the requests were not found: {}",
        typed.len()
    );
}

//! The methods that have a type, read where the requests are written.

use std::{collections::BTreeSet, fs, path::Path};

/// Each method of a typed request.
pub(crate) fn methods() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/requests");
    let mut methods = BTreeSet::new();
    for file in fs::read_dir(folder).expect("the requests") {
        let text = fs::read_to_string(file.expect("a file").path()).expect("text");
        for line in text.lines().map(str::trim) {
            let given = line.starts_with("const METHOD: &'static str = \"");
            let made = line.ends_with("\" {") && line.contains(": \"alipay.");
            if let Some((_, method)) = line.split_once('"').filter(|_| given || made) {
                let method = method.split('"').next().expect("its end");
                methods.insert(method.to_owned());
            }
        }
    }
    assert!(methods.len() >= 39, "the requests were not found");
    methods
}

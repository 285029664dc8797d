//! Rules about manifests: who may depend on whom, and where versions stand.

use toml::{Table, Value};

use super::report::SourceFile;

/// Each crate, and the crates of ours that it may depend on. What is not listed may not be.
const MAY_DEPEND: &[(&str, &[&str])] = &[
    ("money", &[]),
    ("kernel", &["money"]),
    ("alipay", &["money"]),
    ("store", &["money", "kernel"]),
    ("testdb", &["money", "kernel", "store"]),
    ("ledger", &["money", "kernel", "store"]),
    ("service", &["money", "kernel", "store"]),
    (
        "merchant",
        &["money", "kernel", "alipay", "store", "ledger", "service"],
    ),
    (
        "sandbox",
        &["money", "kernel", "alipay", "store", "ledger", "service"],
    ),
    (
        "shops",
        &[
            "money", "kernel", "alipay", "store", "ledger", "service", "merchant",
        ],
    ),
    (
        "testkit",
        &[
            "money", "kernel", "alipay", "store", "testdb", "ledger", "service", "merchant",
            "sandbox", "shops",
        ],
    ),
    (
        "cli",
        &[
            "money", "kernel", "alipay", "store", "ledger", "service", "merchant", "sandbox",
            "shops",
        ],
    ),
    (
        "bench",
        &[
            "money", "kernel", "alipay", "store", "testdb", "ledger", "service", "merchant",
            "sandbox", "shops", "testkit",
        ],
    ),
];

/// Crates that only tests use, so that everybody's tests may.
const FOR_TESTS: &[&str] = &["testdb", "testkit"];

/// Crates depend downwards only.
pub(super) fn floors(files: &[SourceFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (file, room, manifest) in manifests(files) {
        let Some((_, allowed)) = MAY_DEPEND.iter().find(|(name, _)| *name == room) else {
            complaints.push(file.complain(
                1,
                format_args!("the crate `{room}` has no floor yet; give it one"),
            ));
            continue;
        };
        for (section, for_tests) in [("dependencies", false), ("dev-dependencies", true)] {
            let Some(table) = manifest.get(section).and_then(Value::as_table) else {
                continue;
            };
            for name in table.keys().filter(|name| is_ours(name)) {
                let fine = allowed.contains(&name.as_str())
                    || (for_tests && (FOR_TESTS.contains(&name.as_str()) || room == name));
                if !fine {
                    complaints.push(
                        file.complain(1, format_args!("`{room}` may not depend on `{name}`")),
                    );
                }
            }
        }
    }
    complaints
}

/// Versions and paths stand in the workspace's manifest, once.
pub(super) fn inherited(files: &[SourceFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (file, _, manifest) in manifests(files) {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(table) = manifest.get(section).and_then(Value::as_table) else {
                continue;
            };
            for (name, value) in table {
                // A crate's own tests may switch on its own features.
                let itself = value.get("path").and_then(Value::as_str) == Some(".");
                let inherits = itself
                    || value
                        .get("workspace")
                        .and_then(Value::as_bool)
                        .unwrap_or(false);
                if !inherits {
                    complaints.push(
                        file.complain(1, format_args!("`{name}` must say `workspace = true`")),
                    );
                }
            }
        }
    }
    complaints
}

fn is_ours(name: &str) -> bool {
    MAY_DEPEND.iter().any(|(room, _)| *room == name)
}

/// The manifests under `crates`, with the room's name.
fn manifests(files: &[SourceFile]) -> Vec<(&SourceFile, &str, Table)> {
    let mut found = Vec::new();
    for file in files {
        let room = file
            .path
            .strip_prefix("crates/")
            .and_then(|rest| rest.strip_suffix("/Cargo.toml"));
        let Some(room) = room.filter(|room| !room.contains('/')) else {
            continue;
        };
        // A manifest that cannot be read stops cargo long before it comes here.
        let manifest = file.text.parse::<Table>().unwrap_or_default();
        found.push((file, room, manifest));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(room: &str, text: &str) -> Vec<SourceFile> {
        vec![SourceFile {
            path: format!("crates/{room}/Cargo.toml"),
            text: text.to_owned(),
        }]
    }

    #[test]
    fn the_merchant_may_not_know_the_sandbox() {
        let found = floors(&manifest(
            "merchant",
            "[dependencies]\nsandbox.workspace = true\n",
        ));
        assert_eq!(
            found,
            ["crates/merchant/Cargo.toml:1: `merchant` may not depend on `sandbox`"]
        );
    }

    #[test]
    fn tests_may_use_the_test_database() {
        assert_eq!(
            floors(&manifest(
                "ledger",
                "[dev-dependencies]\ntestdb.workspace = true\n"
            ))
            .len(),
            0
        );
        assert_eq!(
            floors(&manifest(
                "ledger",
                "[dependencies]\ntestdb.workspace = true\n"
            ))
            .len(),
            1
        );
    }

    #[test]
    fn a_version_of_ones_own_is_named() {
        assert_eq!(
            inherited(&manifest("ledger", "[dependencies]\nserde = \"1\"\n")).len(),
            1
        );
    }
}

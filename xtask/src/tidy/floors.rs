//! The floors inside a crate: what may not be named in `domain/`, `store/`, `app/` and the pages.

use super::report::SourceFile;

/// A floor, and the paths that may not be named on it.
const FLOORS: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "axum::",
            "reqwest::",
            "tokio::",
            "store::",
            "service::",
            "ledger::",
            "crate::store",
            "crate::app",
            "crate::http",
            "crate::pages",
            "crate::gateway",
            "crate::cashier",
            "crate::jobs",
            "crate::context",
        ],
    ),
    (
        "store",
        &[
            "axum::",
            "reqwest::",
            "crate::app",
            "crate::http",
            "crate::pages",
            "crate::gateway",
            "crate::cashier",
            "crate::jobs",
        ],
    ),
    (
        "app",
        &[
            "axum::",
            "askama::",
            "crate::http",
            "crate::pages",
            "crate::gateway",
            "crate::cashier",
        ],
    ),
    ("http", &["store::statements!"]),
    ("pages", &["store::statements!"]),
    ("gateway", &["store::statements!", "crate::cashier"]),
    ("cashier", &["store::statements!", "crate::gateway"]),
];

/// Only these may name a database driver.
const DRIVERS: &[&str] = &["rusqlite::", "tokio_postgres::", "deadpool_postgres::"];
const MAY_NAME_DRIVERS: &[&str] = &[
    "crates/store/",
    "crates/testdb/",
    "crates/bench/",
    "crates/testkit/",
];

/// The invariants may believe nothing that they check.
const INVARIANTS: &str = "crates/testkit/src/invariants";

/// Imports go down.
pub(super) fn imports(files: &[SourceFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.is_rust() && file.path.starts_with("crates/"))
    {
        let mut banned: Vec<&str> = Vec::new();
        let floor = floor_of(&file.path);
        if let Some((_, paths)) = FLOORS.iter().find(|(name, _)| Some(*name) == floor) {
            banned.extend(*paths);
        }
        if !MAY_NAME_DRIVERS
            .iter()
            .any(|start| file.path.starts_with(start))
        {
            banned.extend(DRIVERS);
        }
        if file.path.starts_with(INVARIANTS) {
            banned.extend(["merchant::", "sandbox::", "shops::", "ledger::"]);
        }
        let mut in_tests = false;
        for (at, line) in file.code() {
            // Tests stand at the bottom and may look at everything.
            in_tests |= line.trim() == "#[cfg(test)]";
            if in_tests {
                break;
            }
            // A shop is a context of its own inside its crate, with the same floors.
            let line = line.replace("crate::courses::", "crate::");
            if let Some(path) = banned.iter().find(|path| names(&line, path)) {
                let place = floor.unwrap_or("this crate");
                complaints
                    .push(file.complain(at, format_args!("`{path}` may not be named in {place}")));
            }
        }
    }
    complaints
}

/// The folder right under a crate's `src`, one crate's sub-contexts looked through.
fn floor_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("crates/")?.split_once("/src/")?.1;
    let folders = inside.rsplit_once('/')?.0;
    folders
        .split('/')
        .find(|folder| FLOORS.iter().any(|(name, _)| name == folder))
}

/// Is the path named here, and not as the tail of another one?
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> Vec<SourceFile> {
        vec![SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }]
    }

    #[test]
    fn the_domain_may_not_name_the_web() {
        let found = imports(&file(
            "crates/merchant/src/domain/order.rs",
            "use axum::Json;\n",
        ));
        assert_eq!(
            found,
            ["crates/merchant/src/domain/order.rs:1: `axum::` may not be named in domain"]
        );
    }

    #[test]
    fn a_longer_path_is_another_path() {
        assert_eq!(
            imports(&file(
                "crates/merchant/src/domain/order.rs",
                "use my_store::Row;\n"
            ))
            .len(),
            0
        );
        assert_eq!(
            imports(&file(
                "crates/merchant/src/app/pay.rs",
                "use crate::store::orders;\n"
            ))
            .len(),
            0
        );
    }

    #[test]
    fn tests_at_the_bottom_may_name_everything() {
        let text = "#[cfg(test)]\nmod tests { use axum::Json; }\n";
        assert_eq!(
            imports(&file("crates/merchant/src/domain/order.rs", text)).len(),
            0
        );
    }
}

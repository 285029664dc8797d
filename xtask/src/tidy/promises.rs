//! Rules about pages that say which test shows what they promise.

use std::collections::BTreeSet;

use super::report::SourceFile;

/// Pages of tables whose last column names tests.
const PAGES: &[&str] = &["docs/reference/sdk-checklist.md"];

/// Every row names a test, and every test that is named exists.
pub(super) fn tests(files: &[SourceFile]) -> Vec<String> {
    let functions: BTreeSet<&str> = files
        .iter()
        .filter(|file| file.is_rust())
        .flat_map(SourceFile::code)
        .filter_map(|(_, line)| function(line))
        .collect();
    let mut complaints = Vec::new();
    for page in PAGES {
        let Some(file) = files.iter().find(|file| file.path == *page) else {
            complaints.push(format!("{page}: the page is gone"));
            continue;
        };
        for (at, line) in (1_usize..).zip(file.text.lines()) {
            let Some(cell) = last_cell(line) else {
                continue;
            };
            let named: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
            if named.is_empty() {
                complaints.push(file.complain(at, "the row names no test"));
            }
            for name in named.iter().filter(|name| !functions.contains(*name)) {
                complaints.push(file.complain(at, format_args!("there is no test `{name}`")));
            }
        }
    }
    complaints
}

/// The last cell of a numbered row.
fn last_cell(line: &str) -> Option<&str> {
    let row = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let (number, _) = row.split_once('|')?;
    number.trim().parse::<u32>().ok()?;
    row.rsplit('|').next()
}

/// The name of the function that a line begins.
fn function(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let (name, _) = line.strip_prefix("fn ")?.split_once('(')?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_row_without_a_test_and_a_test_that_is_gone_are_named() {
        let code = file(
            "a.rs",
            "    async fn money_moves(db: Db) {\n// fn gone() {\n",
        );
        let page = "| | asked | shown by |\n|---|---|---|\n| 1 | a | `money_moves` |\n\
                    | 2 | `b` | nothing |\n| 3 | c | `gone` |\n";
        let said = tests(&[code, file(PAGES[0], page)]);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains(":4: the row names no test"));
        assert!(said[1].contains(":5: there is no test `gone`"));
        assert!(tests(&[])[0].contains("the page is gone"));
    }
}

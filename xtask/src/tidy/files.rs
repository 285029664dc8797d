//! Rules about a file as a whole: its length, its opening, and what a contents page holds.

use super::report::SourceFile;

/// The most lines that a Rust file may have; past 400 it should be cut already.
const MAX_LINES: usize = 500;

/// A file is short enough to be read in one go.
pub(super) fn length(files: &[SourceFile]) -> Vec<String> {
    let rust = files.iter().filter(|file| file.is_rust());
    rust.filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > MAX_LINES).then(|| {
            file.complain(
                lines,
                format_args!("{lines} lines; cut it, {MAX_LINES} are the most"),
            )
        })
    })
    .collect()
}

/// The first line of a Rust file says what the file is.
pub(super) fn opening(files: &[SourceFile]) -> Vec<String> {
    let rust = files.iter().filter(|file| file.is_rust());
    rust.filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.complain(1, "begin with a `//!` sentence that says what this file is"))
        .collect()
}

/// A `mod.rs` declares and re-exports, in reading order, and does nothing else.
pub(super) fn contents_pages(files: &[SourceFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path.ends_with("/mod.rs") && !file.path.contains("/tests/"))
    {
        let mut inside_use = false;
        for (at, line) in file.code() {
            let line = line.trim();
            let fits = inside_use
                || line.is_empty()
                || line.starts_with("#[")
                || line.starts_with("#![")
                || declares(line);
            if !fits {
                complaints
                    .push(file.complain(at, "a mod.rs holds declarations and re-exports only"));
                break;
            }
            if inside_use || starts_use(line) {
                inside_use = !line.ends_with(';');
            }
        }
    }
    complaints
}

fn declares(line: &str) -> bool {
    let module = after_visibility(line)
        .strip_prefix("mod ")
        .is_some_and(|rest| rest.ends_with(';'));
    module || starts_use(line)
}

fn starts_use(line: &str) -> bool {
    after_visibility(line).starts_with("use ")
}

fn after_visibility(line: &str) -> &str {
    match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ").map_or(rest, |(_, rest)| rest),
        Some(rest) => rest.trim_start(),
        None => line,
    }
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
    fn a_contents_page_may_declare_and_re_export() {
        let text = "//! Orders.\n\nmod order;\npub(crate) mod refund;\n\npub use order::{\n    Order,\n};\n#[cfg(test)]\nmod tests;\n";
        assert_eq!(
            contents_pages(&file("a/mod.rs", text)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_contents_page_with_code_is_named() {
        let found = contents_pages(&file(
            "a/mod.rs",
            "//! Orders.\nmod order;\nfn total() {}\n",
        ));
        assert_eq!(
            found,
            ["a/mod.rs:3: a mod.rs holds declarations and re-exports only"]
        );
    }

    #[test]
    fn a_file_without_an_opening_sentence_is_named() {
        assert_eq!(opening(&file("a.rs", "fn main() {}\n")).len(), 1);
        assert_eq!(opening(&file("a.rs", "//! It starts.\n")).len(), 0);
    }
}

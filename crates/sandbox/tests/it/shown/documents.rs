//! The pieces of code in the SDK's documents, and those that this folder runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A piece of a document: its file below `crates/alipay` or the workspace, and which one it is.
pub(crate) type Key = (String, usize);

/// A piece of Rust.
pub(crate) struct Piece {
    /// What a reader sees of it, without white space.
    pub(crate) seen: String,
    /// Whether rustdoc runs it by itself.
    pub(crate) run_by_rustdoc: bool,
}

/// Pieces that no gateway takes part in. Rustdoc runs them.
pub(crate) const ALONE: &[(&str, usize, &str)] = &[
    ("src/guide/keys.rs", 1, "makes a pair of keys"),
    ("src/guide/keys.rs", 2, "looks at keys"),
    (
        "src/guide/certificates.rs",
        2,
        "serial numbers that are nobody's",
    ),
    (
        "src/guide/service_providers.rs",
        1,
        "puts two applications side by side",
    ),
    ("src/guide/testing.rs", 1, "tests without a gateway"),
    ("src/guide/pitfalls.rs", 1, "amounts as text"),
    ("src/guide/pitfalls.rs", 2, "a notice made up to be spoiled"),
];

/// Whether it is one of those.
pub(crate) fn is_alone(key: &Key) -> bool {
    let is_it = |(name, index, _): &(&str, usize, &str)| (*name, *index) == (&*key.0, key.1);
    ALONE.iter().any(is_it)
}

/// All of it is run here; of the rest what rustdoc does not run.
const WHOLE: &[&str] = &["README.md", "src/lib.rs", "src/guide/"];

fn sdk() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../alipay")
}

/// What has to be run here.
pub(crate) fn pieces() -> BTreeMap<Key, Piece> {
    let mut files = vec![sdk().join("README.md")];
    below(&sdk().join("src"), &mut files);
    let mut found = BTreeMap::new();
    for file in files {
        let name = file
            .strip_prefix(sdk())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let whole = WHOLE.iter().any(|start| name.starts_with(start));
        for (index, piece) in read(&file).into_iter().enumerate() {
            if whole || !piece.run_by_rustdoc {
                found.insert((name.clone(), index + 1), piece);
            }
        }
    }
    found
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// The Rust of a document, or of the comments of a source file.
pub(crate) fn read(file: &Path) -> Vec<Piece> {
    let text = fs::read_to_string(file).unwrap();
    let is_source = file.extension().is_some_and(|ending| ending == "rs");
    let mut pieces = Vec::new();
    let mut open: Option<Option<Piece>> = None;
    for line in text.lines() {
        let line = if is_source {
            let line = line.trim_start();
            let Some(line) = line
                .strip_prefix("//!")
                .or_else(|| line.strip_prefix("///"))
            else {
                continue;
            };
            line.strip_prefix(' ').unwrap_or(line)
        } else {
            line
        };
        if let Some(fence) = line.strip_prefix("```") {
            open = match open {
                None => Some(is_rust(fence, is_source).then(|| Piece {
                    seen: String::new(),
                    run_by_rustdoc: is_source
                        && !fence.contains("no_run")
                        && !fence.contains("ignore"),
                })),
                Some(piece) => {
                    pieces.extend(piece);
                    None
                }
            };
        } else if let Some(Some(piece)) = &mut open {
            let hidden = is_source && (line == "#" || line.starts_with("# "));
            if !hidden {
                piece.seen.push_str(line);
                piece.seen.push('\n');
            }
        }
    }
    for piece in &mut pieces {
        piece.seen = plain(&piece.seen);
    }
    pieces
}

fn is_rust(fence: &str, is_source: bool) -> bool {
    match fence.split(',').next().unwrap_or_default() {
        "" | "no_run" | "ignore" => is_source,
        language => language == "rust",
    }
}

/// The pieces that stand in this folder.
pub(crate) fn run_here() -> BTreeMap<Key, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/shown");
    let mut found = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let mut open: Option<(Key, String)> = None;
        for line in text.lines() {
            let trimmed = line.trim();
            if let Some(rest) = trimmed.strip_prefix("at.shows(\"") {
                let (name, index) = rest.split_once("\", ").unwrap();
                let index = index.trim_end_matches(");").parse().unwrap();
                open = Some(((name.to_owned(), index), String::new()));
            } else if trimmed == "at.ran();" {
                let (key, text) = open.take().unwrap();
                let double = found.insert(key.clone(), plain(&text));
                assert!(double.is_none(), "{key:?} stands here twice");
            } else if let Some((_, text)) = &mut open {
                text.push_str(line);
                text.push('\n');
            }
        }
        assert!(open.is_none(), "a piece has no end");
    }
    found
}

/// Without white space and last commas, which are rustfmt's, and without what is put in a reader's
/// place: their texts and the machine's clock.
pub(crate) fn plain(text: &str) -> String {
    let mut plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for (closing, bare) in [(",)", ")"), (",]", "]"), (",}", "}")] {
        plain = plain.replace(closing, bare);
    }
    for put in ["&at.real(\"", "at.real(\""] {
        while let Some(from) = plain.find(put) {
            let text = from + put.len();
            let end = text + plain[text..].find("\")").unwrap();
            let real = format!("\"{}\"", &plain[text..end]);
            plain.replace_range(from..end + 2, &real);
        }
    }
    plain
        .replace("at.now()", "SystemTime::now().into()")
        .replace("usestd::time::SystemTime;", "")
}

#[test]
fn a_piece_is_read_as_a_reader_sees_it() {
    assert_eq!(
        plain("let a = open(&at.real(\"a.pem\"), at.real(\"b c\"),);\n"),
        "leta=open(\"a.pem\",\"bc\");"
    );
    let all = pieces();
    assert!(all.len() > 25, "{}", all.len());
    let bill = &all[&("src/guide/bills.rs".to_owned(), 1)];
    assert!(
        bill.seen
            .starts_with("usealipay::Outcome;usealipay::bill::")
            && !bill.seen.contains("asyncfnexample")
    );
    assert!(!bill.run_by_rustdoc);
    assert!(all[&("src/guide/refunds.rs".to_owned(), 1)].run_by_rustdoc);
}

#[test]
fn what_runs_here_is_what_the_documents_show() {
    let (shown, here) = (pieces(), run_here());
    let mut wrong = Vec::new();
    for (key, piece) in &shown {
        match here.get(key) {
            Some(text) if *text == piece.seen => {}
            Some(text) => wrong.push(format!("{key:?} shows\n{}\nand not\n{text}", piece.seen)),
            None if is_alone(key) && piece.run_by_rustdoc => {}
            None => wrong.push(format!("nobody runs {key:?}")),
        }
    }
    let gone = here.keys().filter(|key| !shown.contains_key(*key));
    wrong.extend(gone.map(|key| format!("no document shows {key:?}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_guides_pieces_are_the_examples() {
    let example = fs::read_to_string(sdk().join("examples/first_payment.rs")).unwrap();
    let example = plain(&example.replace("pub(crate) ", ""));
    let guide = read(&sdk().join("../../docs/guide/rust.md"));
    assert_eq!(guide.len(), 3);
    for piece in guide {
        assert!(
            example.contains(&piece.seen),
            "not in the example: {}",
            piece.seen
        );
    }
}

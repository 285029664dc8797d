//! Rules about words that may not stand anywhere: things left for later, machines' folders.

use super::report::SourceFile;

/// Written in two halves, or this file would complain about itself.
const LEFTOVERS: &[(&str, &str)] = &[
    ("todo", "!("),
    ("unimplemented", "!("),
    ("#[ign", "ore"),
    ("TO", "DO"),
    ("FIX", "ME"),
    ("XX", "X:"),
];
const MACHINE_PATHS: &[(&str, &str)] = &[
    ("/ho", "me/"),
    ("/Use", "rs/"),
    ("/ro", "ot/"),
    ("/wo", "rk/"),
    ("/tm", "p/"),
];

/// No code is missing, no test is switched off, no promise is a comment.
pub(super) fn leftovers(files: &[SourceFile]) -> Vec<String> {
    let sources = files
        .iter()
        .filter(|file| file.is_rust() || file.has_ending("py") || file.has_ending("mjs"));
    find(sources, LEFTOVERS, "nothing is left for later")
}

/// A path on somebody's machine helps nobody else.
pub(super) fn machine_paths(files: &[SourceFile]) -> Vec<String> {
    let written = files.iter().filter(|file| !is_locked(file));
    find(written, MACHINE_PATHS, "a path on one machine")
}

fn find<'a>(
    files: impl Iterator<Item = &'a SourceFile>,
    words: &[(&str, &str)],
    complaint: &str,
) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        for (at, line) in (1_usize..).zip(file.text.lines()) {
            let hit = words
                .iter()
                .map(|(head, tail)| format!("{head}{tail}"))
                .find(|word| line.contains(word));
            if let Some(word) = hit {
                complaints.push(file.complain(at, format_args!("`{word}`: {complaint}")));
            }
        }
    }
    complaints
}

/// Lock files are written by package managers.
fn is_locked(file: &SourceFile) -> bool {
    file.path.ends_with("Cargo.lock") || file.path.ends_with("package-lock.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Vec<SourceFile> {
        vec![SourceFile {
            path: "a.rs".to_owned(),
            text: text.to_owned(),
        }]
    }

    #[test]
    fn what_is_left_for_later_is_named() {
        let word = concat!("to", "do!()");
        assert_eq!(leftovers(&file(&format!("fn pay() {{ {word} }}"))).len(), 1);
        assert_eq!(leftovers(&file("fn pay() {}")).len(), 0);
    }
}

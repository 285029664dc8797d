//! Rules about words that may not stand anywhere: things left for later, machines' folders, keys.

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

/// A private key of 1024 bits has more than 600 characters of base64, a public one of 2048 has 392.
const LONGEST_PUBLIC_BASE64: usize = 600;

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

/// Keys are made where they are used.
pub(super) fn key_material(files: &[SourceFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| !is_locked(file)) {
        for (at, line) in (1_usize..).zip(file.text.lines()) {
            let run = longest_base64(line);
            if run.starts_with("MII") && run.len() > LONGEST_PUBLIC_BASE64 {
                complaints.push(file.complain(at, "this looks like a private key"));
            }
        }
        if has_armoured_private_key(&file.text) {
            complaints.push(file.complain(1, "a private key in armour"));
        }
    }
    complaints
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

/// An armour's opening line with a line of a key's length below it.
fn has_armoured_private_key(text: &str) -> bool {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let opens = line.trim().starts_with("-----BEGIN ") && line.contains("PRIVATE KEY-----");
        if opens
            && lines
                .peek()
                .is_some_and(|next| longest_base64(next).len() >= 60)
        {
            return true;
        }
    }
    false
}

fn longest_base64(line: &str) -> &str {
    let parts = line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')));
    parts.max_by_key(|part| part.len()).unwrap_or_default()
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

    #[test]
    fn a_private_key_is_found_in_armour_and_bare() {
        let line = "A".repeat(64);
        let armour = format!("-----BEGIN {} KEY-----\n{line}\n", "PRIVATE");
        assert_eq!(key_material(&file(&armour)).len(), 1);
        let bare = format!("const KEY: &str = \"MII{}\";", "A".repeat(1_600));
        assert_eq!(key_material(&file(&bare)).len(), 1);
        let public = format!("const KEY: &str = \"MII{}\";", "A".repeat(389));
        assert_eq!(key_material(&file(&public)).len(), 0);
    }
}

//! Collects the files of the workspace, lets every rule look at them, and reports what it found.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{files, floors, keys, manifests, promises, words};
use crate::command::Tool;
use crate::context::Context;
use crate::plan::Tally;

/// One text file that belongs to the project.
pub(super) struct SourceFile {
    /// From the workspace's folder, with `/`.
    pub(super) path: String,
    /// What is in it.
    pub(super) text: String,
}

impl SourceFile {
    /// Is it Rust?
    pub(super) fn is_rust(&self) -> bool {
        self.has_ending("rs")
    }

    /// Does its name end so?
    pub(super) fn has_ending(&self, ending: &str) -> bool {
        std::path::Path::new(&self.path)
            .extension()
            .is_some_and(|found| found == ending)
    }

    /// The lines that are not comments, numbered from 1.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        (1_usize..)
            .zip(self.text.lines())
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// A complaint about one line.
    pub(super) fn complain(&self, line: usize, words: impl std::fmt::Display) -> String {
        format!("{}:{line}: {words}", self.path)
    }
}

/// A rule looks at all files and hands back its complaints.
type Rule = fn(&[SourceFile]) -> Vec<String>;

const RULES: &[(&str, Rule)] = &[
    ("a file is short", files::length),
    ("a Rust file opens by saying what it is", files::opening),
    ("a mod.rs is a contents page", files::contents_pages),
    ("nothing is left for later", words::leftovers),
    ("no file names a machine's folders", words::machine_paths),
    ("no private key is kept here", keys::key_material),
    ("crates depend downwards only", manifests::floors),
    (
        "versions stand in the workspace's manifest only",
        manifests::inherited,
    ),
    (
        "floors inside a crate import downwards only",
        floors::imports,
    ),
    ("a test that a page names is there", promises::tests),
];

/// The step.
pub(crate) fn run(context: &Context) -> Result<Tally> {
    let files = read_files(context)?;
    let mut tally = Tally::default();
    for (name, rule) in RULES {
        let complaints = rule(&files);
        if complaints.is_empty() {
            tally.passed = tally.passed.saturating_add(1);
        } else {
            tally.failed = tally.failed.saturating_add(1);
            tally.notes.push(format!("{name}:"));
            tally.notes.extend(
                complaints
                    .into_iter()
                    .map(|complaint| format!("  {complaint}")),
            );
        }
    }
    Ok(tally)
}

fn read_files(context: &Context) -> Result<Vec<SourceFile>> {
    let list = Tool::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .in_folder(&context.root)
        .read()
        .context("the rules look at the files that git knows")?;
    let mut files = Vec::new();
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        let whole: PathBuf = context.root.join(path);
        // Deleted but not yet committed, or not a text: nothing for a rule.
        // A text in another character set is looked at as well: keys are ASCII in all of them.
        if let Some(text) = std::fs::read(&whole)
            .ok()
            .filter(|bytes| !bytes.contains(&0))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        {
            files.push(SourceFile {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}

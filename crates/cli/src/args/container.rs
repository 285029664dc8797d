//! The Dockerfile, as far as it can be held against the command without a container engine.

use super::{Args, Command};
use clap::Parser as _;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Instructions and what follows them, continued lines joined.
fn instructions() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("Dockerfile")).expect("a Dockerfile");
    let text = text.replace("\\\n", " ");
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, rest) = line.split_once(' ').expect("an instruction");
            (name.to_owned(), rest.trim().to_owned())
        })
        .collect()
}

fn only(name: &str) -> String {
    let mut found = instructions();
    found.retain(|(instruction, _)| instruction == name);
    assert_eq!(found.len(), 1, "{name}");
    found.remove(0).1
}

#[test]
fn the_container_starts_the_sandbox_with_flags_that_it_has() {
    let command: Vec<String> = serde_json::from_str(&only("CMD")).expect("the form of a list");
    let args = Args::try_parse_from(&command).expect("flags that it has");
    let Command::Sandbox(sandbox) = args.command else {
        panic!("{command:?} is not the sandbox");
    };
    let usual = Args::try_parse_from(["tongbao", "sandbox"]).expect("no flags");
    let Command::Sandbox(usual) = usual.command else {
        panic!("not the sandbox");
    };
    assert!(sandbox.listen.ip().is_unspecified(), "others reach it");
    assert_eq!(sandbox.listen.port(), usual.listen.port());
    assert_eq!(only("EXPOSE"), usual.listen.port().to_string());
    assert_eq!(sandbox.data, Path::new(&only("VOLUME")));
}

#[test]
fn what_is_copied_and_built_is_there() {
    for (_, rest) in instructions().iter().filter(|(name, _)| name == "COPY") {
        let words: Vec<&str> = rest.split_whitespace().collect();
        if let Some(stage) = words[0].strip_prefix("--from=") {
            let named = instructions()
                .iter()
                .any(|(name, rest)| name == "FROM" && rest.ends_with(&format!(" AS {stage}")));
            assert!(named, "there is no stage {stage}");
            // What the build leaves: its folder is the one that it works in.
            let built = format!("{}/target/release/tongbao", only("WORKDIR"));
            assert_eq!(words[1], built);
        } else {
            for source in &words[..words.len() - 1] {
                assert!(root().join(source).exists(), "{source} is not there");
            }
        }
    }
    let build = instructions()
        .into_iter()
        .find(|(name, rest)| name == "RUN" && rest.starts_with("cargo "));
    let (_, build) = build.expect("it is built");
    let flags: Vec<&str> = build.split_whitespace().skip(2).collect();
    assert_eq!(
        flags,
        ["--release", "--locked", "-p", env!("CARGO_PKG_NAME")]
    );
    assert!(root().join("Cargo.lock").exists());
}

#[test]
fn the_guide_shows_the_same_text() {
    let file = std::fs::read_to_string(root().join("Dockerfile")).expect("a Dockerfile");
    let guide = std::fs::read_to_string(root().join("docs/guide/ci.md")).expect("a guide");
    assert!(guide.contains(file.trim_end()));
}

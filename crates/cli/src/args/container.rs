//! The Dockerfile and what is kept out of its build, held against the command without a container engine.

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

fn build() -> String {
    let found = instructions()
        .into_iter()
        .find(|(name, rest)| name == "RUN" && rest.contains("cargo build"));
    found.expect("it is built").1
}

#[test]
fn its_health_is_asked_for_where_the_sandbox_answers() {
    let check = only("HEALTHCHECK");
    let address = format!("/dev/tcp/127.0.0.1/{}", only("EXPOSE"));
    assert!(check.contains(&address), "{check}");
    assert!(check.contains("GET /sandbox/v1/clock HTTP/1.0"), "{check}");
}

#[test]
fn what_is_kept_out_of_the_build_is_nothing_that_it_reads() {
    let text = std::fs::read_to_string(root().join(".dockerignore")).expect("a list");
    let kept_out: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    for needed in [
        "Cargo.toml",
        "Cargo.lock",
        "crates",
        "xtask",
        "fuzz",
        "clippy.toml",
    ] {
        assert!(!kept_out.contains(&needed), "{needed}");
    }
    for large in ["**/target", ".git", "**/node_modules", "tongbao-data"] {
        assert!(kept_out.contains(&large), "{large} would be sent along");
    }
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
            // What the build leaves there, outside of the folders that only the build sees.
            assert!(build().ends_with(&format!("/release/tongbao {}", words[1])));
        } else {
            for source in &words[..words.len() - 1] {
                assert!(root().join(source).exists(), "{source} is not there");
            }
        }
    }
    let build = build();
    let (_, command) = build.split_once("cargo build ").expect("it is built");
    let (flags, _) = command.split_once(" && ").expect("it is kept");
    let flags: Vec<&str> = flags.split_whitespace().collect();
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

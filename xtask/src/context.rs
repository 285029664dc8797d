//! What the steps of one run share: where things are, what was asked, what was started.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::command::Tool;
use crate::postgres::Postgres;

/// What the command line asked for.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Kills of the running demo, per engine.
    pub(crate) kills: u64,
    /// Seeds of the random walk.
    pub(crate) seeds: u64,
    /// Seed of everything that a chore draws itself.
    pub(crate) seed: u64,
    /// A build of the command that is tested instead of the workspace's release build.
    pub(crate) binary: Option<PathBuf>,
    /// Length of one measurement.
    pub(crate) seconds: u64,
    /// Write the reference pages instead of comparing them.
    pub(crate) write_reference: bool,
    /// Build without what would only make the next build of a changed file quicker: a run of
    /// everything compiles each file once.
    pub(crate) once: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            kills: 50,
            seeds: 2_000,
            seed: 20_260_101,
            binary: None,
            seconds: 10,
            write_reference: false,
            once: false,
        }
    }
}

/// Shared by all steps of one run.
pub(crate) struct Context {
    /// What was asked.
    pub(crate) options: Options,
    /// The workspace's folder.
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds.
    pub(crate) target: PathBuf,
    /// The chores' own folder in there: logs, installed packages, screenshots.
    pub(crate) out: PathBuf,
    /// The running test server, once its step ran.
    pub(crate) postgres: OnceLock<Postgres>,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Context {
    /// Finds the workspace and makes the chores' folder.
    pub(crate) fn open(options: Options) -> Result<Self> {
        let text = Tool::cargo()
            .args(["metadata", "--no-deps", "--format-version", "1", "--locked"])
            .read()
            .context("cannot ask cargo where the workspace is")?;
        let metadata: Metadata = serde_json::from_str(&text)?;
        let out = metadata.target_directory.join("xtask");
        std::fs::create_dir_all(out.join("logs"))?;
        Ok(Self {
            options,
            root: metadata.workspace_root,
            target: metadata.target_directory,
            out,
            postgres: OnceLock::new(),
        })
    }

    /// The cargo that runs us.
    pub(crate) fn cargo(&self) -> Tool {
        let cargo = Tool::cargo();
        if self.options.once {
            cargo.env("CARGO_INCREMENTAL", "0")
        } else {
            cargo
        }
    }

    /// Where a step writes what its programs print.
    pub(crate) fn log(&self, step: &str) -> PathBuf {
        self.out.join("logs").join(format!("{step}.log"))
    }

    /// The command as a person builds it, or the build that was named.
    pub(crate) fn binary(&self) -> PathBuf {
        let built = || self.target.join("release").join("tongbao");
        self.options.binary.clone().unwrap_or_else(built)
    }

    /// A folder of the chores, made empty.
    pub(crate) fn fresh_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.out.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// A path as a person in the workspace's folder would write it.
    pub(crate) fn short<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    /// Stops what was started.
    pub(crate) fn close(&mut self) {
        self.postgres.take();
    }
}

//! Installs the SDKs as they are published, and says which version with which hash it is.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};

use crate::command::{Tool, find};
use crate::context::Context;
use crate::machine;
use crate::plan::say;

/// The SDKs in Python, with the names of their scripts.
pub(super) const PYTHON_SDKS: &[(&str, &str)] = &[
    ("python-alipay-sdk", "python_alipay_sdk.py"),
    ("alipay-sdk-python", "alipay_sdk_python.py"),
];

/// Held while something is installed: steps run beside one another.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Installs what `tests/package-lock.json` pins, beside a copy of the scripts that import it.
pub(crate) fn install_node_packages(context: &Context) -> Result<PathBuf> {
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let node = context.out.join("node");
    std::fs::create_dir_all(&node)?;
    let tests = context.root.join("tests");
    let lock = std::fs::read(tests.join("package-lock.json"))?;
    for file in ["package.json", "package-lock.json"] {
        copy_changed(&tests.join(file), &node.join(file))?;
    }
    for folder in ["sdk", "sdk/calls", "browser"] {
        copy_scripts(&tests.join(folder), &node.join(folder))?;
    }
    let stamp = node.join("node_modules/.tongbao-lock");
    if std::fs::read(&stamp).ok().as_deref() == Some(lock.as_slice()) {
        return Ok(node);
    }
    say("    installing the npm packages of tests/package-lock.json");
    let npm = find("npm").context("npm was not found")?;
    Tool::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .in_folder(&node)
        .run(&context.log("npm"))?;
    std::fs::write(stamp, lock)?;
    Ok(node)
}

fn copy_scripts(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in
        std::fs::read_dir(from).with_context(|| format!("{} is missing", from.display()))?
    {
        let entry = entry?;
        if entry
            .path()
            .extension()
            .is_some_and(|ending| ending == "mjs" || ending == "json")
        {
            copy_changed(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Leaves a file alone that is the same already: a step beside this one may be reading it.
fn copy_changed(from: &Path, to: &Path) -> Result<()> {
    let text = std::fs::read(from)?;
    if std::fs::read(to).ok().as_deref() != Some(text.as_slice()) {
        std::fs::write(to, text)?;
    }
    Ok(())
}

/// A virtual environment of its own for each SDK: two of them call their package `alipay`.
pub(crate) fn install_python_sdk(context: &Context, sdk: &str) -> Result<PathBuf> {
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = context.out.join("venv").join(sdk);
    let python = folder.join("bin/python");
    let requirements = context.root.join("tests/sdk").join(format!("{sdk}.txt"));
    let pinned = std::fs::read(&requirements)?;
    let stamp = folder.join("requirements.txt");
    if std::fs::read(&stamp).ok().as_deref() == Some(pinned.as_slice()) {
        return Ok(python);
    }
    say(&format!("    installing {sdk} with pip"));
    let system = machine::python().context("no Python with venv was found")?;
    let log = context.log("pip");
    Tool::new(system)
        .args(["-m", "venv", "--clear"])
        .arg(&folder)
        .run(&log)?;
    for list in [context.root.join("tests/sdk/build.txt"), requirements] {
        Tool::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-compile",
            ])
            .args(["--no-build-isolation", "--require-hashes", "-r"])
            .arg(list)
            .run(&log)?;
    }
    std::fs::write(stamp, pinned)?;
    Ok(python)
}

/// The SDK's line of the requirements with its hashes, on one line.
pub(super) fn pinned_python(context: &Context, sdk: &str) -> Result<String> {
    let text = std::fs::read_to_string(context.root.join("tests/sdk").join(format!("{sdk}.txt")))?;
    let from = text
        .find(&format!("{sdk}=="))
        .with_context(|| format!("{sdk}.txt does not pin {sdk}"))?;
    let block: Vec<&str> = text
        .get(from..)
        .unwrap_or_default()
        .lines()
        .scan(true, |more, line| take_block(more, line))
        .collect();
    Ok(block.join(" ").replace("--hash=", ""))
}

/// A pinned requirement goes on as long as its lines end with a backslash.
fn take_block<'a>(more: &mut bool, line: &'a str) -> Option<&'a str> {
    if !*more {
        return None;
    }
    *more = line.ends_with('\\');
    Some(line.trim_end_matches('\\').trim())
}

pub(super) fn pinned_node(context: &Context, package: &str) -> Result<String> {
    let lock = crate::demo::read_json(&context.root.join("tests/package-lock.json"))?;
    let entry = &lock["packages"][format!("node_modules/{package}")];
    let (Some(version), Some(hash)) = (entry["version"].as_str(), entry["integrity"].as_str())
    else {
        bail!("tests/package-lock.json does not pin {package}");
    };
    Ok(format!("{package}=={version} {hash}"))
}

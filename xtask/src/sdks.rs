//! Other people's SDKs, unmodified and pinned with their hashes, against our sandbox.
//!
//! Each is configured from `sandbox.json` alone. One of them always connects to port 80, whatever
//! its address says, so the sandbox is started on port 80 of a loopback address of its own.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::command::{Tool, find};
use crate::context::Context;
use crate::demo::wait_for;
use crate::machine;
use crate::plan::{Tally, say};

/// Loopback addresses tried for port 80; the first is unlikely to be anybody else's.
const HOSTS: &[&str] = &["127.0.0.86", "127.0.0.1"];
const PYTHON_SDKS: &[(&str, &str)] = &[
    ("python-alipay-sdk", "python_alipay_sdk.py"),
    ("alipay-sdk-python", "alipay_sdk_python.py"),
];

/// The step.
pub(crate) fn run(context: &mut Context) -> Result<Tally> {
    let node = install_node_packages(context)?;
    let mut pythons = Vec::new();
    for (sdk, script) in PYTHON_SDKS {
        pythons.push((*sdk, *script, install_python_sdk(context, sdk)?));
    }
    let sandbox = RunningSandbox::start(context)?;
    let mut tally = Tally::default();
    for (sdk, script, python) in pythons {
        let pinned = pinned_python(context, sdk)?;
        let tool = Tool::new(python)
            .arg("-B")
            .arg(context.root.join("tests/sdk").join(script));
        tally.add(checked(context, sdk, &pinned, tool.arg(&sandbox.file))?);
    }
    let pinned = pinned_node(context, "alipay-sdk")?;
    let tool = Tool::new("node")
        .arg(node.join("sdk/alipay_sdk.mjs"))
        .arg(&sandbox.file);
    tally.add(checked(context, "alipay-sdk", &pinned, tool)?);
    Ok(tally)
}

/// Runs a script that prints `ok …` or `not ok …` for each check.
pub(crate) fn checked(context: &Context, name: &str, head: &str, tool: Tool) -> Result<Tally> {
    let log = context.log(name);
    // Nothing on this machine may stand between a client and a loopback address.
    let (ok, text) = tool
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .run_to_end(&log)?;
    let held = text.lines().filter(|line| line.starts_with("ok ")).count();
    let mut tally = Tally {
        passed: u64::try_from(held)?,
        ..Tally::default()
    };
    let mut failed: Vec<String> = text
        .lines()
        .filter(|line| line.starts_with("not ok "))
        .map(str::to_owned)
        .collect();
    if failed.is_empty() && (!ok || held == 0) {
        failed.push(format!(
            "the script broke:\n{}",
            crate::command::tail(&text, 40)
        ));
    }
    tally.failed = u64::try_from(failed.len())?;
    tally.notes.push(format!(
        "{head}: {held} checks held, {} did not",
        failed.len()
    ));
    tally.notes.append(&mut failed);
    Ok(tally)
}

/// Installs what `tests/package-lock.json` pins, beside a copy of the scripts that import it.
pub(crate) fn install_node_packages(context: &Context) -> Result<PathBuf> {
    let node = context.out.join("node");
    std::fs::create_dir_all(&node)?;
    let tests = context.root.join("tests");
    let lock = std::fs::read(tests.join("package-lock.json"))?;
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(tests.join(file), node.join(file))?;
    }
    for folder in ["sdk", "browser"] {
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
            .is_some_and(|ending| ending == "mjs")
        {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// A virtual environment of its own for each SDK: two of them call their package `alipay`.
fn install_python_sdk(context: &Context, sdk: &str) -> Result<PathBuf> {
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
fn pinned_python(context: &Context, sdk: &str) -> Result<String> {
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

fn pinned_node(context: &Context, package: &str) -> Result<String> {
    let lock = crate::demo::read_json(&context.root.join("tests/package-lock.json"))?;
    let entry = &lock["packages"][format!("node_modules/{package}")];
    let (Some(version), Some(hash)) = (entry["version"].as_str(), entry["integrity"].as_str())
    else {
        bail!("tests/package-lock.json does not pin {package}");
    };
    Ok(format!("{package}=={version} {hash}"))
}

/// The sandbox alone, as a tester starts it.
struct RunningSandbox {
    child: Child,
    file: PathBuf,
}

impl RunningSandbox {
    fn start(context: &Context) -> Result<Self> {
        let data = context.fresh_folder("sdk-sandbox")?;
        let host = HOSTS.iter().find(|host| TcpListener::bind((**host, 80)).is_ok()).context(
            "nobody may listen on port 80 of a loopback address here, where one of the SDKs always connects; \
             run as root, or allow it: sysctl net.ipv4.ip_unprivileged_port_start=80",
        )?;
        let log = context.log("sdk-sandbox");
        let output = File::create(&log)?;
        let child = Tool::new(context.binary())
            .args(["sandbox", "--listen", &format!("{host}:80"), "--data"])
            .arg(&data)
            .into_command()
            .stdout(output.try_clone()?)
            .stderr(output)
            .stdin(Stdio::null())
            .spawn()
            .context("cannot start the sandbox")?;
        let mut sandbox = Self {
            child,
            file: data.join("sandbox/sandbox.json"),
        };
        wait_for(
            &mut sandbox.child,
            &format!("http://{host}/sandbox/openapi.json"),
            &log,
        )?;
        Ok(sandbox)
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

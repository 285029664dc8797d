//! The step: the guides' code in Python, Node and the shell against a running sandbox. What needs a
//! toolchain that the tests do not install is named.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use super::{blocks, shell};
use crate::command::{Tool, find};
use crate::context::Context;
use crate::demo::read_json;
use crate::http::Web;
use crate::plan::Tally;
use crate::sdks::{RunningSandbox, install_node_packages, install_python_sdk};

/// Guides whose code wants a compiler or packages that are not installed here.
const OTHERS: &[(&str, &str, &str)] = &[
    ("go", "go", "the module github.com/smartwalle/alipay/v3"),
    ("java", "javac", "the jar com.alipay.sdk:alipay-sdk-java"),
    ("php", "php", "the package alipaysdk/openapi"),
];

/// The step.
pub(crate) fn run(context: &Context) -> Result<Tally> {
    let folder = context.fresh_folder("guides")?;
    let node = install_node_packages(context)?;
    let mut tally = Tally::default();
    {
        let sandbox = RunningSandbox::start_in(context, &folder.join("tongbao-data"))?;
        tally.add(python(context, &folder, &sandbox)?);
        tally.add(javascript(context, &folder, &node, &sandbox)?);
    }
    let place = context.fresh_folder("guides-shell")?;
    let (pieces, lines) = shell::run(context, &place)?;
    tally.add(Tally::held().note(format!(
        "command-line.md: {pieces} piece and {lines} more lines ran; barcodes and bills want a person or a day, and were not run"
    )));
    for (guide, tool, package) in OTHERS {
        tally.notes.push(match find(tool) {
            None => format!("{guide}.md: not run: no {tool}"),
            Some(_) => format!("{guide}.md: not run: {tool} is here, {package} is not"),
        });
    }
    Ok(tally)
}

/// Each library's piece is a program of its own; the piece about notices goes on where the first
/// one ended.
fn python(context: &Context, folder: &Path, sandbox: &RunningSandbox) -> Result<Tally> {
    let guide = blocks::read(&context.root.join("docs/guide/python.md"))?;
    let [community, official, notice] = &*guide else {
        bail!("python.md has {} pieces of code, not three", guide.len());
    };
    let driver = std::fs::read_to_string(context.root.join("tests/guides/notice.py"))?;
    let mut tally = Tally::default();
    for (name, sdk, text, number) in [
        (
            "community",
            "python-alipay-sdk",
            community.text.clone(),
            "A1",
        ),
        ("official", "alipay-sdk-python", official.text.clone(), "A2"),
    ] {
        let said = run_python(context, folder, sdk, name, &text)?;
        buyer_pays(sandbox, number, shell::last_line(&said))?;
        tally.add(Tally::held().note(format!("python.md: {sdk} made a link, and it was paid")));
    }
    let text = format!("{}\n{}\n{driver}", community.text, notice.text);
    let said = run_python(context, folder, "python-alipay-sdk", "notice", &text)?;
    if shell::last_line(&said) != "success, then failure" {
        bail!("python.md: the piece about notices answered wrongly:\n{said}");
    }
    tally.add(Tally::held().note("python.md: a notice was believed, a changed one was not"));
    Ok(tally)
}

fn run_python(
    context: &Context,
    folder: &Path,
    sdk: &str,
    name: &str,
    text: &str,
) -> Result<String> {
    let script = folder.join(format!("{name}.py"));
    std::fs::write(&script, text)?;
    Tool::new(install_python_sdk(context, sdk)?)
        .arg("-B")
        .arg(&script)
        .env("PYTHONIOENCODING", "utf-8")
        .in_folder(folder)
        .run(&context.log(&format!("guide-python-{name}")))
}

/// The script stands beside the installed packages, where Node looks for them.
fn javascript(
    context: &Context,
    folder: &Path,
    node: &Path,
    sandbox: &RunningSandbox,
) -> Result<Tally> {
    let guide = blocks::read(&context.root.join("docs/guide/node.md"))?;
    let code = guide.iter().find(|block| block.language == "js");
    let code = code.context("node.md has no piece of code")?;
    let script = node.join("guide.mjs");
    std::fs::write(&script, &code.text)?;
    let said = Tool::new("node")
        .arg(&script)
        .in_folder(folder)
        .run(&context.log("guide-node"))?;
    buyer_pays(sandbox, "A3", shell::last_line(&said))?;
    Ok(Tally::held().note("node.md: alipay-sdk made a link, and it was paid"))
}

/// A link that the sandbox opens was signed rightly, over what was meant.
fn buyer_pays(sandbox: &RunningSandbox, number: &str, link: &str) -> Result<()> {
    let file = read_json(&sandbox.file)?;
    let origin = shell::text(&file, "console_url").trim_end_matches('/');
    let url = format!("{origin}/sandbox/v1/trades/{number}/pay");
    let paid = Web::new().post(&url, None, &json!({ "url": link }))?;
    let paid = paid
        .good()
        .with_context(|| format!("the guide's link of {number}: {link}"))?;
    if paid["trade_status"] != "TRADE_SUCCESS" {
        bail!("the guide's order {number} was not paid: {paid}");
    }
    Ok(())
}

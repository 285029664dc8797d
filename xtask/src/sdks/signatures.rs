//! The step: other people's SDKs and ours sign the same parameters.
//!
//! The cases are drawn by a seed into a file that every side reads; the key is made for this run.

use anyhow::Result;

use crate::command::Tool;
use crate::context::Context;
use crate::plan::Tally;

use super::checked::checked;
use super::install::{
    PYTHON_SDKS, install_node_packages, install_python_sdk, pinned_node, pinned_python,
};

/// Each SDK of the table signs, then this crate compares.
pub(crate) fn run(context: &Context) -> Result<Tally> {
    let node = install_node_packages(context)?;
    let mut pythons = Vec::new();
    for (sdk, script) in PYTHON_SDKS {
        pythons.push((*sdk, *script, install_python_sdk(context, sdk)?));
    }
    build_table(context)?;
    let folder = context.fresh_folder("signatures")?;
    let cases = folder.join("cases.json");
    let seed = context.options.seed.to_string();
    table(context)
        .args(["cases", "--seed", &seed, "--out"])
        .arg(&cases)
        .run(&context.log("signatures-cases"))?;
    let mut check = table(context).args(["check", "--cases"]).arg(&cases);
    let mut heads = vec![format!("seed {seed}")];
    for (sdk, script, python) in pythons {
        let answers = folder.join(format!("{sdk}.json"));
        let script = context
            .root
            .join("tests/sdk")
            .join(format!("sign_{script}"));
        Tool::new(python)
            .arg("-B")
            .arg(script)
            .arg(&cases)
            .arg(&answers)
            .run(&context.log(&format!("signatures-{sdk}")))?;
        check = check.arg(format!("{sdk}={}", answers.display()));
        heads.push(pinned_python(context, sdk)?);
    }
    let answers = folder.join("alipay-sdk.json");
    Tool::new("node")
        .arg(node.join("sdk/sign_alipay_sdk.mjs"))
        .arg(&cases)
        .arg(&answers)
        .run(&context.log("signatures-alipay-sdk"))?;
    check = check.arg(format!("alipay-sdk={}", answers.display()));
    heads.push(pinned_node(context, "alipay-sdk")?);
    let mut tally = checked(context, "signatures", "The table of signatures", check)?;
    tally
        .notes
        .splice(0..0, heads.into_iter().map(|head| format!("    {head}")));
    Ok(tally)
}

/// The program that draws the cases and compares the answers.
fn table(context: &Context) -> Tool {
    Tool::new(context.target.join("debug").join("examples").join(TABLE)).in_folder(&context.root)
}

/// Builds it with the features of the whole workspace, as the tests do, so that it is built once.
fn build_table(context: &Context) -> Result<()> {
    context
        .cargo()
        .args(["build", "--locked", "--workspace", "--example", TABLE])
        .in_folder(&context.root)
        .run(&context.log("signatures-build"))
        .map(drop)
}

const TABLE: &str = "sign_table";

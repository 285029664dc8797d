//! The step: each SDK against a running sandbox.
//!
//! Each is configured from `sandbox.json` alone.

use anyhow::Result;

use crate::command::Tool;
use crate::context::Context;
use crate::plan::Tally;

use super::checked::checked;
use super::install::{
    PYTHON_SDKS, install_node_packages, install_python_sdk, pinned_node, pinned_python,
};
use super::sandbox::RunningSandbox;

/// The step.
pub(crate) fn run(context: &Context) -> Result<Tally> {
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

//! The SDKs as the measurements need them: installed, and named with version and hash.

use std::path::PathBuf;

use anyhow::Result;

use super::install::{
    PYTHON_SDKS, install_node_packages, install_python_sdk, pinned_node, pinned_python,
};
use crate::context::Context;
use crate::plan::say;

/// Where the SDKs are.
pub(crate) struct Installed {
    /// A virtual environment for each Python SDK, by its name.
    pub(crate) venvs: PathBuf,
    /// `node_modules`, and the scripts that import from it.
    pub(crate) node: PathBuf,
}

/// Installs what the measurements compare with, and says which versions these are.
pub(crate) fn install_for_speed(context: &Context) -> Result<Installed> {
    let node = install_node_packages(context)?;
    for (sdk, _) in PYTHON_SDKS {
        install_python_sdk(context, sdk)?;
        say(&format!("    {}", pinned_python(context, sdk)?));
    }
    say(&format!("    {}", pinned_node(context, "alipay-sdk")?));
    Ok(Installed {
        venvs: context.out.join("venv"),
        node,
    })
}

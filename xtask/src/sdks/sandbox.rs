//! A sandbox on port 80 of a loopback address of its own: one of the SDKs always connects there,
//! whatever its address says.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context as _, Result};

use crate::command::Tool;
use crate::context::Context;
use crate::demo::wait_for;

/// Loopback addresses tried for port 80; the first is unlikely to be anybody else's.
const HOSTS: &[&str] = &["127.0.0.86", "127.0.0.1"];

/// The sandbox alone, as a tester starts it.
pub(crate) struct RunningSandbox {
    child: Child,
    /// Its `sandbox.json`.
    pub(crate) file: PathBuf,
}

impl RunningSandbox {
    /// Starts it, and waits until it answers.
    pub(super) fn start(context: &Context) -> Result<Self> {
        let data = context.fresh_folder("sdk-sandbox")?;
        Self::start_in(context, &data)
    }

    /// The same with its data in that folder.
    pub(crate) fn start_in(context: &Context, data: &Path) -> Result<Self> {
        let host = HOSTS.iter().find(|host| TcpListener::bind((**host, 80)).is_ok()).context(
            "nobody may listen on port 80 of a loopback address here, where one of the SDKs always connects; \
             run as root, or allow it: sysctl net.ipv4.ip_unprivileged_port_start=80",
        )?;
        let log = context.log("sdk-sandbox");
        let output = File::create(&log)?;
        let child = Tool::new(context.binary())
            .args(["sandbox", "--listen", &format!("{host}:80"), "--data"])
            .arg(data)
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

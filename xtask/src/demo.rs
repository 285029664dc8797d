//! The command under test: started on free ports, waited for, killed or stopped.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::command::{Tool, tail};
use crate::http::Web;
use crate::postgres::pause;

const READY_LIMIT: Duration = Duration::from_mins(1);
/// The promise: Ctrl-C stops within 5 s.
pub(crate) const STOP_LIMIT: Duration = Duration::from_secs(5);

/// The demo uses ports up to base + 9.
const PORTS: u16 = 10;
/// Below the ports that a system hands out to clients, so that nobody sits on ours meanwhile.
const FIRST_PORT: u16 = 20_000;
const LAST_PORT: u16 = 32_000;

/// How a demo is started, again and again.
#[derive(Clone, Debug)]
pub(crate) struct DemoSpec {
    /// The built command.
    pub(crate) binary: PathBuf,
    /// The data folder.
    pub(crate) data: PathBuf,
    /// The first port.
    pub(crate) port_base: u16,
    /// A PostgreSQL, or the embedded SQLite.
    pub(crate) database: Option<String>,
    /// Where it writes what it prints.
    pub(crate) log: PathBuf,
}

/// A running demo.
pub(crate) struct Demo {
    child: Child,
    /// The merchant service's address, without a slash at the end.
    pub(crate) merchant: String,
    /// The course shop's address.
    pub(crate) courses: String,
    /// The sandbox's address.
    pub(crate) sandbox: String,
    data: PathBuf,
}

impl Demo {
    /// Starts it and waits until it says that it is ready.
    pub(crate) fn start(spec: &DemoSpec) -> Result<Self> {
        let base = spec.port_base;
        let mut tool = Tool::new(&spec.binary)
            .arg("demo")
            .arg("--data")
            .arg(&spec.data);
        tool = tool.args(["--port-base", &base.to_string()]);
        if let Some(url) = &spec.database {
            tool = tool.args(["--database", url]);
        }
        let log = File::options().create(true).append(true).open(&spec.log)?;
        let child = tool
            .into_command()
            .stdout(log.try_clone()?)
            .stderr(log)
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", spec.binary.display()))?;
        let address = |offset: u16| format!("http://127.0.0.1:{}", base.saturating_add(offset));
        let mut demo = Self {
            child,
            merchant: address(0),
            courses: address(1),
            sandbox: address(9),
            data: spec.data.clone(),
        };
        let url = format!("{}/readyz", demo.merchant);
        wait_for(&mut demo.child, &url, &spec.log)?;
        Ok(demo)
    }

    /// What the merchant service wrote for its clients.
    pub(crate) fn merchant_file(&self) -> Result<Value> {
        read_json(&self.data.join("merchant.json"))
    }

    /// SIGKILL: it gets no chance to tidy up.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ctrl-C; hands back how long it took to stop.
    pub(crate) fn stop(mut self) -> Result<Duration> {
        let began = Instant::now();
        Tool::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .read()?;
        while began.elapsed() < STOP_LIMIT {
            if self.child.try_wait()?.is_some() {
                return Ok(began.elapsed());
            }
            pause(Duration::from_millis(10));
        }
        bail!(
            "the demo did not stop within {} s of Ctrl-C",
            STOP_LIMIT.as_secs()
        )
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Already gone after kill() and stop(); a second kill of a waited child is refused by std.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Waits until the address answers 200, as long as the program lives.
pub(crate) fn wait_for(child: &mut Child, url: &str, log: &Path) -> Result<()> {
    let web = Web::new();
    let began = Instant::now();
    while began.elapsed() < READY_LIMIT {
        if let Some(status) = child.try_wait()? {
            let text = std::fs::read_to_string(log).unwrap_or_default();
            bail!(
                "the program ended at its start ({status}):\n{}",
                tail(&text, 40)
            );
        }
        if web.get(url, None).is_ok_and(|answer| answer.status == 200) {
            return Ok(());
        }
        pause(Duration::from_millis(20));
    }
    bail!(
        "{url} did not answer 200 within {} s",
        READY_LIMIT.as_secs()
    )
}

/// The first port of a row that is free; `turn` lets several runs look in different places.
pub(crate) fn free_port_base(turn: u64) -> Result<u16> {
    let places = (LAST_PORT - FIRST_PORT) / PORTS;
    let start = u16::try_from(turn % u64::from(places))?;
    for step in 0..places {
        let base = FIRST_PORT + ((start + step) % places) * PORTS;
        let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if (base..base + PORTS).all(free) {
            return Ok(base);
        }
    }
    bail!("no row of {PORTS} free ports between {FIRST_PORT} and {LAST_PORT}")
}

/// Reads a JSON file that the command wrote.
pub(crate) fn read_json(path: &Path) -> Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("{} is missing", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

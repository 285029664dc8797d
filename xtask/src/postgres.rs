//! A PostgreSQL of the run's own: a fresh cluster on a free port, gone at the end.
//!
//! `initdb` refuses root, so as root the server runs as the user `postgres` (or `nobody`), in a
//! folder that this user owns. The system's own cluster is never touched. On Linux the server is
//! told to stop when this process dies, however it dies.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::command::{Tool, find, tail};
use crate::context::Context;
use crate::machine;
use crate::plan::Tally;

const START_LIMIT: Duration = Duration::from_mins(1);
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// A running server.
pub(crate) struct Postgres {
    child: Child,
    port: u16,
    bin: PathBuf,
    // Removed when the server has stopped.
    _folder: TempDir,
}

/// The step: a server for tests, which a power cut may cost everything.
pub(crate) fn start(context: &Context) -> Result<Tally> {
    start_with(context, false)
}

/// The step: a server that keeps what it acknowledged.
pub(crate) fn start_durable(context: &Context) -> Result<Tally> {
    start_with(context, true)
}

fn start_with(context: &Context, durable: bool) -> Result<Tally> {
    let server = Postgres::start(&context.log("postgres"), durable)?;
    let note = format!("{} on port {}", server.version()?, server.port);
    if context.postgres.set(server).is_err() {
        bail!("a test server is running already");
    }
    Ok(Tally::held().note(note))
}

impl Postgres {
    fn start(log: &Path, durable: bool) -> Result<Self> {
        let bin = machine::postgres_bin()
            .context("initdb was not found: install PostgreSQL 14 or newer")?;
        let user = unprivileged_user()?;
        let folder = tempfile::Builder::new().prefix("tongbao-pg-").tempdir()?;
        if let Some(user) = &user {
            Tool::new("chown").arg(user).arg(folder.path()).read()?;
        }
        let data = folder.path().join("data");
        as_user(user.as_deref(), &bin.join("initdb"))
            .arg("-D")
            .arg(&data)
            .args([
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ])
            .in_folder(folder.path())
            .run(log)?;
        let port = free_port()?;
        let mut tool = as_user(user.as_deref(), &bin.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k");
        tool = tool.arg(folder.path()).args(["-p", &port.to_string()]);
        tool = tool.args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "max_connections=300",
        ]);
        tool = tool.args(["-c", "shared_buffers=256MB"]);
        if !durable {
            tool = tool.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
        }
        let file = File::create(log)?;
        let child = tool
            .in_folder(folder.path())
            .into_command()
            .stdout(file.try_clone()?)
            .stderr(file)
            .stdin(Stdio::null())
            .spawn()
            .context("cannot start the PostgreSQL server")?;
        let mut server = Self {
            child,
            port,
            bin,
            _folder: folder,
        };
        server.wait_until_ready(log)?;
        Ok(server)
    }

    /// Where the tests find the server.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The folder of the server's programs, `pgbench` among them.
    pub(crate) fn bin(&self) -> &Path {
        &self.bin
    }

    /// Makes an empty database and says where it is.
    pub(crate) fn new_database(&self, name: &str) -> Result<String> {
        self.sql(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        self.sql(&format!("CREATE DATABASE {name}"))?;
        Ok(format!(
            "postgres://postgres@127.0.0.1:{}/{name}",
            self.port
        ))
    }

    fn sql(&self, statement: &str) -> Result<String> {
        Tool::new(self.bin.join("psql"))
            .arg(self.url())
            .args(["-XqAt", "-c", statement])
            .read()
    }

    fn version(&self) -> Result<String> {
        let text = Tool::new(self.bin.join("postgres"))
            .arg("--version")
            .read()?;
        Ok(text.trim().to_owned())
    }

    fn wait_until_ready(&mut self, log: &Path) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < START_LIMIT {
            if let Some(status) = self.child.try_wait()? {
                let text = std::fs::read_to_string(log).unwrap_or_default();
                bail!(
                    "the PostgreSQL server ended at once ({status}):\n{}",
                    tail(&text, 20)
                );
            }
            if self.sql("SELECT 1").is_ok() {
                return Ok(());
            }
            pause(Duration::from_millis(100));
        }
        bail!(
            "the PostgreSQL server did not answer within {} s",
            START_LIMIT.as_secs()
        )
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing is left behind.
        let told = Tool::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .read();
        let began = Instant::now();
        while told.is_ok() && began.elapsed() < STOP_LIMIT {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            pause(Duration::from_millis(50));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Waits for something outside that cannot tell us.
#[expect(
    clippy::disallowed_methods,
    reason = "other programs are polled; nothing of ours waits so"
)]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// A port that nobody listens on at this moment.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Whom the server runs as, when we are root.
fn unprivileged_user() -> Result<Option<String>> {
    if !machine::is_root()? {
        return Ok(None);
    }
    let known = |user: &str| Tool::new("id").arg(user).read().is_ok();
    let user = ["postgres", "nobody"].into_iter().find(|user| known(user));
    Ok(Some(
        user.context("neither the user `postgres` nor `nobody` exists")?
            .to_owned(),
    ))
}

/// A program run as that user; on Linux it is stopped when we die.
fn as_user(user: Option<&str>, program: &Path) -> Tool {
    if find("setpriv").is_none() {
        return match user {
            Some(user) => Tool::new("runuser").args(["-u", user, "--"]).arg(program),
            None => Tool::new(program),
        };
    }
    let tool = Tool::new("setpriv").args(["--pdeathsig", "INT"]);
    let tool = match user {
        Some(user) => tool.args(["--reuid", user, "--regid", group_of(user), "--clear-groups"]),
        None => tool,
    };
    tool.arg(program)
}

fn group_of(user: &str) -> &str {
    if user == "nobody" { "nogroup" } else { user }
}

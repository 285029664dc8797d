//! The promises about starting: the time until the first answer, and the memory of doing nothing.
//!
//! The programs are started as a person does, in a folder of their own, twice: the first start
//! makes keys and databases, the second finds them.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::report::grouped;
use crate::say;

/// Ports that the demo takes.
const DEMO_PORTS: u16 = 10;
/// Where free ones are looked for, below those that the system hands out.
const FIRST_PORT: u16 = 21_000;
const LAST_PORT: u16 = 31_000;
/// Second starts, of which the median counts.
const SECOND_STARTS: usize = 3;
const LIMIT: Duration = Duration::from_mins(1);

/// One promise about a start.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    what: String,
    measured: u64,
    at_most: u64,
    unit: &'static str,
}

impl Bound {
    /// What was measured, beside what it may be at most.
    pub(crate) fn new(what: String, measured: u64, at_most: u64, unit: &'static str) -> Self {
        Self {
            what,
            measured,
            at_most,
            unit,
        }
    }

    /// Is it good enough?
    pub(crate) fn holds(&self) -> bool {
        self.measured <= self.at_most
    }

    /// As a row of a Markdown table.
    pub(crate) fn row(&self) -> String {
        format!(
            "| {} | **{} {unit}** | {} {unit} |",
            self.what,
            grouped(self.measured),
            grouped(self.at_most),
            unit = self.unit
        )
    }
}

/// The head of the table.
pub(crate) const HEAD: &str = "| what | measured | at most |\n|---|---|---|";

/// Starts the sandbox and the demo of this build of the command.
pub(crate) fn rows(binary: &Path) -> Result<Vec<Bound>> {
    let mut rows = Vec::new();
    for program in ["sandbox", "demo"] {
        say(&format!("  starting tongbao {program} …"));
        rows.extend(starts(binary, program)?);
    }
    Ok(rows)
}

fn starts(binary: &Path, program: &str) -> Result<Vec<Bound>> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let (first, running) = start(binary, program, &data)?;
    running.stop()?;
    let mut seconds = Vec::new();
    let mut memory_kib = 0;
    for turn in 1..=SECOND_STARTS {
        let (took, running) = start(binary, program, &data)?;
        seconds.push(took);
        if turn == SECOND_STARTS {
            // Nobody has asked anything since; what a start needs for a moment is given back by then.
            pause(IDLE_AFTER);
            memory_kib = running.resident_kib()?;
        }
        running.stop()?;
    }
    seconds.sort_unstable();
    let second = seconds.get(seconds.len() / 2).copied().unwrap_or_default();
    let bound = |what: &str, measured, at_most, unit| {
        Bound::new(
            format!("tongbao {program}: {what}"),
            measured,
            at_most,
            unit,
        )
    };
    Ok(vec![
        bound(
            "first start, keys and seeds made, to its first answer",
            first,
            3_000,
            "ms",
        ),
        bound("second start to its first answer", second, 200, "ms"),
        bound("resident memory, idle", memory_kib / 1_024, 60, "MiB"),
    ])
}

/// A program that was asked nothing for so long is idle. Its allocator gives memory back in turns of
/// its own, which come with the regular work of a process that waits.
pub(crate) const IDLE_AFTER: Duration = Duration::from_secs(15);

/// A started program.
pub(crate) struct Running {
    child: Child,
}

/// Starts a program, and hands back how many milliseconds it took to its first answer.
fn start(binary: &Path, program: &str, data: &Path) -> Result<(u64, Running)> {
    let base = free_ports()?;
    let log = data.with_extension("log");
    let output = File::create(&log)?;
    let mut command = Command::new(binary);
    command.arg(program).arg("--data").arg(data);
    let path = if program == "demo" {
        command.args(["--port-base", &base.to_string()]);
        "/readyz"
    } else {
        command.args(["--listen", &format!("127.0.0.1:{base}")]);
        "/sandbox/openapi.json"
    };
    let began = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let mut running = Running { child };
    while began.elapsed() < LIMIT {
        if answers(base, path) {
            let took = u64::try_from(began.elapsed().as_millis())?;
            return Ok((took, running));
        }
        if let Some(status) = running.child.try_wait()? {
            let words = std::fs::read_to_string(&log).unwrap_or_default();
            bail!("tongbao {program} ended at its start ({status}): {words}");
        }
        pause(Duration::from_millis(2));
    }
    bail!(
        "tongbao {program} did not answer within {} s",
        LIMIT.as_secs()
    )
}

/// Starts the sandbox for other measurements; hands back its address.
pub(crate) fn sandbox(binary: &Path, data: &Path, base: u16) -> Result<Running> {
    let log = data.with_extension("log");
    let output = File::create(&log)?;
    let child = Command::new(binary)
        .args([
            "sandbox",
            "--listen",
            &format!("127.0.0.1:{base}"),
            "--data",
        ])
        .arg(data)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let mut running = Running { child };
    let began = Instant::now();
    // Its file is written last.
    while !data.join("sandbox/sandbox.json").is_file() || !answers(base, "/sandbox/openapi.json") {
        if running.child.try_wait()?.is_some() || began.elapsed() > LIMIT {
            let words = std::fs::read_to_string(&log).unwrap_or_default();
            bail!("the sandbox does not start: {words}");
        }
        pause(Duration::from_millis(10));
    }
    Ok(running)
}

impl Running {
    pub(crate) fn resident_kib(&self) -> Result<u64> {
        let file = format!("/proc/{}/status", self.child.id());
        let text = std::fs::read_to_string(file).context("memory is measured on Linux")?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        number
            .context("the system does not tell the resident memory")?
            .parse()
            .context("an odd VmRSS")
    }

    pub(crate) fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status()?;
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            if began.elapsed() > LIMIT {
                bail!("it does not stop");
            }
            pause(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A child that has ended already is refused by std, which is just as well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Whether it answers this path with 200.
fn answers(port: u16, path: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    let mut head = [0; 12];
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_exact(&mut head).is_ok()
        && head.ends_with(b" 200")
}

/// The first of so many free ports in a row.
pub(crate) fn free_ports() -> Result<u16> {
    let mut base = FIRST_PORT;
    while base < LAST_PORT {
        let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if (base..base + DEMO_PORTS).all(free) {
            return Ok(base);
        }
        base += DEMO_PORTS;
    }
    bail!("there are no {DEMO_PORTS} free ports in a row")
}

#[expect(
    clippy::disallowed_methods,
    reason = "another process is watched from outside; there is nothing to wait on"
)]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

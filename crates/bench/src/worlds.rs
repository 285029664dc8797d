//! Many worlds in one sandbox: what each costs to make, to open again and to keep.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::say;
use crate::starts::{self, Bound, IDLE_AFTER, pause};

/// As many as a sandbox takes.
const WORLDS: u64 = 64;

/// Makes them, stops, and starts again with all of them there.
pub(crate) fn rows(binary: &Path) -> Result<Vec<Bound>> {
    say(&format!("  {WORLDS} worlds in one sandbox …"));
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    starts::sandbox(binary, &data, starts::free_ports()?)?.stop()?;

    let base = starts::free_ports()?;
    let (alone_ms, running) = started(binary, &data, base)?;
    let began = Instant::now();
    for number in 0..WORLDS {
        make(base, &format!("w{number}")).with_context(|| format!("world {number}"))?;
    }
    let made_ms = u64::try_from(began.elapsed().as_millis())?;
    running.stop()?;

    let base = starts::free_ports()?;
    let (all_ms, running) = started(binary, &data, base)?;
    pause(IDLE_AFTER);
    let idle_mib = running.resident_kib()? / 1_024;
    running.stop()?;
    let bound = |what: &str, measured, at_most, unit| {
        Bound::new(format!("tongbao sandbox: {what}"), measured, at_most, unit)
    };
    Ok(vec![
        bound(
            "making a world, keys and all",
            made_ms / WORLDS,
            1_000,
            "ms",
        ),
        bound(
            &format!("what each of {WORLDS} worlds adds to a start"),
            all_ms.saturating_sub(alone_ms) / WORLDS,
            60,
            "ms",
        ),
        bound(
            &format!("resident memory with {WORLDS} worlds, idle"),
            idle_mib,
            400,
            "MiB",
        ),
    ])
}

/// Starts it, and says how many milliseconds that took.
fn started(binary: &Path, data: &Path, base: u16) -> Result<(u64, starts::Running)> {
    let began = Instant::now();
    let running = starts::sandbox(binary, data, base)?;
    Ok((u64::try_from(began.elapsed().as_millis())?, running))
}

fn make(port: u16, name: &str) -> Result<()> {
    let body = format!("{{\"name\":\"{name}\"}}");
    let request = format!(
        "POST /sandbox/v1/worlds HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if !answer.starts_with("HTTP/1.1 201") {
        bail!("it was not made: {answer}");
    }
    Ok(())
}

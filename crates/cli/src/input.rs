//! What commands read: an argument, or stdin when it is `-` or missing, or a file that was named.
//!
//! An argument is never taken for a file's name: a signed message can look like anything.

use anyhow::{Context as _, bail};
use std::io::Read;
use std::path::Path;

/// A message is a few kilobytes; a megabyte is somebody piping the wrong thing.
const MAX_BYTES: u64 = 1024 * 1024;

/// The bytes of the message, without the line end that an editor or `echo` adds.
///
/// # Errors
/// When stdin cannot be read, holds too much, or nothing.
pub(crate) fn message(argument: Option<&str>) -> anyhow::Result<Vec<u8>> {
    let bytes = match argument {
        Some(text) if text != "-" => text.as_bytes().to_vec(),
        _ => up_to_the_limit(std::io::stdin().lock()).context("stdin cannot be read")?,
    };
    checked(bytes)
}

/// The same from a file.
///
/// # Errors
/// When it cannot be read, holds too much, or nothing.
pub(crate) fn file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("`{shown}` cannot be opened"))?;
    let bytes = up_to_the_limit(file).with_context(|| format!("`{shown}` cannot be read"))?;
    checked(bytes).with_context(|| format!("`{shown}` cannot be used"))
}

fn up_to_the_limit(reader: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn checked(mut bytes: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    if u64::try_from(bytes.len()).is_ok_and(|len| len > MAX_BYTES) {
        bail!("the message is longer than 1 MiB; give one request, notice or answer at a time");
    }
    while bytes
        .last()
        .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
    {
        bytes.pop();
    }
    if bytes.is_empty() {
        bail!("there is no message; write it as an argument or pipe it in");
    }
    Ok(bytes)
}

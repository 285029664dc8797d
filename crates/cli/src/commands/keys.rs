//! `tongbao keys`: key pairs in every form, and what a given file really is.

use crate::args::{KeyForm, KeysCommand};
use crate::exit::Failure;
use crate::printer;
use alipay::keys::{KeyError, PrivateKey, PublicKey, inspect};
use anyhow::{Context as _, bail};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::path::Path;

/// What Alipay asks of RSA2.
const BITS: u32 = 2048;
/// No key file is larger; a larger one is something else.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Does what was typed.
pub(crate) fn run(command: KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::New { out } => Ok(new(&out)?),
        KeysCommand::Inspect { file, json } => show(&file, json),
        KeysCommand::Convert { to, file } => Ok(convert(to, &file)?),
    }
}

/// Reads a key file as text, whatever bytes are around the key.
///
/// # Errors
/// When it cannot be read or is no key file by its size.
pub(crate) fn read(file: &Path) -> anyhow::Result<String> {
    let bytes = read_bytes(file)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read_bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let name = file.display();
    let handle = std::fs::File::open(file).with_context(|| format!("`{name}` cannot be opened"))?;
    let mut bytes = Vec::new();
    // Counted while reading: pipes and devices have no size beforehand.
    let mut limited = handle.take(MAX_FILE_BYTES + 1);
    limited
        .read_to_end(&mut bytes)
        .with_context(|| format!("`{name}` cannot be read"))?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size > MAX_FILE_BYTES) {
        bail!("`{name}` is longer than {MAX_FILE_BYTES} bytes; no key is");
    }
    Ok(bytes)
}

/// Reads the application's private key.
///
/// # Errors
/// When the file is none; says what it is instead.
pub(crate) fn private(file: &Path) -> anyhow::Result<PrivateKey> {
    PrivateKey::parse(&read(file)?).with_context(|| format!("`{}` cannot be used", file.display()))
}

/// Reads a public key.
///
/// # Errors
/// When the file is none; says what it is instead.
pub(crate) fn public(file: &Path) -> anyhow::Result<PublicKey> {
    PublicKey::parse(&read(file)?).with_context(|| format!("`{}` cannot be used", file.display()))
}

fn new(out: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(out).with_context(|| format!("`{}` cannot be made", out.display()))?;
    let key = PrivateKey::generate(BITS)?;
    let public = key.public_key();
    let files = [
        ("app_private_key.pem", key.to_pkcs1_pem().to_string(), 0o600),
        (
            "app_private_key_pkcs8.pem",
            key.to_pkcs8_pem().to_string(),
            0o600,
        ),
        ("app_private_key.txt", key.to_base64().to_string(), 0o600),
        ("app_public_key.pem", public.to_pem(), 0o644),
        ("app_public_key.txt", public.to_base64(), 0o644),
    ];
    if let Some((name, ..)) = files.iter().find(|(name, ..)| out.join(name).exists()) {
        bail!(
            "`{}` is there already; nothing was written",
            out.join(name).display()
        );
    }
    for (name, text, mode) in &files {
        write_new(&out.join(name), text, *mode)?;
        printer::data(out.join(name).display());
    }
    printer::say(
        "app_private_key.pem (PKCS#1) is for Python, Node, Go and PHP; app_private_key_pkcs8.pem for Java.",
    );
    printer::say(
        "Paste app_public_key.txt into Alipay's console. Keep the private key to yourself.",
    );
    Ok(())
}

fn write_new(file: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(mode);
    }
    #[cfg(not(unix))]
    let _ = mode;
    options
        .open(file)
        .and_then(|mut handle| handle.write_all(text.as_bytes()))
        .with_context(|| format!("`{}` cannot be written", file.display()))
}

fn show(file: &Path, as_json: bool) -> Result<(), Failure> {
    let found = match inspect(&read_bytes(file)?) {
        Ok(found) => found,
        Err(error) => return Err(Failure::Refused(error.into())),
    };
    let short = found.is_short();
    let lies = found.label_lies();
    if as_json {
        printer::json(&json!({
            "kind": found.kind.as_str(),
            "private": found.kind.is_private(),
            "bits": found.bits,
            "label": found.label,
            "label_lies": lies,
            "too_short": short,
        }));
        return Ok(());
    }
    let bits = found
        .bits
        .map(|bits| format!(", {bits} bits"))
        .unwrap_or_default();
    printer::data(format!("{}: {}{bits}", file.display(), found.kind));
    if let Some(label) = found.label.as_ref().filter(|_| lies) {
        printer::say(format!(
            "Its first line says `{label}`, which is not what it is."
        ));
    }
    if short {
        printer::say("It is too short for RSA2, which needs 2048 bits.");
    }
    if found.kind.is_private() {
        printer::say(
            "It is private: never hand it to anybody, nor paste it where a public key belongs.",
        );
    }
    Ok(())
}

fn convert(to: KeyForm, file: &Path) -> anyhow::Result<()> {
    let text = read(file)?;
    let cannot = || format!("`{}` cannot be converted", file.display());
    match PrivateKey::parse(&text) {
        Ok(key) => printer::data(
            match to {
                KeyForm::Pkcs1 => key.to_pkcs1_pem(),
                KeyForm::Pkcs8 => key.to_pkcs8_pem(),
                KeyForm::Base64 => key.to_base64(),
            }
            .trim_end(),
        ),
        Err(KeyError::PublicWherePrivate(_)) => {
            let key = PublicKey::parse(&text).with_context(cannot)?;
            match to {
                KeyForm::Pkcs1 => printer::data(key.to_pkcs1_pem().trim_end()),
                KeyForm::Pkcs8 => printer::data(key.to_pem().trim_end()),
                KeyForm::Base64 => printer::data(key.to_base64()),
            }
        }
        Err(error) => return Err(error).with_context(cannot),
    }
    Ok(())
}

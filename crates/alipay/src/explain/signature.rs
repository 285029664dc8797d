//! A signature as it was pasted, and what may have happened to it.

use super::Cause;
use crate::{form, keys::PublicKey};
use base64::{Engine, engine::general_purpose::STANDARD};

/// The bytes of a signature, repaired where needed, and what was repaired.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Signature {
    pub(super) bytes: Vec<u8>,
    pub(super) causes: Vec<Cause>,
}

/// Reads a signature, repairing what is known to happen to it.
pub(super) fn read(text: &str, key: &PublicKey) -> Result<Signature, Cause> {
    let mut causes = Vec::new();
    let mut text = text.to_owned();
    if text.contains('%') {
        text = form::unescape_leniently(&text);
        causes.push(Cause::SignatureNotDecoded);
    }
    if text.contains("\\/") {
        // The slash of JSON, when the signature was cut out of an answer by hand.
        text = text.replace("\\/", "/");
    }
    let text = text.trim();
    let mut text = text.replace(['\n', '\r', '\t'], "");
    if text.contains(' ') {
        text = text.replace(' ', "+");
        causes.push(Cause::PlusBecameSpace);
    }
    let expected = usize::try_from(key.bits().div_ceil(8)).unwrap_or(usize::MAX);
    let bytes = match STANDARD.decode(&text) {
        Ok(bytes) => bytes,
        // Characters that all belong to base64, but not a whole number of groups.
        Err(_) if text.bytes().all(is_base64) => {
            let bytes = text.trim_end_matches('=').len() * 3 / 4;
            return Err(Cause::SignatureCutOff { bytes, expected });
        }
        Err(_) => return Err(Cause::SignatureNotBase64),
    };
    if bytes.len() != expected {
        let bytes = bytes.len();
        return Err(if is_whole(bytes) {
            Cause::KeySizeDiffers {
                signed_bits: bytes * 8,
                key_bits: key.bits(),
            }
        } else {
            Cause::SignatureCutOff { bytes, expected }
        });
    }
    Ok(Signature { bytes, causes })
}

/// Sizes that keys have: 1024 bits of old applications, 2048, 3072, 4096.
const fn is_whole(bytes: usize) -> bool {
    matches!(bytes, 128 | 256 | 384 | 512)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

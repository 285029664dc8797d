//! No private key is kept: in armour or bare, on one line or on many, with its line ends escaped as
//! JSON and code have them, or as base64 of the armour.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::report::SourceFile;

/// Cut texts decode too.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// An armour's first words; what stands between them and `PRIVATE KEY` names the algorithm.
const ARMOUR: &str = "-----BEGIN ";
/// The same in base64: an armour that was encoded once more.
const ARMOUR_IN_BASE64: &str = "LS0tLS1CRUdJTi";
/// The shortest private key, of Ed25519, has 48 bytes.
const FEWEST_CHARS: usize = 64;
/// A key of 8192 bits has 6,300 characters.
const MOST_CHARS: usize = 8_192;
/// In armour whatever is so long is taken for a key, encrypted or not.
const ARMOURED_CHARS: usize = 60;

/// Keys are made where they are used. There are no exceptions: what Alipay documents as examples are
/// public halves.
pub(super) fn key_material(files: &[SourceFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        for (at, what) in found(&file.text) {
            let before = file.text.get(..at).unwrap_or_default();
            complaints.push(file.complain(before.lines().count().max(1), what));
        }
    }
    complaints
}

/// Where private keys begin, and in which form.
fn found(text: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(ARMOUR) {
        let label = text.get(at + ARMOUR.len()..).unwrap_or_default();
        let Some((label, below)) = label.split_once("-----") else {
            continue;
        };
        let is_private = label.ends_with("PRIVATE KEY") && label.len() < 40;
        // An older armour tells below its label how it is encrypted, and what follows is long.
        let is_old = below
            .trim_start_matches(['\\', 'n', 'r', '\r', '\n'])
            .starts_with("Proc-Type");
        if is_private && (is_old || gathered(below).len() >= ARMOURED_CHARS) {
            found.push((at, "a private key in armour"));
        }
    }
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        // What stands before an equals sign is a name.
        let begins = last == '=' || !is_base64(last) || ends_an_escape(text, at);
        last = c;
        if c != 'M' && c != 'L' || !begins {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let chars = gathered(rest);
        if chars.len() < FEWEST_CHARS {
            continue;
        }
        if c == 'L' {
            if chars.starts_with(ARMOUR_IN_BASE64) && decoded(&chars).is_some_and(|d| names_one(&d))
            {
                found.push((at, "a private key in armour, in base64 once more"));
            }
        } else if decoded(&chars).is_some_and(|der| is_private_key(&der)) {
            found.push((at, "a private key in base64"));
        }
    }
    found
}

/// Whether the characters before are `\n` or `\r` of a text in quotes, not base64.
fn ends_an_escape(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.ends_with("\\n") || before.ends_with("\\r")
}

/// The base64 at the beginning of a text, over line ends, written or escaped, and over the quotes,
/// commas and signs that join lines in code.
fn gathered(text: &str) -> String {
    let mut chars = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if chars.len() >= MOST_CHARS {
            break;
        }
        if let Some(after) = ["\\n", "\\r"]
            .iter()
            .find_map(|mark| rest.strip_prefix(mark))
        {
            rest = after;
            continue;
        }
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        // A plus between quotes joins lines; elsewhere it is a character of the key.
        let joins = c == '+' && after.starts_with([' ', '\n']);
        if is_base64(c) && !joins {
            chars.push(c);
        } else if !joins
            && !matches!(c, '"' | '\'' | ',' | '\\' | '#' | '*' | '>' | '|')
            && !c.is_whitespace()
        {
            break;
        }
        rest = after;
    }
    chars
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

fn decoded(chars: &str) -> Option<Vec<u8>> {
    let end = chars.find('=').unwrap_or(chars.len());
    let whole = chars.get(..end - end % 4)?;
    // What stands after a key may be gathered with it, and may be no base64 at all.
    LENIENT.decode(whole).ok()
}

fn names_one(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains("PRIVATE KEY-----")
}

/// PKCS#1, SEC 1 or PKCS#8: a sequence that begins with a small version; a public key and a
/// certificate begin with something else. Most of it must be there: half a key is a key.
fn is_private_key(bytes: &[u8]) -> bool {
    let Some((0x30, content, missing)) = element(bytes) else {
        return false;
    };
    let Some((0x02, [0 | 1], _)) = element(content) else {
        return false;
    };
    let after = content.get(3..).unwrap_or_default();
    let Some((tag, next, _)) = element(after) else {
        return false;
    };
    let fits = match tag {
        // The modulus.
        0x02 => next.len() >= 64,
        // The curve's number.
        0x04 => next.len() >= 28,
        // The algorithm, an object's number first.
        0x30 => matches!(element(next), Some((0x06, _, _))),
        _ => false,
    };
    fits && missing <= bytes.len() / 3
}

/// A DER element at the beginning: its tag, as much of its content as is there, and how many bytes
/// of it are not.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], usize)> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0x00..=0x7f => (usize::from(*first), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => {
            let high = usize::from(*rest.first()?);
            let low = usize::from(*rest.get(1)?);
            (high * 256 + low, rest.get(2..)?)
        }
        _ => return None,
    };
    let there = length.min(rest.len());
    Some((*tag, rest.get(..there)?, length - there))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn file(path: &str, text: &str) -> Vec<SourceFile> {
        vec![SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }]
    }

    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let mut bytes = vec![tag];
        match length {
            0..=0x7f => bytes.push(u8::try_from(length).expect("short")),
            0x80..=0xff => bytes.extend([0x81, u8::try_from(length).expect("a byte")]),
            _ => {
                bytes.push(0x82);
                bytes.extend(u16::try_from(length).expect("two bytes").to_be_bytes());
            }
        }
        bytes.extend(content);
        bytes
    }

    fn number(bytes: usize) -> Vec<u8> {
        let content: Vec<u8> = (0..bytes)
            .map(|n| u8::try_from(n % 97 + 20).expect("small"))
            .collect();
        der(0x02, &content)
    }

    /// The shape of a key; nobody's key.
    fn pkcs1() -> Vec<u8> {
        let parts = [
            der(0x02, &[0]),
            number(257),
            number(3),
            number(256),
            number(129),
            number(129),
            number(128),
            number(128),
            number(128),
        ];
        der(0x30, &parts.concat())
    }

    fn pkcs8() -> Vec<u8> {
        let rsa = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
        let algorithm = der(0x30, &[der(0x06, &rsa), der(0x05, &[])].concat());
        let parts = [der(0x02, &[0]), algorithm, der(0x04, &pkcs1())];
        der(0x30, &parts.concat())
    }

    fn public() -> Vec<u8> {
        let key = der(0x30, &[number(257), number(3)].concat());
        let rsa = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
        let algorithm = der(0x30, &[der(0x06, &rsa), der(0x05, &[])].concat());
        der(
            0x30,
            &[algorithm, der(0x03, &[vec![0], key].concat())].concat(),
        )
    }

    fn wrapped(text: &str, end: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let lines = chars.chunks(64).map(|line| line.iter().collect::<String>());
        lines.collect::<Vec<_>>().join(end)
    }

    fn armoured(label: &str, bytes: &[u8], end: &str) -> String {
        let body = wrapped(&STANDARD.encode(bytes), end);
        format!("-----BEGIN {label}-----{end}{body}{end}-----END {label}-----")
    }

    #[test]
    fn a_planted_key_is_found_in_every_text() {
        for key in [pkcs1(), pkcs8()] {
            let bare = STANDARD.encode(&key);
            assert!(bare.starts_with("MIIE"), "{}", &bare[..8]);
            let pem = armoured("PRIVATE KEY", &key, "\n");
            let cut = &bare[..bare.len() - bare.len() / 5];
            for (path, text) in [
                ("a.pem", pem.clone()),
                (
                    "a.json",
                    format!(
                        "{{\"key\":\"{}\"}}",
                        armoured("RSA PRIVATE KEY", &key, "\\n")
                    ),
                ),
                (
                    "a.json",
                    format!(
                        "{{\"key\":\"{}\"}}",
                        armoured("PRIVATE KEY", &key, "\\r\\n")
                    ),
                ),
                ("a.json", format!("{{\"private_key\":\"{bare}\"}}")),
                ("a.json", format!("{{\"lines\":\"first\\n{bare}\"}}")),
                ("a.toml", format!("key = \"{bare}\"")),
                ("a.txt", bare.clone()),
                ("a.txt", wrapped(&bare, "\n")),
                ("a.py", format!("KEY = ('{}')", wrapped(&bare, "'\n    '"))),
                (
                    "A.java",
                    format!("String K = \"{}\";", wrapped(&bare, "\" +\n    \"")),
                ),
                ("a.yml", format!("key: |\n  {}", wrapped(&bare, "\n  "))),
                ("a.md", format!("> {}", wrapped(&bare, "\n> "))),
                ("a.env", format!("KEY={}", STANDARD.encode(&pem))),
                ("Cargo.lock", format!("checksum = \"{bare}\"")),
                ("cut.txt", cut.to_owned()),
            ] {
                let found = key_material(&file(path, &text));
                assert!(
                    !found.is_empty(),
                    "{path}: {}",
                    text.chars().take(120).collect::<String>()
                );
            }
        }
    }

    #[test]
    fn the_line_is_named() {
        let text = format!("one\ntwo\nkey = \"{}\"\n", STANDARD.encode(pkcs1()));
        let found = key_material(&file("a.toml", &text));
        assert_eq!(found, ["a.toml:3: a private key in base64"]);
    }

    #[test]
    fn what_is_public_may_stand() {
        let bare = STANDARD.encode(public());
        assert!(bare.starts_with("MIIB"), "{bare}");
        let certificate = der(0x30, &[der(0x30, &number(300)), number(256)].concat());
        for text in [
            bare.clone(),
            armoured("PUBLIC KEY", &public(), "\n"),
            armoured("CERTIFICATE", &certificate, "\\n"),
            "-----BEGIN PRIVATE KEY----- is how it begins".to_owned(),
            "MIIEvQIBADANBgkq… is a PKCS#8 key, MIIEow… a PKCS#1 one".to_owned(),
            STANDARD.encode(armoured("PUBLIC KEY", &public(), "\n")),
            format!("sha512-{}", STANDARD.encode([7_u8; 64])),
            "M".repeat(500),
        ] {
            let found = key_material(&file("a.txt", &text));
            assert_eq!(found, Vec::<String>::new(), "{text}");
        }
    }
}

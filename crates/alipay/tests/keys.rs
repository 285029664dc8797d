//! Keys as people paste them, each read for what it is.

use alipay::keys::{KeyError, KeyKind, PrivateKey, PublicKey, inspect};
use std::process::Command;
use std::sync::LazyLock;

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));

/// Every way in which a bare base64 text may arrive.
fn disguises(base64: &str, label: &str) -> Vec<String> {
    let lines = |width: usize, end: &str| {
        base64
            .as_bytes()
            .chunks(width)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect::<Vec<_>>()
            .join(end)
    };
    let armoured = |label: &str, body: &str, end: &str| {
        format!("-----BEGIN {label}-----{end}{body}{end}-----END {label}-----{end}")
    };
    vec![
        base64.to_owned(),
        format!("  {base64}\n\n"),
        format!("\u{feff}{base64}"),
        format!("\"{base64}\""),
        base64.trim_end_matches('=').to_owned(),
        lines(64, "\n"),
        lines(76, "\r\n"),
        lines(40, " "),
        lines(64, "\\n"),
        armoured(label, base64, "\n"),
        armoured(label, &lines(64, "\n"), "\n"),
        armoured(label, &lines(64, "\r\n"), "\r\n"),
        armoured(label, &lines(64, "\\n"), "\\n"),
        armoured(label, base64, ""),
        armoured(label, &lines(64, "\n  "), "\n  "),
        format!("\u{feff}{}", armoured(label, &lines(64, "\r\n"), "\r\n")),
        armoured("rsa2 PRIVATE KEY", &lines(64, "\n"), "\n"),
        armoured("PRIVATE KEY", &lines(64, "\n"), "\n"),
        armoured("RSA PRIVATE KEY", &lines(64, "\n"), "\n"),
        armoured("PUBLIC KEY", &lines(64, "\n"), "\n"),
        armoured("RSA PUBLIC KEY", &lines(64, "\n"), "\n"),
        armoured("CERTIFICATE", &lines(64, "\n"), "\n"),
        armoured(label, base64, "\n").replace("-----", "----"),
        armoured(label, base64, "\n")
            .replace("BEGIN", "begin")
            .replace("END ", "end "),
        format!("-----BEGIN {label}-----\n{base64}"),
        base64.replace('+', "-").replace('/', "_"),
    ]
}

fn pkcs1_public_base64(key: &PublicKey) -> String {
    // SPKI of a 2048-bit key is a header of 24 bytes before the PKCS#1 key.
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(&key.as_der()[24..])
}

#[test]
fn a_private_key_is_read_in_every_disguise() {
    for (base64, label) in [
        (KEY.to_base64_pkcs1(), "RSA PRIVATE KEY"),
        (KEY.to_base64(), "PRIVATE KEY"),
    ] {
        for text in disguises(&base64, label) {
            let read = PrivateKey::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(read.public_key(), KEY.public_key());
            let refused = PublicKey::parse(&text).expect_err("private in a public slot");
            assert!(matches!(refused, KeyError::PrivateWherePublic(kind) if kind.is_private()));
        }
    }
}

#[test]
fn a_public_key_is_read_in_every_disguise() {
    for (base64, label) in [
        (KEY.public_key().to_base64(), "PUBLIC KEY"),
        (pkcs1_public_base64(KEY.public_key()), "RSA PUBLIC KEY"),
    ] {
        for text in disguises(&base64, label) {
            let read = PublicKey::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(&read, KEY.public_key());
            let refused = PrivateKey::parse(&text).expect_err("public in a private slot");
            assert!(matches!(refused, KeyError::PublicWherePrivate(kind) if kind.is_public()));
        }
    }
}

#[test]
fn every_form_converts_into_every_other() {
    for text in [
        KEY.to_pkcs1_pem().to_string(),
        KEY.to_pkcs8_pem().to_string(),
        KEY.to_base64().to_string(),
    ] {
        let read = PrivateKey::parse(&text).expect("a key");
        assert_eq!(*read.to_pkcs1_pem(), *KEY.to_pkcs1_pem());
        assert_eq!(*read.to_pkcs8_pem(), *KEY.to_pkcs8_pem());
    }
    let public = KEY.public_key();
    assert_eq!(PublicKey::parse(&public.to_pem()).as_ref(), Ok(public));
    assert!(
        KEY.to_pkcs1_pem()
            .starts_with("-----BEGIN RSA PRIVATE KEY-----\nMII")
    );
    assert!(
        KEY.to_pkcs8_pem()
            .ends_with("\n-----END PRIVATE KEY-----\n")
    );
    assert!(public.to_pem().lines().all(|line| line.len() <= 64));
}

#[test]
fn a_file_with_both_keys_serves_both_slots() {
    let both = format!(
        "{}{}",
        KEY.public_key().to_pem(),
        KEY.to_pkcs1_pem().as_str()
    );
    assert_eq!(PublicKey::parse(&both).as_ref(), Ok(KEY.public_key()));
    assert!(
        PrivateKey::parse(&both)
            .expect("a key")
            .pairs_with(KEY.public_key())
    );
}

#[test]
fn inspect_says_what_a_file_is_and_whether_its_label_lies() {
    let found = |text: &str| inspect(text.as_bytes()).expect("something known");
    let pkcs1 = found(&KEY.to_pkcs1_pem());
    assert_eq!(
        (pkcs1.kind, pkcs1.bits),
        (KeyKind::Pkcs1Private, Some(2048))
    );
    assert!(!pkcs1.label_lies() && !pkcs1.is_short());
    assert_eq!(found(&KEY.to_base64()).kind, KeyKind::Pkcs8Private);
    assert_eq!(found(&KEY.public_key().to_pem()).kind, KeyKind::SpkiPublic);
    assert_eq!(
        inspect(KEY.public_key().as_der()).expect("DER").kind,
        KeyKind::SpkiPublic
    );
    let swapped = found(&KEY.public_key().to_pem().replace("PUBLIC", "PRIVATE"));
    assert!(swapped.kind.is_public() && swapped.label_lies());

    assert_eq!(found(MADE.certificate.as_str()).kind, KeyKind::Certificate);
    let refused = KeyError::Certificate(KeyKind::Certificate);
    assert_eq!(
        PublicKey::parse(MADE.certificate.as_str()),
        Err(refused.clone())
    );
    assert_eq!(
        PrivateKey::parse(MADE.certificate.as_str()).err(),
        Some(refused)
    );
    assert_eq!(
        found(MADE.request.as_str()).kind,
        KeyKind::CertificateRequest
    );

    let short = found(MADE.short_key.as_str());
    assert_eq!(
        (short.kind, short.bits),
        (KeyKind::Pkcs8Private, Some(1024))
    );
    assert!(short.is_short());
    assert_eq!(
        PrivateKey::parse(MADE.short_key.as_str()).err(),
        Some(KeyError::TooShort { bits: 1024 })
    );

    assert_eq!(found(MADE.ec_key.as_str()).kind, KeyKind::OtherPrivate);
    assert_eq!(
        PrivateKey::parse(MADE.ec_key.as_str()).err(),
        Some(KeyError::NotRsa)
    );
    assert_eq!(
        found(MADE.encrypted.as_str()).kind,
        KeyKind::EncryptedPrivate
    );
    assert_eq!(
        PrivateKey::parse(MADE.encrypted.as_str()).err(),
        Some(KeyError::Encrypted)
    );
    assert_eq!(
        found(MADE.old_encrypted.as_str()).kind,
        KeyKind::EncryptedPrivate
    );
    assert_eq!(
        PrivateKey::parse(MADE.old_encrypted.as_str()).err(),
        Some(KeyError::Encrypted)
    );
}

#[test]
fn a_damaged_key_is_refused_and_nothing_of_a_key_is_shown() {
    let base64 = KEY.to_base64();
    assert_eq!(
        PrivateKey::parse(&base64[..800]).err(),
        Some(KeyError::NotAKey)
    );
    assert_eq!(
        PrivateKey::parse(&base64[..801]).err(),
        Some(KeyError::CutOff)
    );
    assert_eq!(PrivateKey::parse("aGVsbG8=").err(), Some(KeyError::NotAKey));
    let mut spoiled = base64.to_string();
    spoiled.replace_range(1000..1004, "AAAA");
    assert_eq!(
        PrivateKey::parse(&spoiled).err(),
        Some(KeyError::Inconsistent)
    );

    let shown = format!("{:?}", *KEY);
    assert_eq!(shown, "PrivateKey(2048 bits, redacted)");
    let error = PublicKey::parse(&base64).expect_err("private").to_string();
    assert!(error.contains("private key") && !error.contains(&base64[40..60]));
}

/// What is no RSA key of ours, made by OpenSSL as people make it: no key is ever kept in a file.
struct Made {
    certificate: String,
    request: String,
    short_key: String,
    ec_key: String,
    encrypted: String,
    old_encrypted: String,
}

static MADE: LazyLock<Made> = LazyLock::new(|| Made {
    certificate: openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=test -days 1",
    ),
    request: openssl("req -new -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=test"),
    short_key: openssl("genrsa 1024"),
    ec_key: openssl("ecparam -name prime256v1 -genkey -noout"),
    encrypted: openssl(
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes-128-cbc -pass pass:test",
    ),
    old_encrypted: openssl("genrsa -traditional -aes128 -passout pass:test 2048"),
});

fn openssl(arguments: &str) -> String {
    let made = Command::new("openssl")
        .args(arguments.split(' '))
        .output()
        .expect("the tests of keys need the openssl command");
    assert!(
        made.status.success(),
        "{arguments}: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    String::from_utf8(made.stdout).expect("PEM is text")
}

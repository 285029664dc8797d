//! The SDK by hand: the binary itself, its three exit codes, data on stdout and words on stderr.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a run left behind.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn tongbao(args: &[&str], stdin: &str) -> Ran {
    run(args, stdin.as_bytes())
}

fn run(args: &[&str], stdin: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tongbao"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // A command that does not read its input may have ended already.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin);
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("the binary ends");
    Ran {
        code: status.code().expect("it was not killed"),
        out: String::from_utf8(stdout).expect("UTF-8"),
        err: String::from_utf8(stderr).expect("UTF-8"),
    }
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("UTF-8").to_owned()
}

/// A folder with a key pair in it, made by the command.
fn keys() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = tongbao(
        &[
            "keys",
            "new",
            "--out",
            folder.path().to_str().expect("UTF-8"),
        ],
        "",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 5);
    folder
}

#[test]
fn new_keys_are_private_never_overwritten_and_known_for_what_they_are() {
    let folder = keys();
    let private = path(folder.path(), "app_private_key.pem");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&private)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = tongbao(
        &[
            "keys",
            "new",
            "--out",
            folder.path().to_str().expect("UTF-8"),
        ],
        "",
    );
    assert_eq!(again.code, 2);
    assert!(again.err.contains("nothing was written"), "{}", again.err);

    for (file, kind) in [
        ("app_private_key.pem", "pkcs1-private"),
        ("app_private_key_pkcs8.pem", "pkcs8-private"),
        ("app_private_key.txt", "pkcs8-private"),
        ("app_public_key.pem", "spki-public"),
        ("app_public_key.txt", "spki-public"),
    ] {
        let ran = tongbao(
            &["keys", "inspect", "--json", &path(folder.path(), file)],
            "",
        );
        let found: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        assert_eq!(
            (ran.code, &found["kind"]),
            (0, &kind.into()),
            "{file}: {}",
            ran.out
        );
        assert_eq!(found["bits"], 2048);
    }
}

#[test]
fn a_lying_label_is_named_and_no_key_is_refused() {
    let folder = keys();
    let public = std::fs::read_to_string(folder.path().join("app_public_key.txt")).expect("there");
    let lying = path(folder.path(), "lying.pem");
    let text =
        format!("-----BEGIN RSA PRIVATE KEY-----\r\n{public}\r\n-----END RSA PRIVATE KEY-----");
    std::fs::write(&lying, text).expect("written");
    let ran = tongbao(&["keys", "inspect", &lying], "");
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.contains("public key") && ran.err.contains("not what it is"),
        "{}{}",
        ran.out,
        ran.err
    );

    let nothing = path(folder.path(), "nothing.pem");
    std::fs::write(&nothing, "hello").expect("written");
    assert_eq!(tongbao(&["keys", "inspect", &nothing], "").code, 1);
    assert_eq!(
        tongbao(&["keys", "inspect", &path(folder.path(), "missing")], "").code,
        2
    );
}

#[test]
fn every_form_converts_into_every_other_and_back() {
    let folder = keys();
    let pkcs1 = std::fs::read_to_string(folder.path().join("app_private_key.pem")).expect("there");
    for via in ["pkcs1", "pkcs8", "base64"] {
        let first = tongbao(
            &[
                "keys",
                "convert",
                "--to",
                via,
                &path(folder.path(), "app_private_key.pem"),
            ],
            "",
        );
        assert_eq!(first.code, 0, "{}", first.err);
        let file = path(folder.path(), "converted");
        std::fs::write(&file, &first.out).expect("written");
        let back = tongbao(&["keys", "convert", "--to", "pkcs1", &file], "");
        assert_eq!(back.out.trim_end(), pkcs1.trim_end(), "by way of {via}");
    }
    let public = tongbao(
        &[
            "keys",
            "convert",
            "--to",
            "pkcs1",
            &path(folder.path(), "app_public_key.pem"),
        ],
        "",
    );
    assert!(
        public.out.starts_with("-----BEGIN RSA PUBLIC KEY-----"),
        "{}",
        public.out
    );
}

#[test]
fn what_is_signed_verifies_as_the_gateway_would_and_nothing_else_does() {
    let folder = keys();
    let private = path(folder.path(), "app_private_key.pem");
    let public = path(folder.path(), "app_public_key.pem");
    let json = r#"{"app_id":"2021000000000001","method":"alipay.trade.page.pay","charset":"utf-8","sign_type":"RSA2",
        "timestamp":"2026-08-21 09:30:00","version":"1.0","notify_url":"","sign":"old",
        "biz_content":{"out_trade_no":"T1","total_amount":"39.00","subject":"Rust 课程 & more"}}"#;
    let signature = tongbao(&["sign", "--app-private-key", &private], json);
    assert_eq!(signature.code, 0, "{}", signature.err);
    assert_eq!(signature.out.trim_end().len(), 344);

    let link = tongbao(
        &[
            "sign",
            "--app-private-key",
            &private,
            "--url",
            "https://x.example/gateway.do",
            "-",
        ],
        json,
    );
    let link = link.out.trim_end().to_owned();
    assert!(link.starts_with("https://x.example/gateway.do?"));
    assert!(!link.contains("notify_url"), "empties are dropped");
    // The same parameters as a link give the same signature.
    let from_link = tongbao(&["sign", "--app-private-key", &private, &link], "");
    assert_eq!(from_link.out, signature.out);

    let good = tongbao(&["verify", "--app-public-key", &public, &link], "");
    assert_eq!(good.code, 0, "{}", good.err);
    let fields: serde_json::Value = serde_json::from_str(&good.out).expect("JSON");
    assert_eq!(fields["app_id"], "2021000000000001");
    let spoiled = link.replace("39.00", "0.01");
    let bad = tongbao(&["verify", "--app-public-key", &public, &spoiled], "");
    assert_eq!((bad.code, bad.out.as_str()), (1, ""));
    assert!(bad.err.contains("does not hold"), "{}", bad.err);
    // An argument that looks like a file is still a message.
    let not_a_file = tongbao(&["verify", "--app-public-key", &public, &private], "");
    assert_ne!(not_a_file.code, 0);
}

#[test]
fn the_return_that_alipay_signed_in_2022_verifies() {
    let text = include_str!("../../alipay/tests/data/tutorial.json");
    let vector: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let key = path(folder.path(), "alipay.txt");
    std::fs::write(&key, vector["alipay_public_key"].as_str().expect("text")).expect("written");
    let query = vector["query"].as_str().expect("text");
    for message in [
        query.to_owned(),
        format!("https://shop.example/order/success/?{query}"),
    ] {
        let ran = tongbao(&["verify", "--alipay-public-key", &key], &message);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains("without sign_type"), "{}", ran.err);
        let fields: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        assert_eq!(fields["out_trade_no"], "ffb82dd39bf043808c311b4ae983d9ec");
        assert_eq!(fields["total_amount"], "39.00");
    }
    let damaged = query.replace("&timestamp=", "×tamp=");
    assert_eq!(
        tongbao(&["verify", "--alipay-public-key", &key], &damaged).code,
        1
    );
    let unsigned = "out_trade_no=1&total_amount=39.00";
    let ran = tongbao(&["verify", "--alipay-public-key", &key, unsigned], "");
    assert!(ran.code == 1 && ran.err.contains("no sign"), "{}", ran.err);
}

#[test]
fn what_cannot_be_read_does_not_verify() {
    let folder = keys();
    let public = path(folder.path(), "app_public_key.pem");
    for message in [
        "sign=x&a=%zz",
        "sign=x&a=1&a=2",
        "sign=x&a=%D6%D0",
        "{\"a_response\":",
        "hello",
    ] {
        for key in ["--alipay-public-key", "--app-public-key"] {
            let ran = tongbao(&["verify", key, &public], message);
            assert_eq!(
                (ran.code, ran.out.as_str()),
                (1, ""),
                "{message}: {}",
                ran.err
            );
        }
    }
    assert_eq!(
        tongbao(&["verify", "--alipay-public-key", &public], "").code,
        2
    );
}

#[test]
fn an_answer_verifies_in_utf_8_and_in_gbk() {
    use alipay::{Charset, canonical, response, sign::SignType};
    let folder = keys();
    let file = folder.path().join("app_private_key.pem");
    let key = std::fs::read_to_string(file).expect("there");
    let key = alipay::keys::PrivateKey::parse(&key).expect("a key");
    let public = path(folder.path(), "app_public_key.pem");
    let node = r#"{"code":"10000","msg":"Success","subject":"课程"}"#;
    for charset in [Charset::Utf8, Charset::Gbk] {
        let sign = canonical::sign_node(node, &key, SignType::Rsa2, charset).expect("signed");
        let name = "alipay_trade_query_response";
        let body = response::write_envelope(name, node, None, Some(&sign));
        let bytes = charset.encode(&body).expect("it has the texts");
        let ran = run(&["verify", "--alipay-public-key", &public], &bytes);
        assert_eq!(ran.code, 0, "{charset}: {}", ran.err);
        let fields: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        assert_eq!(fields["subject"], "课程");
        let changed = body.replace("10000", "10001");
        let bytes = charset.encode(&changed).expect("it has the texts");
        let ran = run(&["verify", "--alipay-public-key", &public], &bytes);
        assert_eq!(ran.code, 1);
    }
}

#[test]
fn wrong_use_ends_with_two_and_says_what_to_do() {
    let folder = keys();
    let private = path(folder.path(), "app_private_key.pem");
    let public = path(folder.path(), "app_public_key.pem");
    for (args, says) in [
        (
            vec!["sign", "--app-private-key", &public, "a=1"],
            "public key",
        ),
        (
            vec!["sign", "--app-private-key", &private, "a="],
            "nothing to sign",
        ),
        (
            vec!["sign", "--app-private-key", &private, "a=%zz"],
            "percent",
        ),
        (
            vec!["sign", "--app-private-key", &private, "a=1&a=2"],
            "twice",
        ),
        (
            vec!["sign", "--app-private-key", &private, "a=1&sign_type=MD5"],
            "MD5",
        ),
        (
            vec!["verify", "--alipay-public-key", &private, "a=1&sign=x"],
            "private key",
        ),
        (vec!["verify", "a=1"], "required"),
        (vec!["serve", "--config", "/nowhere.toml"], "cannot be used"),
        (vec!["frobnicate"], "unrecognized"),
    ] {
        let ran = tongbao(&args, "");
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{args:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{args:?}");
    }
    let empty = tongbao(&["sign", "--app-private-key", &private], "");
    assert!(
        empty.code == 2 && empty.err.contains("no message"),
        "{}",
        empty.err
    );
}

#[test]
fn the_doctor_names_the_cause_in_words_and_in_json() {
    let text = include_str!("../../alipay/tests/data/tutorial.json");
    let vector: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let key = path(folder.path(), "alipay.txt");
    std::fs::write(&key, vector["alipay_public_key"].as_str().expect("text")).expect("written");
    let query = vector["query"].as_str().expect("text");
    let ask = |message: &str| {
        tongbao(
            &["explain", "--json", "--alipay-public-key", &key, message],
            "",
        )
    };

    let good = ask(query);
    let found: serde_json::Value = serde_json::from_str(&good.out).expect("JSON");
    assert_eq!(
        (good.code, &found["verifies"], &found["cause"]),
        (0, &true.into(), &serde_json::Value::Null)
    );
    assert!(
        found["signed_text"]
            .as_str()
            .expect("text")
            .starts_with("app_id=2021000120612450&")
    );

    for (message, cause) in [
        (query.replace("&timestamp=", "×tamp="), "html-decoded"),
        (format!("{query}&lang=zh"), "extra-parameters"),
        (query.replace("39.00", "0.01"), "content-changed"),
    ] {
        let ran = ask(&message);
        let found: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        assert_eq!(
            (ran.code, &found["cause"]),
            (1, &cause.into()),
            "{}",
            ran.out
        );
        assert!(!found["fix"].as_str().expect("text").is_empty());
    }
    let words = tongbao(
        &[
            "explain",
            "--alipay-public-key",
            &key,
            &format!("{query}&lang=zh"),
        ],
        "",
    );
    assert!(
        words.code == 1 && words.out.contains("mend:"),
        "{}",
        words.out
    );
}

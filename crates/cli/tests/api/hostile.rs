//! What shells do to programs: readers that leave, full disks, bytes that are no text, endless files.

use crate::bill::{HEAD, zip};
use crate::support::{Gateway, Line, command, path, run, tongbao};
use std::fmt::Write as _;
use std::io::Read as _;
use std::process::Stdio;

/// A bill that fills every pipe.
fn large(folder: &std::path::Path) -> String {
    let mut text = HEAD.to_owned();
    for number in 0..20_000 {
        let _ = write!(
            text,
            "{number}\t,C{number}\t,交易,Rust 入门,2026-08-20 10:00:00,2026-08-20 10:00:12,,,,,x\t,88.80,88.80,,-0.53,\t\r\n"
        );
    }
    text.push_str("#结束\r\n");
    let file = path(folder, "large.zip");
    std::fs::write(&file, zip(&[("业务明细.csv", &text)])).expect("written");
    file
}

#[test]
fn a_reader_that_leaves_ends_the_output_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = large(folder.path());
    for form in ["table", "csv", "jsonl"] {
        let mut child = command(["bill", "--file", &file, "--format", form])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut first = [0; 64];
        let mut stdout = child.stdout.take().expect("a pipe");
        stdout.read_exact(&mut first).expect("some bytes");
        drop(stdout);
        let mut err = String::new();
        child
            .stderr
            .take()
            .expect("a pipe")
            .read_to_string(&mut err)
            .expect("words");
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(0), "{form}: {err}");
        assert!(!err.contains("panicked"), "{form}: {err}");
    }
}

#[test]
fn every_line_of_a_large_bill_is_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = large(folder.path());
    let ran = tongbao(&["bill", "--file", &file, "--format", "jsonl"]).ended(0);
    assert_eq!(ran.out.lines().count(), 20_000);
    let table = tongbao(&["bill", "--file", &file]).ended(0);
    assert!(table.out.contains("C19999"));
    assert_eq!(
        table
            .out
            .lines()
            .filter(|line| line.contains("商户订单号"))
            .count(),
        100
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_no_success() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = large(folder.path());
    let keys = folder.path().join("keys");
    for args in [
        vec!["bill", "--file", &file, "--json"],
        vec!["keys", "new", "--out", keys.to_str().expect("UTF-8")],
    ] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("Linux has it");
        let output = command(&args)
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .expect("it ends");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {err}");
        assert!(err.contains("stdout cannot be written"), "{args:?}: {err}");
    }
}

#[cfg(unix)]
#[test]
fn arguments_and_variables_that_are_no_text_are_refused_in_words() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let odd = OsStr::from_bytes(b"\xff\xfe");
    for args in [
        vec![OsStr::new("query"), odd],
        vec![
            OsStr::new("sign"),
            OsStr::new("--app-private-key"),
            odd,
            OsStr::new("a=1"),
        ],
        vec![OsStr::new("bill"), OsStr::new("--file"), odd],
        vec![OsStr::new("call"), OsStr::new("alipay.trade.query"), odd],
        vec![odd],
    ] {
        let ran = run(command(&args), "").ended(2);
        assert!(
            !ran.err.contains("panicked") && !ran.err.is_empty(),
            "{args:?}: {}",
            ran.err
        );
    }
    let gateway = Gateway::with(|_| Vec::new());
    let mut command = command(["query", "1", "--app-id", "1", "--app-private-key", "k.pem"]);
    command.env("TONGBAO_GATEWAY", odd);
    run(command, "").ended(2).said(&["gateway"]);
    assert!(gateway.seen().is_empty());
}

#[cfg(unix)]
#[test]
fn endless_files_are_not_read_to_their_end() {
    for args in [
        &["keys", "inspect", "/dev/zero"][..],
        &["sign", "--app-private-key", "/dev/zero", "a=1"],
        &["query", "1", "--config", "/dev/zero"],
        &["query", "1", "--sandbox", "/dev/zero"],
        &["call", "alipay.trade.query", "--file", "/dev/zero"],
    ] {
        let ran = tongbao(args).ended(2);
        assert!(
            ran.err.contains("longer") || ran.err.contains("cannot be read"),
            "{args:?}: {}",
            ran.err
        );
    }
    let huge = "x".repeat(2 * 1024 * 1024);
    let ran = run(command(["call", "alipay.trade.query", "-"]), &huge).ended(2);
    assert!(ran.err.contains("1 MiB"), "{}", ran.err);
}

#[test]
fn what_a_stranger_answers_never_commands_the_terminal() {
    let odd = serde_json::json!({"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.X\u{1b}[31m", "sub_msg": "\u{1b}]0;title\u{7}"});
    let gateway = Gateway::with(|_| vec![Line::Answer("alipay.trade.query", odd)]);
    let ran = gateway.call(&["query", "1"]).ended(1);
    assert!(
        !ran.err.contains('\u{1b}') && !ran.err.contains('\u{7}'),
        "{:?}",
        ran.err
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_says_what_may_have_happened() {
    // A gateway that takes the call and never answers.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let gateway = Gateway::with(|_| Vec::new());
    let silent = format!(
        "http://{}/gateway.do",
        listener.local_addr().expect("an address")
    );
    let config = gateway.config();
    let mut child = command([
        "close",
        "1",
        "--json",
        "--gateway",
        &silent,
        "--config",
        config.to_str().expect("UTF-8"),
    ])
    .stdin(Stdio::null())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .expect("it starts");
    let (mut socket, _) = listener.accept().expect("it calls");
    // Once a byte has come, it waits for the answer and for signals.
    socket.read_exact(&mut [0]).expect("a byte");
    let pid = child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status();
    assert!(killed.expect("kill runs").success());
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(2));
    let mut out = String::new();
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_to_string(&mut out)
        .expect("words");
    let told: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (&told["outcome"], &told["why"]),
        (&"unknown".into(), &"stopped by Ctrl-C".into())
    );
}

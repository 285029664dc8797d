//! Running the binary, and gateways that know their lines.

use alipay::keys::PrivateKey;
use alipay::testing::signed_answer;
use serde_json::Value;
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// What was printed for a program.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|_| panic!("no JSON: {}{}", self.out, self.err))
    }

    /// It ended with this code.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }

    /// It said all of these on stderr.
    #[track_caller]
    pub(crate) fn said(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in: {}", self.err);
        }
        self
    }
}

/// The binary without anything of this machine's environment that it would read.
pub(crate) fn command<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tongbao"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TONGBAO_") {
            command.env_remove(name);
        }
    }
    command.args(args);
    command
}

pub(crate) fn run(mut command: Command, stdin: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // A command that does not read its input may have ended already.
    let _ = child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(stdin.as_bytes());
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

pub(crate) fn tongbao(args: &[&str]) -> Ran {
    run(command(args), "")
}

/// What a scripted gateway says next.
pub(crate) enum Line {
    /// This node, signed, to a call of this method.
    Answer(&'static str, Value),
    /// A file.
    File(Vec<u8>),
    /// Nothing: the connection ends.
    Nothing,
    /// Another status than 200.
    Status(u16),
}

/// A gateway that knows its lines, and the keys of an application that it believes.
pub(crate) struct Gateway {
    folder: tempfile::TempDir,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Gateway {
    /// Lines are given in their order; what names `{address}` in them is this gateway's.
    pub(crate) fn with(lines: impl FnOnce(&str) -> Vec<Line>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let (app, alipay) = (key(), key());
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("written");
        };
        write("app.pem", &app.to_pkcs8_pem());
        write("alipay.pem", &alipay.public_key().to_pem());
        let config = format!(
            "app_id = \"2021000000000001\"\ngateway_url = \"http://{address}/gateway.do\"\n\
             app_private_key = \"app.pem\"\nalipay_public_key = \"alipay.pem\"\n"
        );
        write("alipay.toml", &config);
        let mut lines = VecDeque::from(lines(&address));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                serve(stream, &mut lines, &alipay, &kept);
            }
        });
        Self { folder, seen }
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("alipay.toml")
    }

    /// A command with this gateway behind it.
    pub(crate) fn call(&self, args: &[&str]) -> Ran {
        let config = self.config();
        let mut all: Vec<&OsStr> = args.iter().map(OsStr::new).collect();
        all.extend([OsStr::new("--config"), config.as_os_str()]);
        run(command(all), "")
    }

    /// The requests so far, head and body.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("whole").clone()
    }
}

fn key() -> PrivateKey {
    PrivateKey::generate(2048).expect("randomness")
}

fn serve(
    mut stream: TcpStream,
    lines: &mut VecDeque<Line>,
    key: &PrivateKey,
    seen: &Mutex<Vec<String>>,
) {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
    while let Some(request) = request(&mut reader) {
        seen.lock().expect("whole").push(request.clone());
        let (status, body) = match lines.pop_front() {
            Some(Line::Answer(method, node)) => {
                assert!(
                    request.contains(method),
                    "not a call of {method}: {request}"
                );
                (200, signed_answer(key, method, &node).body)
            }
            Some(Line::File(bytes)) => (200, bytes),
            Some(Line::Status(status)) => (status, b"gone".to_vec()),
            Some(Line::Nothing) | None => return,
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        // Whoever asked may have gone.
        let _ = stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(&body));
    }
}

fn request(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    let mut length = 0;
    loop {
        let from = text.len();
        if reader.read_line(&mut text).ok()? == 0 {
            return None;
        }
        let line = text[from..].trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(text + &String::from_utf8_lossy(&body))
}

/// A path as text.
pub(crate) fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("UTF-8").to_owned()
}

//! A sandbox that the binary serves, asked as anybody would ask it.

use crate::support::{Ran, command, tongbao};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// `tongbao sandbox` on a free port, its data in that folder.
pub(crate) fn sandbox_command(data: &Path, args: &[&str]) -> Command {
    let mut command = command(["sandbox", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(data).args(args);
    command
}

/// `tongbao sandbox`, running.
pub(crate) struct Sandbox {
    child: Child,
    /// Where its data are; removed with it when it is its own.
    data: PathBuf,
    _own: Option<tempfile::TempDir>,
    file: Value,
    /// What it said before it was ready.
    said: String,
}

impl Sandbox {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// In a folder of its own, with more arguments.
    pub(crate) fn start_with(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::begin(folder.path().to_owned(), Some(folder), args)
    }

    /// In that folder.
    pub(crate) fn start_in(data: &Path, args: &[&str]) -> Self {
        Self::begin(data.to_owned(), None, args)
    }

    fn begin(data: PathBuf, own: Option<tempfile::TempDir>, args: &[&str]) -> Self {
        let mut child = sandbox_command(&data, args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut said = String::new();
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        // It says where its file is once the file is there.
        while !said.contains("sandbox.json") {
            let length = stderr.read_line(&mut said).expect("its words");
            assert!(length > 0, "the sandbox ended: {said}");
        }
        // Whoever stops listening would stop the sandbox with a broken pipe.
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        let text = std::fs::read_to_string(data.join("sandbox/sandbox.json"));
        let file = serde_json::from_str(&text.expect("written")).expect("JSON");
        Self {
            child,
            data,
            _own: own,
            file,
            said,
        }
    }

    /// What it said before it was ready.
    pub(crate) fn said(&self) -> &str {
        &self.said
    }

    /// Asks it to end, as Ctrl-C does, and waits until it has.
    pub(crate) fn stop(mut self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-INT", &pid]).status();
        assert!(asked.expect("kill runs").success());
        let ended = self.child.wait().expect("it ends");
        assert!(ended.success(), "{ended}");
    }

    /// A call of the control API that goes well, and its answer.
    pub(crate) fn control(&self, verb: &str, path: &str, body: Option<&Value>) -> Value {
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{verb} {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        );
        let answer = exchange(&self.origin(), &head, &body);
        assert!(answer.starts_with("HTTP/1.1 20"), "{path}: {answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body.trim()).expect("JSON")
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.data
    }

    pub(crate) fn data(&self) -> &str {
        self.data.to_str().expect("UTF-8")
    }

    pub(crate) fn key(&self, name: &str) -> String {
        let place = self.data.join("sandbox");
        let name = self.file["keys"][name].as_str().expect("a key");
        place.join(name).to_str().expect("UTF-8").to_owned()
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.file[name].as_str().expect("text")
    }

    /// A command with this sandbox behind it.
    pub(crate) fn call(&self, args: &[&str]) -> Ran {
        let mut all = args.to_vec();
        // Time enough for a machine that does other things meanwhile.
        all.extend(["--sandbox", self.data(), "--timeout-ms", "120000"]);
        tongbao(&all)
    }

    /// Plays the buyer; `url` is opened first.
    pub(crate) fn buyer_pays(&self, number: &str, url: Option<&str>) {
        let body = url.map_or("{}".to_owned(), |url| {
            serde_json::json!({"url": url}).to_string()
        });
        let path = format!("/sandbox/v1/trades/{number}/pay");
        let answer = post(&self.origin(), &path, &body);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// A fact about the default buyer.
    pub(crate) fn buyer(&self, name: &str) -> String {
        self.file["buyer"][name].as_str().expect("text").to_owned()
    }

    /// A payment code that the default buyer shows.
    pub(crate) fn shown_code(&self) -> String {
        let path = format!(
            "/sandbox/v1/accounts/{}/payment-codes",
            self.buyer("logon_id")
        );
        let answer = post(&self.origin(), &path, "{}");
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let shown: Value = serde_json::from_str(body.trim()).expect("JSON");
        shown["auth_code"].as_str().expect("a code").to_owned()
    }

    /// Moves the business clock.
    pub(crate) fn time_passes(&self, ms: u64) {
        let body = serde_json::json!({"advance_ms": ms}).to_string();
        let answer = post(&self.origin(), "/sandbox/v1/clock", &body);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// Opens a link as a browser would.
    pub(crate) fn opens(&self, url: &str) {
        let origin = self.origin();
        let path = url.strip_prefix(&format!("http://{origin}")).expect("ours");
        let answer = exchange(
            &origin,
            &format!("GET {path} HTTP/1.1\r\nAccept: text/html\r\n"),
            "",
        );
        assert!(
            answer.starts_with("HTTP/1.1 30") || answer.starts_with("HTTP/1.1 200"),
            "{answer}"
        );
    }

    /// Where it listens.
    pub(crate) fn origin(&self) -> String {
        let url = self.text("v3_base_url");
        url.strip_prefix("http://")
            .expect("http")
            .trim_end_matches('/')
            .to_owned()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn post(origin: &str, path: &str, body: &str) -> String {
    let head = format!(
        "POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    exchange(origin, &head, body)
}

fn exchange(origin: &str, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(origin).expect("it listens");
    let request = format!("{head}Host: {origin}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

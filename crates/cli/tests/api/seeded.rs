//! `tongbao sandbox` as a test run starts it: with a seed, in memory, with data of its own.

use crate::served::{Sandbox, sandbox_command};
use crate::support::run;
use serde_json::{Value, json};
use std::path::Path;

/// An instant far from any midnight that a test run could cross.
const NOON: &str = "2040-01-02T12:00:00+08:00";

/// What is answered, without the seconds that passed meanwhile; a number of a call begins with its
/// time, in twelve digits.
fn without_times(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = if text.starts_with("02") {
        &text[12..]
    } else {
        text
    };
    while let Some(at) = rest.find("2040-01-02") {
        let end = rest.len().min(at + "2040-01-02T04:00:00.000Z".len());
        let time: String = rest[at..end]
            .chars()
            .take_while(|c| c.is_ascii_digit() || " :-.TZ".contains(*c))
            .collect();
        plain.push_str(&rest[..at]);
        plain.push_str("<time>");
        rest = &rest[at + time.len()..];
    }
    plain + rest
}

/// The gateway's last answer, byte for byte, but for its signature: keys are made for each world.
fn answered(sandbox: &Sandbox, prefix: &str) -> String {
    let list = sandbox.control("GET", &format!("{prefix}/sandbox/v1/requests"), None);
    let trace_id = list["requests"][0]["trace_id"]
        .as_str()
        .expect("an exchange");
    let one = format!("{prefix}/sandbox/v1/requests/{trace_id}");
    let one = sandbox.control("GET", &one, None);
    let answer = one["answer"]["body"].as_str().expect("an answer");
    let (node, _) = answer.split_once(",\"sign\":").expect("a signature");
    format!("{trace_id} {node}")
}

/// The same calls, whatever they are answered: payments, refunds, codes, people, notices.
fn story(sandbox: &Sandbox, file: &Path, prefix: &str) -> Vec<String> {
    let file = file.to_str().expect("UTF-8");
    let mut told = Vec::new();
    let call = |args: &[&str]| {
        let mut all = args.to_vec();
        all.extend(["--json", "--sandbox", file, "--timeout-ms", "120000"]);
        run(crate::support::command(all), "")
    };
    let control = |path: &str, body: Value| {
        sandbox.control("POST", &format!("{prefix}/sandbox/v1/{path}"), Some(&body))
    };
    for number in ["S1", "S2"] {
        call(&[
            "pay",
            "qr",
            "--amount",
            "12.00",
            "--subject",
            "x",
            "--out-trade-no",
            number,
        ])
        .ended(0);
        told.push(answered(sandbox, prefix));
        let mut paid = control(&format!("trades/{number}/pay"), json!({}));
        // Where the buyer would go is signed.
        paid["return_url"] = Value::Null;
        told.push(paid.to_string());
        call(&["query", number]).ended(0);
        told.push(answered(sandbox, prefix));
        call(&[
            "refund",
            number,
            "--amount",
            "2.00",
            "--out-request-no",
            "R1",
        ])
        .ended(0);
        told.push(answered(sandbox, prefix));
    }
    let codes = "accounts/buyer@sandbox.com/payment-codes";
    told.push(control(codes, json!({}))["auth_code"].to_string());
    told.push(control("accounts", json!({"logon_id": "other@sandbox.com"})).to_string());
    told.push(control("accounts/other@sandbox.com/cards", json!({})).to_string());
    call(&["query", "S9"]).ended(1);
    told.push(answered(sandbox, prefix));
    // Each process listens on a port of its own.
    let plain = |text: &String| text.replace(&sandbox.origin(), "<origin>");
    told.iter().map(plain).collect()
}

#[test]
fn one_seed_gives_two_processes_the_same_numbers() {
    let at_root = |seed: &str| {
        let sandbox = Sandbox::start_with(&["--memory", "--seed", seed]);
        sandbox.control("POST", "/sandbox/v1/clock", Some(&json!({"to": NOON})));
        let told = story(&sandbox, &sandbox.folder().join("sandbox/sandbox.json"), "");
        told.iter()
            .map(|text| without_times(text))
            .collect::<Vec<_>>()
    };
    let first = at_root("42");
    assert_eq!(first, at_root("42"));
    let other = at_root("43");
    for (one, two) in first.iter().zip(&other) {
        assert_ne!(one, two);
    }
}

#[test]
fn a_world_whose_clock_stands_answers_alike_to_the_byte() {
    let in_a_world = || {
        let sandbox = Sandbox::start_with(&[]);
        let body = json!({"name": "w", "seed": 7, "clock": {"at": NOON, "stands": true}});
        let made = sandbox.control("POST", "/sandbox/v1/worlds", Some(&body));
        let file = made["sandbox_file"].as_str().expect("a file");
        story(&sandbox, Path::new(file), "/w/w")
    };
    assert_eq!(in_a_world(), in_a_world());
}

#[test]
fn a_folder_keeps_the_seed_with_which_it_began() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    Sandbox::start_in(data, &["--seed", "5"]).stop();
    for (args, says) in [
        (&["--seed", "6"][..], "began with --seed 5"),
        (&["--seed", "-1"], "-1"),
    ] {
        run(sandbox_command(data, args), "").ended(2).said(&[says]);
    }
    // The next start need not say it again, and goes on behind the numbers that were given.
    let sandbox = Sandbox::start_in(data, &[]);
    sandbox.stop();
    Sandbox::start_in(data, &["--seed", "5"]).stop();
    let unseeded = tempfile::tempdir().expect("a folder");
    Sandbox::start_in(unseeded.path(), &[]).stop();
    run(sandbox_command(unseeded.path(), &["--seed", "5"]), "")
        .ended(2)
        .said(&["began without a seed"]);
}

/// Every file below a folder, by its path in it.
fn files(folder: &Path, below: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder.join(below)).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{below}{}", entry.file_name().to_str().expect("UTF-8"));
        if entry.file_type().expect("a type").is_dir() {
            found.extend(files(folder, &format!("{name}/")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

#[test]
fn in_memory_nothing_is_left_but_keys_and_addresses() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    let sandbox = Sandbox::start_in(data, &["--memory"]);
    sandbox
        .call(&[
            "pay",
            "qr",
            "--amount",
            "12.00",
            "--subject",
            "x",
            "--out-trade-no",
            "M1",
        ])
        .ended(0);
    sandbox.buyer_pays("M1", None);
    sandbox.control("POST", "/sandbox/v1/snapshots", Some(&json!({})));
    sandbox.control("POST", "/sandbox/v1/worlds", Some(&json!({"name": "w"})));
    sandbox.control(
        "POST",
        "/w/w/sandbox/v1/accounts",
        Some(&json!({"logon_id": "other@sandbox.com"})),
    );
    sandbox.control("POST", "/sandbox/v1/clock", Some(&json!({"to": NOON})));
    let only_keys = |files: &[String]| {
        for file in files {
            let kind = Path::new(file).extension().and_then(|kind| kind.to_str());
            let expected = ["lock", "secrets.json", "sandbox/sandbox.json"].contains(&&**file)
                || (file.starts_with("sandbox/") && matches!(kind, Some("pem" | "crt")));
            assert!(expected, "{file}");
        }
    };
    let running = files(data, "");
    only_keys(&running);
    sandbox.stop();
    assert_eq!(files(data, ""), running);

    let again = Sandbox::start_in(data, &["--memory"]);
    again
        .call(&["query", "M1"])
        .ended(1)
        .said(&["ACQ.TRADE_NOT_EXIST"]);
    let buyer = again.control("GET", "/sandbox/v1/accounts/buyer@sandbox.com", None);
    assert_eq!(buyer["balance"], "100000.00");
    let worlds = again.control("GET", "/sandbox/v1/worlds", None);
    assert_eq!(
        worlds["worlds"].as_array().map(Vec::len),
        Some(1),
        "{worlds}"
    );
    let snapshots = again.control("GET", "/sandbox/v1/snapshots", None);
    assert_eq!(snapshots["snapshots"], json!([]));
    let now = again.control("GET", "/sandbox/v1/clock", None);
    assert!(
        !now["now"].as_str().expect("a time").starts_with("2040"),
        "{now}"
    );
    assert_eq!(files(data, ""), running);
}

#[test]
fn seed_data_are_there_once_however_often_it_starts() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).expect("written");
        file.to_str().expect("UTF-8").to_owned()
    };
    let file = write(
        "seed.toml",
        "[[apps]]\nname = \"mall\"\n\n[[accounts]]\nlogon_id = \"rich@sandbox.com\"\nbalance = \"500.00\"\n\n\
         [[trades]]\nout_trade_no = \"P1\"\ntotal_amount = \"20.00\"\nbuyer = \"rich@sandbox.com\"\n\
         refunds = [{ out_request_no = \"R1\", amount = \"5.00\" }]\n",
    );
    for memory in [false, true, false] {
        let mut args = vec!["--seed-data", file.as_str()];
        args.extend(memory.then_some("--memory"));
        let sandbox = Sandbox::start_in(&data, &args);
        let paid = sandbox.call(&["query", "P1", "--json"]).ended(0).json();
        assert_eq!(paid["answer"]["trade_status"], "TRADE_SUCCESS", "{paid}");
        sandbox
            .call(&["refund-query", "P1", "--out-request-no", "R1"])
            .ended(0);
        let rich = sandbox.control("GET", "/sandbox/v1/accounts/rich@sandbox.com", None);
        assert_eq!(rich["balance"], "485.00", "in memory: {memory}");
        assert_eq!(
            sandbox.control("GET", "/sandbox/v1/books", None)["balanced"],
            true
        );
        sandbox.stop();
    }
    // Other data, or none, change nothing in a folder that was filled; what is wrong begins nothing.
    let other = write(
        "other.json",
        "{\"accounts\": [{\"logon_id\": \"late@sandbox.com\"}]}",
    );
    let sandbox = Sandbox::start_in(&data, &["--seed-data", &other]);
    assert!(sandbox.said().contains("is not used"), "{}", sandbox.said());
    let accounts = sandbox
        .control("GET", "/sandbox/v1/accounts", None)
        .to_string();
    assert!(
        accounts.contains("rich@sandbox.com") && !accounts.contains("late@"),
        "{accounts}"
    );
    sandbox.stop();
    for (name, text, says) in [
        ("wrong.json", "{\n\"acounts\": []}", "acounts"),
        (
            "sum.json",
            "{\"accounts\": [{\"logon_id\": \"a@b.cn\", \"balance\": \"1.005\"}]}",
            "two decimals",
        ),
    ] {
        let wrong = write(name, text);
        let fresh = folder.path().join(name.replace(".json", ""));
        run(sandbox_command(&fresh, &["--seed-data", &wrong]), "")
            .ended(2)
            .said(&[name, says]);
        assert!(!fresh.join("sandbox/sandbox.json").exists());
    }
    let nowhere = folder.path().join("nowhere.json");
    let nowhere = nowhere.to_str().expect("UTF-8");
    run(sandbox_command(&data, &["--seed-data", nowhere]), "")
        .ended(2)
        .said(&["nowhere.json", "cannot be read"]);
}

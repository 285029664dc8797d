//! Against the sandbox: a payment's whole life, and everything that is refused.

use crate::served::Sandbox;
use crate::support::{command, path, run, tongbao};
use serde_json::Value;

/// A signed link to the cashier, made by the command.
fn page(sandbox: &Sandbox, number: &str) -> String {
    let args = [
        "pay",
        "page",
        "--json",
        "--amount",
        "88.80",
        "--subject",
        "Rust 入门 & more",
        "--out-trade-no",
        number,
    ];
    let link = sandbox.call(&args).ended(0).json();
    assert_eq!(link["out_trade_no"], number);
    link["url"].as_str().expect("a link").to_owned()
}

#[test]
fn a_payment_is_made_asked_about_and_given_back() {
    let sandbox = Sandbox::start();
    let link = page(&sandbox, "CLI1");
    let early = sandbox.call(&["query", "CLI1"]).ended(1);
    early.said(&[
        "refused: 40004",
        "ACQ.TRADE_NOT_EXIST",
        "it means:",
        "what to do:",
    ]);
    sandbox.buyer_pays("CLI1", Some(&link));

    let paid = sandbox.call(&["query", "CLI1"]).ended(0);
    assert!(
        paid.out.contains("trade_status: TRADE_SUCCESS\n"),
        "{}",
        paid.out
    );
    assert!(paid.out.contains("total_amount: 88.80\n"), "{}", paid.out);
    let waited = sandbox
        .call(&["query", "CLI1", "--wait", "5", "--json"])
        .ended(0)
        .json();
    assert_eq!(
        (&waited["outcome"], &waited["paid"]),
        (&"done".into(), &true.into())
    );
    let trade_no = waited["answer"]["trade_no"].as_str().expect("a number");
    sandbox.call(&["query", "--trade-no", trade_no]).ended(0);

    let refund = [
        "refund",
        "CLI1",
        "--amount",
        "30.30",
        "--out-request-no",
        "R1",
        "--json",
    ];
    let first = sandbox.call(&refund).ended(0).json();
    assert_eq!(
        (&first["moved"], &first["answer"]["fund_change"]),
        (&true.into(), &"Y".into())
    );
    // The same number again moves nothing, and is asked about.
    let mut again = refund.to_vec();
    again.extend(["--ask-every", "1"]);
    let again = sandbox.call(&again).ended(0).json();
    assert_eq!(
        (&again["moved"], &again["answer"]["refund_status"]),
        (&true.into(), &"REFUND_SUCCESS".into())
    );
    let asked = sandbox
        .call(&["refund-query", "CLI1", "--out-request-no", "R1"])
        .ended(0);
    assert!(
        asked.out.contains("refund_amount: 30.30\n"),
        "{}",
        asked.out
    );
    sandbox
        .call(&["refund-query", "CLI1", "--out-request-no", "R2"])
        .ended(1)
        .said(&["not refunded", "ten seconds"]);
    let too_much = [
        "refund",
        "CLI1",
        "--amount",
        "58.51",
        "--out-request-no",
        "R3",
        "--json",
    ];
    let no = sandbox.call(&too_much).ended(1).json();
    assert_eq!(no["outcome"], "refused");
    assert!(
        no["advice"]
            .as_str()
            .expect("advice")
            .contains("what is left"),
        "{no}"
    );
    sandbox
        .call(&["close", "CLI1"])
        .ended(1)
        .said(&["refused: 40004"]);
}

#[test]
fn what_nobody_paid_is_closed_and_stays_so() {
    let sandbox = Sandbox::start();
    sandbox.opens(&page(&sandbox, "CLI2"));
    sandbox.call(&["close", "CLI2"]).ended(0).said(&["Closed."]);
    let closed = sandbox.call(&["query", "CLI2", "--json"]).ended(0).json();
    assert_eq!(closed["answer"]["trade_status"], "TRADE_CLOSED");
    sandbox
        .call(&["query", "CLI2", "--wait", "1"])
        .ended(1)
        .said(&["not paid"]);
    sandbox.call(&["close", "CLI2"]).ended(1);
}

#[test]
fn a_code_is_drawn_and_the_address_is_data() {
    let sandbox = Sandbox::start();
    let made = sandbox.call(&[
        "pay",
        "qr",
        "--amount",
        "0.01",
        "--subject",
        "x",
        "--out-trade-no",
        "QR1",
    ]);
    let made = made.ended(0).said(&["█", "tongbao query QR1"]);
    assert_eq!(made.out.lines().count(), 1);
    assert!(made.out.starts_with("http"), "{}", made.out);
    sandbox.buyer_pays("QR1", None);
    sandbox.call(&["query", "QR1", "--wait", "5"]).ended(0);
    // A number is made, and said, when none is given.
    let json = sandbox
        .call(&["pay", "qr", "--amount", "0.01", "--subject", "x", "--json"])
        .ended(0)
        .json();
    assert_eq!(json["out_trade_no"].as_str().expect("a number").len(), 32);
    assert!(json["answer"]["qr_code"].is_string());
}

#[test]
fn links_forms_and_order_strings_need_no_answer() {
    let sandbox = Sandbox::start();
    let order = [
        "--amount",
        "1.00",
        "--subject",
        "x",
        "--out-trade-no",
        "L1",
        "--notify-url",
        "https://shop.example/n",
    ];
    let with = |head: &[&str]| {
        let mut args = head.to_vec();
        args.extend(order);
        sandbox.call(&args)
    };
    let link = with(&["pay", "wap", "--quit-url", "https://shop.example/"]).ended(0);
    assert!(
        link.out.contains("alipay.trade.wap.pay") && link.out.contains("QUICK_WAP_WAY"),
        "{}",
        link.out
    );
    let form = with(&[
        "pay",
        "page",
        "--form",
        "--return-url",
        "https://shop.example/r",
    ])
    .ended(0);
    assert!(
        form.out.starts_with("<form") && form.out.contains("return_url"),
        "{}",
        form.out
    );
    let text = with(&["pay", "app"]).ended(0);
    assert!(
        text.out.starts_with("app_id=") && text.out.contains("alipay.trade.app.pay"),
        "{}",
        text.out
    );
    // Each is signed as the gateway would check it.
    let key = sandbox.key("app_public_key");
    for message in [link.out.trim(), text.out.trim()] {
        tongbao(&["verify", "--app-public-key", &key, message]).ended(0);
    }
    let call = with(&["pay", "wap"]);
    call.ended(2).said(&["--quit-url"]);
}

#[test]
fn any_method_is_called_by_its_name() {
    let sandbox = Sandbox::start();
    let content = r#"{"out_trade_no":"CALL1","total_amount":"2.00","subject":"by hand"}"#;
    let made = sandbox
        .call(&["call", "alipay.trade.precreate", content])
        .ended(0)
        .json();
    assert_eq!(made["out_trade_no"], "CALL1");
    sandbox.buyer_pays("CALL1", None);
    let data = sandbox.data();
    let piped = run(
        command([
            "call",
            "alipay.trade.query",
            "-",
            "--sandbox",
            data,
            "--json",
        ]),
        r#"{"out_trade_no":"CALL1"}"#,
    );
    let piped = piped.ended(0).json();
    assert_eq!(piped["answer"]["trade_status"], "TRADE_SUCCESS");
    let folder = tempfile::tempdir().expect("a folder");
    let file = path(folder.path(), "order.json");
    std::fs::write(&file, "{\n  \"out_trade_no\": \"CALL1\"\n}\n").expect("written");
    sandbox
        .call(&["call", "alipay.trade.query", "--file", &file])
        .ended(0);
    let none = sandbox
        .call(&[
            "call",
            "alipay.trade.query",
            r#"{"out_trade_no":"NONE"}"#,
            "--json",
        ])
        .ended(1)
        .json();
    assert_eq!(none["sub_code"], "ACQ.TRADE_NOT_EXIST");
    sandbox
        .call(&["call", "alipay.of.the.year.2099", "{}"])
        .ended(1)
        .said(&["refused: 40002", "method"]);
    sandbox
        .call(&["call", "alipay.trade.page.pay", content])
        .ended(2)
        .said(&["--link"]);
    let link = sandbox
        .call(&["call", "alipay.trade.page.pay", content, "--link"])
        .ended(0);
    tongbao(&[
        "verify",
        "--app-public-key",
        &sandbox.key("app_public_key"),
        link.out.trim(),
    ])
    .ended(0);
}

#[test]
fn wrong_keys_are_told_apart() {
    let sandbox = Sandbox::start();
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().to_str().expect("UTF-8");
    tongbao(&["keys", "new", "--out", keys]).ended(0);
    let stranger = path(folder.path(), "app_private_key.pem");
    let refused = sandbox
        .call(&["query", "X1", "--app-private-key", &stranger])
        .ended(1);
    refused.said(&["isv.invalid-signature", "tongbao keys inspect"]);
    let other = path(folder.path(), "app_public_key.pem");
    let unknown = sandbox
        .call(&["query", "X1", "--alipay-public-key", &other])
        .ended(2);
    unknown.said(&["unknown: nobody knows", "copy Alipay's key"]);
    let json = sandbox
        .call(&["query", "X1", "--alipay-public-key", &other, "--json"])
        .ended(2)
        .json();
    assert_eq!(json["outcome"], "unknown");
    let own = sandbox.key("app_public_key");
    sandbox
        .call(&["query", "X1", "--alipay-public-key", &own])
        .ended(2)
        .said(&["own public key"]);
    let id = sandbox
        .call(&["query", "X1", "--app-id", "2021999999999999", "--json"])
        .ended(1)
        .json();
    assert_eq!(id["sub_code"], "isv.invalid-app-id");
}

#[test]
fn what_is_watched_holds_no_secret() {
    let sandbox = Sandbox::start();
    let folder = tempfile::tempdir().expect("a folder");
    let token = path(folder.path(), "token.txt");
    std::fs::write(&token, "201510BBsecrettoken\n").expect("written");
    let ran = sandbox.call(&["query", "S1", "-v", "--app-auth-token", &token]);
    assert!(ran.err.contains("> alipay.trade.query"), "{}", ran.err);
    let private = std::fs::read_to_string(sandbox.key("app_private_key")).expect("there");
    let line = private.lines().nth(1).expect("a line");
    for secret in ["201510BBsecrettoken", line] {
        assert!(
            !ran.err.contains(secret) && !ran.out.contains(secret),
            "{}",
            ran.err
        );
    }
    let json = sandbox.call(&["query", "S1", "--json"]).json();
    assert_eq!(json.get("outcome"), Some(&Value::from("refused")));
}

#[test]
fn v3_and_certificates_lead_to_the_same_trade() {
    let sandbox = Sandbox::start();
    let order = [
        "pay",
        "qr",
        "--v3",
        "--json",
        "--amount",
        "1.00",
        "--subject",
        "x",
        "--out-trade-no",
        "V1",
    ];
    sandbox.call(&order).ended(0);
    sandbox.buyer_pays("V1", None);
    for mode in [&["--v3"][..], &["--cert-mode"], &["--v3", "--cert-mode"]] {
        let args = [&["query", "V1", "--json"], mode].concat();
        let trade = sandbox.call(&args).ended(0).json();
        assert_eq!(trade["answer"]["trade_status"], "TRADE_SUCCESS", "{mode:?}");
    }
    let content = r#"{"out_trade_no":"V1"}"#;
    let called = sandbox.call(&["call", "alipay.trade.query", content, "--v3"]);
    assert_eq!(called.ended(0).json()["trade_status"], "TRADE_SUCCESS");
    let none = sandbox
        .call(&["query", "V2", "--v3", "--json"])
        .ended(1)
        .json();
    assert_eq!(none["sub_code"], "ACQ.TRADE_NOT_EXIST");
    let beside = [
        "call",
        "alipay.trade.query",
        content,
        "--v3",
        "--param",
        "a=b",
    ];
    sandbox.call(&beside).ended(2).said(&["put --param"]);
}

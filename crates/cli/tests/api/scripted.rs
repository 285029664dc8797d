//! Against gateways that say what they were told to say: nothing, half of it, or something odd.

use crate::support::{Gateway, Line, tongbao};
use serde_json::{Value, json};
use std::net::TcpListener;

const PAY: &str = "alipay.trade.pay";
const QUERY: &str = "alipay.trade.query";
const CANCEL: &str = "alipay.trade.cancel";
const REFUND: &str = "alipay.trade.refund";
const REFUND_QUERY: &str = "alipay.trade.fastpay.refund.query";
const TRANSFER: &str = "alipay.fund.trans.uni.transfer";
const TRANSFER_QUERY: &str = "alipay.fund.trans.common.query";

fn done(method: &'static str, fields: Value) -> Line {
    let mut node = json!({"code": "10000", "msg": "Success"});
    if let (Some(node), Value::Object(fields)) = (node.as_object_mut(), fields) {
        node.extend(fields);
    }
    Line::Answer(method, node)
}

fn refused(method: &'static str, sub_code: &str) -> Line {
    let node = json!({"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "业务失败"});
    Line::Answer(method, node)
}

fn trade(status: &str) -> Line {
    done(
        QUERY,
        json!({"trade_no": "2026", "out_trade_no": "B1", "trade_status": status, "total_amount": "1.00"}),
    )
}

const BARCODE: &[&str] = &[
    "pay",
    "barcode",
    "--amount",
    "1.00",
    "--subject",
    "x",
    "--out-trade-no",
    "B1",
    "--auth-code",
    "280000000000000000",
    "--ask-every",
    "1",
    "--patience",
    "1",
];

#[test]
fn a_lost_answer_is_unknown_and_never_called_a_failure() {
    let gateway = Gateway::with(|_| vec![Line::Nothing, Line::Nothing, Line::Status(502)]);
    let words = gateway
        .call(&["close", "1"])
        .ended(2)
        .said(&["unknown: nobody knows", "tongbao query 1"]);
    assert!(!words.err.to_lowercase().contains("fail"), "{}", words.err);
    let told = gateway.call(&["close", "1", "--json"]).ended(2).json();
    assert_eq!(
        (&told["outcome"], &told["ask"]),
        (&"unknown".into(), &"tongbao query 1".into())
    );
    gateway
        .call(&["close", "1"])
        .ended(2)
        .said(&["502", "no gateway"]);
}

#[test]
fn an_unreachable_gateway_got_nothing() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    let gateway = Gateway::with(|_| Vec::new());
    let elsewhere = format!("http://{closed}/gateway.do");
    for args in [
        &["query", "1"][..],
        &["refund", "1", "--amount", "1.00", "--out-request-no", "R1"],
        &[
            "transfer",
            "--out-biz-no",
            "T1",
            "--amount",
            "1.00",
            "--to-user",
            "2088",
            "--title",
            "x",
        ],
        BARCODE,
    ] {
        let mut all = args.to_vec();
        all.extend(["--gateway", &elsewhere]);
        gateway
            .call(&all)
            .ended(2)
            .said(&["not sent", &elsewhere, "nothing happened"]);
        all.push("--json");
        assert_eq!(gateway.call(&all).ended(2).json()["outcome"], "not-sent");
    }
    assert!(gateway.seen().is_empty());
}

#[test]
fn a_payment_by_barcode_is_asked_about_until_it_is_known() {
    let gateway = Gateway::with(|_| {
        let accepted = json!({"code": "10003", "msg": " order success pay inprocess", "out_trade_no": "B1", "trade_no": "2026"});
        vec![Line::Answer(PAY, accepted), trade("TRADE_SUCCESS")]
    });
    let paid = gateway
        .call(BARCODE)
        .ended(0)
        .said(&["tongbao pay settle B1", "Paid."]);
    assert!(
        paid.out.contains("trade_status: TRADE_SUCCESS"),
        "{}",
        paid.out
    );
    let seen = gateway.seen().join("\n");
    assert!(
        seen.contains("bar_code") && seen.contains("280000000000000000"),
        "{seen}"
    );
}

#[test]
fn a_payment_by_barcode_that_stays_unknown_is_taken_back() {
    let gateway = Gateway::with(|_| {
        vec![
            Line::Nothing,
            trade("WAIT_BUYER_PAY"),
            done(
                CANCEL,
                json!({"out_trade_no": "B1", "trade_no": "2026", "retry_flag": "N", "action": "close"}),
            ),
        ]
    });
    let mut args = BARCODE.to_vec();
    args.push("--json");
    let told = gateway.call(&args).ended(1).json();
    assert_eq!(
        (&told["outcome"], &told["paid"], &told["cancelled"]),
        (&"refused".into(), &false.into(), &"close".into())
    );
    assert_eq!(gateway.seen().len(), 3);

    let gateway = Gateway::with(|_| {
        vec![
            trade("WAIT_BUYER_PAY"),
            refused(CANCEL, "ACQ.TRADE_CANCEL_TIME_OUT"),
            trade("WAIT_BUYER_PAY"),
        ]
    });
    gateway
        .call(&["pay", "settle", "B1", "--ask-every", "1", "--patience", "1"])
        .ended(2)
        .said(&["could not be taken back", "may still be paid"]);
}

#[test]
fn a_refused_code_is_refused_at_once() {
    let gateway = Gateway::with(|_| vec![refused(PAY, "ACQ.PAYMENT_AUTH_CODE_INVALID")]);
    gateway
        .call(BARCODE)
        .ended(1)
        .said(&["PAYMENT_AUTH_CODE_INVALID", "fresh code"]);
}

#[test]
fn a_refund_without_fund_change_is_asked_about() {
    let args = [
        "refund",
        "B1",
        "--amount",
        "1.00",
        "--out-request-no",
        "R1",
        "--ask-every",
        "1",
        "--patience",
        "0",
    ];
    let accepted = || {
        done(
            REFUND,
            json!({"out_trade_no": "B1", "trade_no": "2026", "fund_change": "N", "refund_fee": "0.00"}),
        )
    };
    let gateway = Gateway::with(|_| {
        vec![
            accepted(),
            done(REFUND_QUERY, json!({})),
            accepted(),
            done(REFUND_QUERY, json!({})),
        ]
    });
    gateway.call(&args).ended(2).said(&[
        "No fund_change=Y",
        "unknown",
        "tongbao refund-query B1 --out-request-no R1",
    ]);
    let gateway = Gateway::with(|_| {
        let found = json!({"out_trade_no": "B1", "out_request_no": "R1", "refund_status": "REFUND_SUCCESS", "refund_amount": "1.00"});
        vec![accepted(), done(REFUND_QUERY, found)]
    });
    gateway.call(&args).ended(0).said(&["The money went back"]);
}

#[test]
fn a_cancel_that_has_to_be_repeated_is_unknown() {
    let again = || done(CANCEL, json!({"out_trade_no": "B1", "retry_flag": "Y"}));
    let none = || done(CANCEL, json!({"out_trade_no": "B1", "retry_flag": "N"}));
    let gateway = Gateway::with(|_| vec![again(), none()]);
    gateway
        .call(&["cancel", "B1"])
        .ended(2)
        .said(&["retry_flag=Y", "tongbao cancel B1"]);
    gateway
        .call(&["cancel", "B1"])
        .ended(0)
        .said(&["no trade to cancel"]);
}

#[test]
fn a_transfer_says_whether_it_arrived() {
    let args = [
        "transfer",
        "--out-biz-no",
        "T1",
        "--amount",
        "1.00",
        "--to-login",
        "a@example.com",
        "--name",
        "张三",
        "--title",
        "bonus",
    ];
    let sent = |status: &str| {
        done(
            TRANSFER,
            json!({"out_biz_no": "T1", "order_id": "1", "status": status}),
        )
    };
    let found = |status: &str| {
        done(
            TRANSFER_QUERY,
            json!({"out_biz_no": "T1", "status": status, "fail_reason": "收款方不存在"}),
        )
    };
    let gateway = Gateway::with(|_| {
        vec![
            sent("SUCCESS"),
            sent("DEALING"),
            Line::Nothing,
            found("SUCCESS"),
            Line::Nothing,
            Line::Nothing,
            refused(TRANSFER, "PAYER_BALANCE_NOT_ENOUGH"),
            found("FAIL"),
        ]
    });
    gateway.call(&args).ended(0).said(&["It arrived"]);
    gateway
        .call(&args)
        .ended(2)
        .said(&["under way", "--ask --out-biz-no T1"]);
    gateway
        .call(&args)
        .ended(0)
        .said(&["No clear answer", "It arrived"]);
    gateway
        .call(&args)
        .ended(2)
        .said(&["unknown: nobody knows"]);
    gateway
        .call(&args)
        .ended(1)
        .said(&["PAYER_BALANCE_NOT_ENOUGH", "same out_biz_no"]);
    gateway
        .call(&["transfer", "--ask", "--out-biz-no", "T1"])
        .ended(1)
        .said(&["failed", "收款方不存在"]);
    let seen = gateway.seen();
    assert!(seen[0].contains("ALIPAY_LOGON_ID"), "{}", seen[0]);
    assert_eq!(seen.len(), 8);
}

/// What is typed wrongly, and what is said about it.
const WRONG: &[(&[&str], &str)] = &[
    (&["query"], "OUT_TRADE_NO"),
    (
        &["query", "1", "--gateway", "openapi.alipay.com"],
        "https://",
    ),
    (
        &["query", "1", "--app-private-key", "/nowhere.pem"],
        "cannot be opened",
    ),
    (
        &["query", "1", "--app-private-key", "env:NOWHERE_AT_ALL"],
        "is not set",
    ),
    (&["query", "1", "--app-cert", "/nowhere.crt"], "alipay_cert"),
    (&["query", "1", "--app", "x"], "one application"),
    (&["call", "trade query", "{}"], "no method"),
    (
        &["call", "alipay.trade.query", "out_trade_no=1"],
        "no JSON object",
    ),
    (
        &["call", "alipay.trade.query", "{\"a\":1,\"a\":2}"],
        "no JSON object",
    ),
    (
        &["call", "alipay.trade.query", "{}", "--param", "x"],
        "NAME=VALUE",
    ),
    (
        &["call", "alipay.trade.query", "{}", "--param", "app_id=1"],
        "set by the client",
    ),
    (&["bill", "2026-13-45-1"], "yyyy-MM-dd"),
    (
        &[
            "transfer",
            "--out-biz-no",
            "1",
            "--amount",
            "1",
            "--to-login",
            "a",
            "--title",
            "x",
        ],
        "--name",
    ),
];
/// The same of orders.
const WRONG_ORDERS: &[(&[&str], &str)] = &[
    (&["--amount", "39.999", "--subject", "x"], "two decimals"),
    (&["--amount", "0", "--subject", "x"], "0.01"),
    (&["--amount", "1", "--subject", ""], "`subject` is empty"),
    (
        &["--amount", "1", "--subject", "x", "--extra", "[1]"],
        "--extra",
    ),
    (
        &[
            "--amount",
            "1",
            "--subject",
            "x",
            "--extra",
            "{\"subject\":\"y\"}",
        ],
        "repeats",
    ),
];

#[test]
fn wrong_use_says_what_where_and_what_to_do() {
    let gateway = Gateway::with(|_| Vec::new());
    let orders = WRONG_ORDERS
        .iter()
        .map(|(order, says)| ([&["pay", "page"], *order].concat(), *says));
    let others = WRONG.iter().map(|(args, says)| (args.to_vec(), *says));
    for (args, says) in others.chain(orders) {
        let ran = gateway.call(&args);
        assert_eq!(ran.code, 2, "{args:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(says), "{args:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{args:?}");
    }
    assert!(gateway.seen().is_empty());
    tongbao(&["query", "1"])
        .ended(2)
        .said(&["--app-id", "TONGBAO_APP_ID", "--config"]);
    let told = tongbao(&["query", "1", "--json", "--sandbox", "/nowhere"])
        .ended(2)
        .json();
    assert_eq!(told["outcome"], "invalid");
    assert!(
        told["error"]
            .as_str()
            .expect("words")
            .contains("is the sandbox started?"),
        "{told}"
    );
}

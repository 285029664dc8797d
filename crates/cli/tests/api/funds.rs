//! At the counter, money out of the sandbox's account, and the bills that tell of it.

use crate::served::Sandbox;
use serde_json::Value;

/// An order over 88.80 that is paid.
fn sold(sandbox: &Sandbox, number: &str) {
    let args = [
        "pay",
        "qr",
        "--amount",
        "88.80",
        "--subject",
        "Rust 入门",
        "--out-trade-no",
        number,
        "--json",
    ];
    sandbox.call(&args).ended(0);
    sandbox.buyer_pays(number, None);
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn money_is_sent_once_for_each_number() {
    let sandbox = Sandbox::start();
    sold(&sandbox, "F1");
    let buyer = sandbox.buyer("user_id");
    let send = |number: &str, amount: &str, more: &[&str]| {
        let mut args = vec![
            "transfer",
            "--json",
            "--out-biz-no",
            number,
            "--amount",
            amount,
            "--title",
            "佣金",
        ];
        args.extend(more);
        sandbox.call(&args)
    };
    let sent = send("T1", "1.00", &["--to-user", &buyer]).ended(0).json();
    assert_eq!(
        (&sent["arrived"], &sent["answer"]["status"]),
        (&true.into(), &"SUCCESS".into())
    );
    let again = send("T1", "1.00", &["--to-user", &buyer]).ended(0).json();
    assert_eq!(again["answer"]["order_id"], sent["answer"]["order_id"]);
    let other = send("T1", "2.00", &["--to-user", &buyer]).ended(1).json();
    assert_eq!(other["sub_code"], "PAYMENT_INFO_INCONSISTENCY");
    let certified = send("T2", "1.00", &["--to-user", &buyer, "--cert-mode"])
        .ended(0)
        .json();
    assert_eq!(certified["answer"]["out_biz_no"], "T2");
    let nobody = send("T3", "1.00", &["--to-user", "2088999999999999"])
        .ended(1)
        .json();
    assert_eq!(nobody["outcome"], "refused");
    let too_much = send("T4", "88.80", &["--to-user", &buyer]).ended(1).json();
    assert!(
        too_much["advice"]
            .as_str()
            .expect("advice")
            .contains("same out_biz_no"),
        "{too_much}"
    );
    let ask = |number: &str| sandbox.call(&["transfer", "--ask", "--json", "--out-biz-no", number]);
    let asked = ask("T1").ended(0).json();
    assert_eq!(
        (&asked["answer"]["status"], &asked["answer"]["trans_amount"]),
        (&"SUCCESS".into(), &"1.00".into())
    );
    ask("T9").ended(1);
}

#[test]
fn a_days_bill_has_what_was_paid_and_given_back() {
    let sandbox = Sandbox::start();
    sold(&sandbox, "F2");
    let refund = ["refund", "F2", "--amount", "8.80", "--out-request-no", "R1"];
    sandbox.call(&refund).ended(0);
    let trade = sandbox.call(&["query", "F2", "--json"]).ended(0).json();
    let paid = trade["answer"]["send_pay_date"].as_str().expect("a time");
    let day = &paid[..10];
    sandbox
        .call(&["bill", day])
        .ended(1)
        .said(&["refused", "what to do"]);
    // The day after, in the afternoon at the earliest.
    sandbox.time_passes(36 * 3_600_000);

    let bill = sandbox.call(&["bill", day, "--json"]).ended(0);
    let bill = lines(&bill.out);
    let of = |kind: &str| {
        bill.iter()
            .find(|line| line["biz_type"] == kind)
            .expect(kind)
    };
    assert_eq!(
        (&of("交易")["out_trade_no"], &of("交易")["order_amount"]),
        (&"F2".into(), &"88.80".into())
    );
    assert_eq!(
        (&of("退款")["out_request_no"], &of("退款")["receipt_amount"]),
        (&"R1".into(), &"-8.80".into())
    );
    let table = sandbox
        .call(&["bill", day])
        .ended(0)
        .said(&["Fetched", "2 lines in 1 files"]);
    assert!(
        table.out.contains("F2") && table.out.contains("88.80"),
        "{}",
        table.out
    );
    let csv = sandbox.call(&["bill", day, "--format", "csv"]).ended(0);
    assert_eq!(csv.out.lines().count(), 3, "{}", csv.out);
    sandbox.call(&["bill", day, "--summary"]).ended(0);
    let account = sandbox
        .call(&["bill", day, "--type", "signcustomer", "--json"])
        .ended(0);
    let account = lines(&account.out);
    assert!(
        account
            .iter()
            .any(|line| line["table"] == "account" && line["income"] == "88.80"),
        "{account:?}"
    );
}

#[test]
fn a_code_that_is_shown_is_charged_and_what_nobody_confirms_is_taken_back() {
    let sandbox = Sandbox::start();
    let charge = |number: &str, amount: &str, code: &str| {
        let order = [
            "--out-trade-no",
            number,
            "--amount",
            amount,
            "--subject",
            "coffee",
        ];
        let asking = [
            "--auth-code",
            code,
            "--ask-every",
            "1",
            "--patience",
            "1",
            "--json",
        ];
        sandbox.call(&[&["pay", "barcode"], &order[..], &asking[..]].concat())
    };
    let code = sandbox.shown_code();
    let paid = charge("P1", "1.00", &code).ended(0).json();
    assert_eq!(
        (&paid["paid"], &paid["answer"]["trade_status"]),
        (&true.into(), &"TRADE_SUCCESS".into())
    );
    let used = charge("P2", "1.00", &code).ended(1).json();
    assert_eq!(used["sub_code"], "ACQ.PAYMENT_AUTH_CODE_INVALID");
    // Above what goes without a password the buyer is asked, and this one does not answer.
    let unconfirmed = charge("P3", "1500.00", &sandbox.shown_code())
        .ended(1)
        .json();
    assert_eq!(
        (&unconfirmed["paid"], &unconfirmed["cancelled"]),
        (&false.into(), &"close".into())
    );
    let trade = sandbox.call(&["query", "P3", "--json"]).ended(0).json();
    assert_eq!(trade["answer"]["trade_status"], "TRADE_CLOSED");
    sandbox
        .call(&["pay", "settle", "P1", "--ask-every", "1", "--patience", "1"])
        .ended(0)
        .said(&["Paid."]);
    let back = sandbox.call(&["cancel", "P1", "--json"]).ended(0).json();
    assert_eq!(back["cancelled"], "refund");
    sandbox
        .call(&["cancel", "P9"])
        .ended(0)
        .said(&["no trade to cancel"]);
}

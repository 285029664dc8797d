//! Bills: the ZIP as Alipay makes it, read by our own reader, adding up with the ledger to the fen.

use crate::support::{Bench, code, start};
use alipay::bill::{BillArchive, BillKind, BillLine};
use http::StatusCode;
use kernel::time::{DAY_MS, HOUR_MS};
use money::Fen;
use sandbox::Profile;
use serde_json::{Value, json};
use std::io::Cursor;
use store::Db;

const ADDRESS: &str = "alipay.data.dataservice.bill.downloadurl.query";
const LOG: &str = "alipay.data.bill.accountlog.query";
const BALANCE: &str = "alipay.data.bill.balance.query";

fn bill(kind: &str, date: &str) -> Value {
    json!({"bill_type": kind, "bill_date": date})
}

/// The bytes of a bill.
async fn fetch(bench: &Bench, kind: &str, date: &str) -> Vec<u8> {
    let node = bench.node(ADDRESS, &bill(kind, date)).await;
    assert_eq!(code(&node), "10000", "{node}");
    let url = node["bill_download_url"].as_str().unwrap();
    let reply = bench
        .get(url.trim_start_matches("http://127.0.0.1:8609"))
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(
        reply
            .header("content-disposition")
            .unwrap()
            .ends_with(".csv.zip")
    );
    reply.body
}

struct Read {
    names: Vec<String>,
    lines: Vec<BillLine>,
    sums: Vec<BillLine>,
    totals: Vec<alipay::bill::Total>,
    account: String,
}

fn read(zip: Vec<u8>, kinds: [BillKind; 2]) -> Read {
    let archive = BillArchive::open(Cursor::new(zip)).unwrap();
    assert_eq!(archive.len(), 2);
    let names = (0..2)
        .map(|index| archive.name(index).unwrap().to_owned())
        .collect();
    let mut detail = archive.bill(0).unwrap();
    assert_eq!(detail.kind(), kinds[0]);
    let lines = detail.by_ref().collect::<Result<Vec<_>, _>>().unwrap();
    let mut summary = archive.bill(1).unwrap();
    assert_eq!(summary.kind(), kinds[1]);
    let sums = summary.by_ref().collect::<Result<Vec<_>, _>>().unwrap();
    Read {
        names,
        lines,
        sums,
        totals: detail.totals().to_vec(),
        account: detail.account().unwrap().to_owned(),
    }
}

const TRADES: [BillKind; 2] = [BillKind::Trade, BillKind::TradeSummary];
const MOVEMENTS: [BillKind; 2] = [BillKind::Account, BillKind::AccountSummary];

/// Three payments, two refunds, on the first day; one payment on the second.
async fn two_days(bench: &Bench) {
    bench.paid("B1", "88.88").await;
    bench.paid("B2", "0.01").await;
    let link = crate::support::link(
        "alipay.trade.page.pay",
        &json!({
            "out_trade_no": "B3", "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": "100.00",
            "subject": "Rust, \"入门\" 🎓", "store_id": "S1",
        }),
    );
    bench.control("trades/B3/pay", json!({"url": link})).await;
    bench.clock.advance_ms(HOUR_MS);
    for (number, amount, request) in [("B1", "8.88", "r1"), ("B3", "100.00", "r2")] {
        let node = bench
            .node(
                "alipay.trade.refund",
                &json!({
                    "out_trade_no": number, "refund_amount": amount, "out_request_no": request,
                    "refund_reason": "课程取消",
                }),
            )
            .await;
        assert_eq!(code(&node), "10000");
    }
    bench
        .schedule
        .advance_to(start().plus_ms(DAY_MS))
        .await
        .unwrap();
    bench.paid("B4", "5.00").await;
    bench
        .schedule
        .advance_to(start().plus_ms(2 * DAY_MS))
        .await
        .unwrap();
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_days_bill_of_trades_says_what_was_paid_and_given_back(db: Db) {
        let bench = Bench::new(db).await;
        two_days(&bench).await;
        let zip = fetch(&bench, "trade", "2026-08-21").await;
        // GBK names that no flag calls UTF-8, packed, with the account in them.
        assert_eq!(zip[..4], *b"PK\x03\x04");
        assert_eq!(zip[6..8], [0, 0]);
        let raw = alipay::Charset::Gbk.encode("业务明细").unwrap().into_owned();
        assert!(zip.windows(raw.len()).any(|part| part == raw));
        let read = read(zip, TRADES);
        assert_eq!(read.names, [
            "20887210000000010156_20260821_业务明细.csv",
            "20887210000000010156_20260821_业务明细(汇总).csv",
        ]);
        assert_eq!(read.account, "20887210000000010156");
        let lines: Vec<_> = read.lines.iter().map(|line| match line {
            BillLine::Trade(line) => line,
            other => panic!("{other:?}"),
        }).collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[0].out_trade_no.as_deref(), Some("B1"));
        assert_eq!(lines[0].order_amount, Fen::new(8_888));
        assert_eq!(lines[0].other_account.as_deref(), Some("buy***@sandbox.com"));
        assert_eq!(lines[2].subject.as_deref(), Some("Rust, \"入门\" ?"));
        assert_eq!(lines[2].store_id.as_deref(), Some("S1"));
        assert!(lines[3].is_refund() && !lines[2].is_refund());
        assert_eq!(lines[3].out_request_no.as_deref(), Some("r1"));
        assert_eq!(lines[3].receipt_amount, Fen::new(-888));
        assert_eq!(lines[3].remark.as_deref(), Some("课程取消"));
        assert_eq!(lines[3].row.get("完成时间"), Some("2026-08-21 10:30:00"));
        let net = Fen::sum(lines.iter().map(|line| line.receipt_amount)).unwrap();
        assert_eq!(net, Fen::new(8_001));
        assert_eq!(read.totals[0].count, 3);
        assert_eq!(read.totals[0].amount("商家实收"), Some(Fen::new(18_889)));
        assert_eq!(read.totals[1].amount("商家实收退款"), Some(Fen::new(-10_888)));
        let BillLine::TradeSummary(total) = read.sums.last().unwrap() else { panic!() };
        assert!(total.is_total());
        assert_eq!((total.payments, total.refunds, total.net_amount), (3, 2, Fen::new(8_001)));
        assert_eq!(read.sums.len(), 3);
        bench.assert_balanced().await;
    }

    async fn the_bill_of_the_account_ends_with_what_the_ledger_says(db: Db) {
        let bench = Bench::new(db).await;
        two_days(&bench).await;
        let mut balance = Fen::ZERO;
        for (date, count) in [("2026-08-21", 5), ("2026-08-22", 1)] {
            let read = read(fetch(&bench, "signcustomer", date).await, MOVEMENTS);
            assert!(read.names[0].ends_with("账务明细.csv") && read.names[1].ends_with("账务明细(汇总).csv"));
            assert_eq!(read.lines.len(), count);
            for line in &read.lines {
                let BillLine::Account(line) = line else { panic!() };
                let moved = line.income.or(line.outgo).unwrap();
                balance = balance.checked_add(moved).unwrap();
                // Every line's balance is the one before and what moved.
                assert_eq!(line.balance, Some(balance), "{line:?}");
                assert!(line.biz_no.as_ref().unwrap().len() == 28);
            }
            let BillLine::AccountSummary(total) = read.sums.last().unwrap() else { panic!() };
            let trades = crate::bills::read(fetch(&bench, "trade", date).await, TRADES);
            let net = Fen::sum(trades.lines.iter().map(|line| match line {
                BillLine::Trade(line) => line.receipt_amount,
                other => panic!("{other:?}"),
            })).unwrap();
            assert_eq!(total.total, net);
            assert_eq!(read.totals.iter().find(|sum| sum.name == "收入合计").unwrap().amount(""), Some(total.income));
        }
        let node = bench.node(BALANCE, &json!({})).await;
        assert_eq!(node["total_amount"], balance.to_string());
        assert_eq!(node["available_amount"], "85.01");
        assert_eq!(node["freeze_amount"], "0.00");
        // The month is over later, and holds both days.
        bench.schedule.advance_to(start().plus_ms(15 * DAY_MS)).await.unwrap();
        let month = read(fetch(&bench, "signcustomer", "2026-08").await, MOVEMENTS);
        assert_eq!(month.lines.len(), 6);
        bench.assert_balanced().await;
    }

    async fn what_is_not_over_has_no_bill_and_an_address_dies_after_thirty_seconds(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("B1", "1.00").await;
        for (kind, date, wanted) in [
            ("trade", "2026-08-21", "BILL_NOT_EXIST"),
            ("signcustomer", "2026-08", "BILL_NOT_EXIST"),
            ("trade", "2030-01-01", "BILL_NOT_EXIST"),
            ("trade", "2026-08-20", "BILL_DATE_BEFORE_REGISTRATION"),
            ("trade", "2019-01-01", "INVAILID_ARGUMENTS"),
            ("trade", "20260821", "INVAILID_ARGUMENTS"),
            ("trade", "", "INVAILID_ARGUMENTS"),
            ("merchant_act", "2026-08-20", "TYPE_NOT_SUPPORTED"),
        ] {
            let reply = bench.call(ADDRESS, &bill(kind, date)).await;
            assert_eq!(code(&reply.signed_node(ADDRESS)), wanted, "{kind} {date}");
            assert!(!reply.explain().is_empty());
        }
        bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap();
        let node = bench.node(ADDRESS, &bill("trade", "2026-08-21")).await;
        assert_eq!(node["bill_file_code"], json!(null));
        let url = node["bill_download_url"].as_str().unwrap().trim_start_matches("http://127.0.0.1:8609").to_owned();
        assert!(url.starts_with("/downloadBillFile.resource?bizType=trade&userId=20887210000000010156&"));
        bench.clock.advance_ms(29_999);
        assert_eq!(bench.get(&url).await.status, StatusCode::OK);
        bench.clock.advance_ms(1);
        assert_eq!(bench.get(&url).await.status, StatusCode::FORBIDDEN);
        assert_eq!(bench.get("/downloadBillFile.resource?fileId=0").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_day_without_trades_has_a_file_and_says_so(db: Db) {
        let bench = Bench::new(db).await;
        bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap();
        for kind in ["trade", "signcustomer"] {
            let node = bench.node(ADDRESS, &bill(kind, "2026-08-21")).await;
            assert_eq!(node["bill_file_code"], "EMPTY_DATA_WITH_BILL_FILE");
        }
        let read = read(fetch(&bench, "trade", "2026-08-21").await, TRADES);
        assert!(read.lines.is_empty());
        assert_eq!((read.totals[0].count, read.sums.len()), (0, 1));
    }

    async fn alipays_own_sandbox_hands_out_an_empty_form(db: Db) {
        let bench = Bench::with_profile(db, Profile::AlipaySandbox).await;
        bench.paid("B1", "1.00").await;
        bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap();
        let trades = read(fetch(&bench, "trade", "2026-08-21").await, TRADES);
        let account = read(fetch(&bench, "signcustomer", "2026-08-21").await, MOVEMENTS);
        assert!(trades.lines.is_empty() && account.lines.is_empty());
        let node = bench.node(ADDRESS, &bill("trade", "2026-08-21")).await;
        assert_eq!(node["bill_file_code"], "EMPTY_DATA_WITH_BILL_FILE");
    }

    async fn the_strict_wait_for_nine_o_clock(db: Db) {
        let bench = Bench::with_profile(db, Profile::Strict).await;
        let midnight = start().next_china_midnight();
        bench.schedule.advance_to(midnight.plus_ms(9 * HOUR_MS - 1)).await.unwrap();
        let node = bench.node(ADDRESS, &bill("trade", "2026-08-21")).await;
        assert_eq!(code(&node), "BILL_NOT_EXIST");
        bench.schedule.advance_to(midnight.plus_ms(9 * HOUR_MS)).await.unwrap();
        let node = bench.node(ADDRESS, &bill("trade", "2026-08-21")).await;
        assert_eq!(code(&node), "10000");
    }

    async fn the_log_of_the_account_is_asked_by_time_or_by_number(db: Db) {
        let bench = Bench::new(db).await;
        two_days(&bench).await;
        let span = json!({"start_time": "2026-08-21 00:00:00", "end_time": "2026-08-22 00:00:00"});
        let node = bench.node(LOG, &span).await;
        assert_eq!((&node["total_size"], &node["page_size"]), (&json!("5"), &json!("2000")));
        let lines = node["detail_list"].as_array().unwrap();
        assert_eq!(lines[0]["trans_amount"], "88.88");
        assert_eq!((&lines[0]["direction"], &lines[0]["balance"]), (&json!("收入"), &json!("88.88")));
        assert_eq!((&lines[3]["direction"], &lines[3]["merchant_out_refund_no"]), (&json!("支出"), &json!("r1")));
        assert_eq!(lines[4]["balance"], "80.01");
        let one = bench.node(LOG, &json!({"merchant_order_no": "B1"})).await;
        assert_eq!(one["total_size"], "2");
        let same = bench.node(LOG, &json!({"alipay_order_no": one["detail_list"][0]["alipay_order_no"]})).await;
        assert_eq!(same["detail_list"], one["detail_list"]);
        let none = bench.node(LOG, &json!({"merchant_order_no": "B9"})).await;
        assert_eq!((&none["total_size"], &none["detail_list"]), (&json!("0"), &json!(null)));
        for bad in [
            json!({}),
            json!({"merchant_order_no": "B1", "alipay_order_no": "1"}),
            json!({"start_time": "2026-08-21 00:00:00"}),
            json!({"start_time": "2026-08-21", "end_time": "2026-08-22 00:00:00"}),
            json!({"start_time": "2026-07-01 00:00:00", "end_time": "2026-08-22 00:00:00"}),
            json!({"start_time": "2025-01-01 00:00:00", "end_time": "2025-01-02 00:00:00"}),
            json!({"start_time": "2026-08-22 00:00:00", "end_time": "2026-08-21 00:00:00"}),
            json!({"merchant_order_no": "B1", "page_size": "10"}),
            json!({"merchant_order_no": "B1", "page_no": "0"}),
        ] {
            assert_eq!(code(&bench.node(LOG, &bad).await), "INVALID_PARAMETER", "{bad}");
        }
    }
}

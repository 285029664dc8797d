//! Rules of trades that differ by product or profile: order codes, notices that follow at once,
//! the one refund of Alipay's own sandbox, and how a refund without a number is told.

use crate::support::{Bench, NOTIFY, code, link, signed, start};
use axum::body::Body;
use http::{Request, StatusCode, header};
use kernel::time::{DAY_MS, MINUTE_MS, SECOND_MS};
use sandbox::Profile;
use serde_json::{Value, json};
use store::Db;

const PRECREATE: &str = "alipay.trade.precreate";
const REFUND: &str = "alipay.trade.refund";

fn order(number: &str) -> Value {
    json!({"out_trade_no": number, "total_amount": "10.00", "subject": "课程"})
}

fn refund(number: &str, amount: &str, request: Option<&str>) -> Value {
    let mut biz = json!({"out_trade_no": number, "refund_amount": amount});
    if let Some(request) = request {
        biz["out_request_no"] = request.into();
    }
    biz
}

/// Changes the first application's settings of notices.
async fn notify(bench: &Bench, settings: Value) -> Value {
    let app_id = &bench.apps[0].app_id;
    let request = Request::patch(format!("/sandbox/v1/apps/{app_id}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({"notify": settings}).to_string()))
        .unwrap();
    let reply = bench.send(request).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    reply.json()
}

/// A precreated order with an address for its notice, paid.
async fn paid_by_code(bench: &Bench, number: &str) {
    let params = signed(
        0,
        PRECREATE,
        &order(number).to_string(),
        &[("notify_url", NOTIFY)],
    );
    let node = bench.post(params).await.signed_node(PRECREATE);
    assert_eq!(code(&node), "10000", "{node}");
    let paid = bench
        .control(&format!("trades/{number}/pay"), json!({}))
        .await;
    assert_eq!(paid.status, StatusCode::OK, "{}", paid.text());
}

/// Seconds from now to each delivery of a notice.
async fn seconds(bench: &Bench, number: &str) -> Vec<i64> {
    let notices = bench.look(&format!("notices?out_trade_no={number}")).await;
    let attempts = notices["notices"][0]["attempts"]
        .as_array()
        .unwrap()
        .clone();
    let sent = |attempt: &Value| {
        let at = attempt["sent_at"].as_str().unwrap();
        let at = kernel::Timestamp::parse_rfc3339(at).unwrap();
        at.since_ms(start()) / SECOND_MS
    };
    attempts.iter().map(sent).collect()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn an_order_code_has_a_share_code_where_it_is_asked_for(db: Db) {
        let bench = Bench::new(db).await;
        let mut biz = order("S1");
        biz["product_code"] = "QR_CODE_OFFLINE".into();
        let plain = bench.node(PRECREATE, &biz).await;
        assert_eq!((code(&plain), &plain["share_code"]), ("10000", &Value::Null));
        biz["code_type"] = "share_code".into();
        let node = bench.node(PRECREATE, &biz).await;
        let share = node["share_code"].as_str().unwrap();
        assert!(node["qr_code"].as_str().unwrap().ends_with(share), "{node}");
        assert_eq!(bench.get(&format!("/qr/{share}")).await.status, StatusCode::SEE_OTHER);
        let none = bench.get(&format!("/qr/{}", "0".repeat(32))).await;
        assert_ne!(none.status, StatusCode::SEE_OTHER);
        biz["code_type"] = "red_packet".into();
        let reply = bench.call(PRECREATE, &biz).await;
        assert_eq!(reply.signed_node(PRECREATE)["share_code"], Value::Null);
        assert!(reply.explain().contains("code_type"), "{}", reply.explain());
        biz["code_type"] = "c".repeat(33).into();
        assert_eq!(code(&bench.node(PRECREATE, &biz).await), "ACQ.INVALID_PARAMETER");
    }

    async fn three_notices_follow_at_once_where_an_application_wants_it(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        // As it was before: eight, none at once.
        paid_by_code(&bench, "N1").await;
        let app = notify(&bench, json!({"resends_at_once": true})).await;
        assert_eq!(app["notify"]["resends_at_once"], true);
        paid_by_code(&bench, "N2").await;
        // A page's are not sent at once.
        bench.paid("N3", "1.00").await;
        // Other settings stay as they are, and so does this one.
        let app = notify(&bench, json!({"statuses": []})).await;
        assert_eq!(app["notify"]["resends_at_once"], true);
        bench.schedule.advance_to(start().plus_ms(3 * SECOND_MS)).await.unwrap();
        for (number, wanted) in [("N1", vec![0]), ("N2", vec![0, 1, 2, 3]), ("N3", vec![0])] {
            assert_eq!(seconds(&bench, number).await, wanted, "{number}");
        }
        bench.schedule.advance_to(start().plus_ms(3 * DAY_MS)).await.unwrap();
        let minutes = [0, 4, 14, 24, 84, 204, 564, 1464];
        let usual: Vec<i64> = minutes.iter().map(|minute| minute * MINUTE_MS / SECOND_MS).collect();
        assert_eq!(seconds(&bench, "N1").await, usual);
        assert_eq!(seconds(&bench, "N3").await, usual);
        // The waits begin behind the last one at once.
        let mut wanted = vec![0, 1, 2];
        wanted.extend(usual.iter().map(|second| second + 3));
        assert_eq!(seconds(&bench, "N2").await, wanted);
        let notices = bench.look("notices?out_trade_no=N2").await;
        assert_eq!(notices["notices"][0]["state"], "given_up");
    }

    async fn an_application_may_ask_for_notices_that_every_parser_takes(db: Db) {
        let bench = Bench::new(db).await;
        let app = notify(&bench, json!({"plain_content_type": true})).await;
        assert_eq!(app["notify"]["plain_content_type"], true);
        bench.paid("P1", "1.00").await;
        bench.schedule.settle().await.unwrap();
        let (_, outgoing) = bench.merchant.came.lock().unwrap()[0].clone();
        assert_eq!(outgoing.content_type, "application/x-www-form-urlencoded; charset=UTF-8");
    }

    async fn an_acknowledged_notice_does_not_follow_at_once(db: Db) {
        let bench = Bench::new(db).await;
        notify(&bench, json!({"resends_at_once": true})).await;
        paid_by_code(&bench, "A1").await;
        bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap();
        assert_eq!(seconds(&bench, "A1").await, [0]);
    }

    async fn alipays_own_sandbox_takes_one_call_for_a_refund(db: Db) {
        let bench = Bench::with_profile(db, Profile::AlipaySandbox).await;
        bench.paid("O1", "10.00").await;
        let node = bench.node(REFUND, &refund("O1", "4.00", Some("r1"))).await;
        assert_eq!(code(&node), "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
        let reply = bench.call(REFUND, &refund("O1", "10.00", Some("r2"))).await;
        assert_eq!(code(&reply.signed_node(REFUND)), "ACQ.TRADE_NOT_ALLOW_REFUND");
        assert_eq!(reply.signed_node(REFUND)["sub_msg"], "当前交易不允许退款");
        bench.paid("O2", "10.00").await;
        for (wish, wanted) in [
            (refund("O2", "10.00", Some("r1")), "10000"),
            // The same call again is no second one.
            (refund("O2", "10.00", Some("r1")), "10000"),
            (refund("O2", "10.00", Some("r2")), "ACQ.TRADE_HAS_CLOSE"),
        ] {
            assert_eq!(code(&bench.node(REFUND, &wish).await), wanted, "{wish}");
        }
        bench.assert_balanced().await;
    }

    async fn a_refused_refund_uses_nothing_up_elsewhere(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("U1", "10.00").await;
        let node = bench.node(REFUND, &refund("U1", "11.00", Some("r1"))).await;
        assert_eq!(code(&node), "ACQ.REASON_TRADE_REFUND_FEE_ERR");
        assert_eq!(code(&bench.node(REFUND, &refund("U1", "10.00", Some("r1"))).await), "10000");
    }

    async fn a_refund_without_a_number_is_told_by_the_trades(db: Db) {
        let bench = Bench::new(db).await;
        for (number, request) in [("B1", None), ("B2", Some("r7"))] {
            let biz = json!({"out_trade_no": number, "product_code": "QUICK_WAP_WAY", "total_amount": "2.00",
                "subject": "s", "quit_url": "http://shop.example/"});
            let url = link("alipay.trade.wap.pay", &biz);
            let paid = bench.control(&format!("trades/{number}/pay"), json!({"url": url})).await.json();
            assert_eq!(code(&bench.node(REFUND, &refund(number, "2.00", request)).await), "10000");
            bench.schedule.settle().await.unwrap();
            let forms = bench.merchant.forms();
            let told = forms.iter().find(|form| form.get("out_trade_no") == Some(number) && form.get("refund_fee").is_some());
            let trade_no = paid["trade_no"].as_str().unwrap();
            assert_eq!(told.unwrap().get("out_biz_no"), Some(request.unwrap_or(trade_no)), "{number}");
            // It is asked for by the merchant's number all the same.
            let ask = json!({"out_trade_no": number, "out_request_no": request.unwrap_or(number)});
            let node = bench.node("alipay.trade.fastpay.refund.query", &ask).await;
            assert_eq!(node["refund_status"], "REFUND_SUCCESS");
        }
    }

    async fn a_wrong_status_is_worded_as_its_method_words_it(db: Db) {
        let bench = Bench::new(db).await;
        bench.open(&crate::support::page_link("T1", "1.00")).await.unwrap();
        bench.paid("T2", "1.00").await;
        for (method, biz, words) in [
            (REFUND, refund("T1", "1.00", None), "交易状态非法"),
            ("alipay.trade.close", json!({"out_trade_no": "T2"}), "交易状态不合法"),
        ] {
            let node = bench.node(method, &biz).await;
            assert_eq!((code(&node), &node["sub_msg"]), ("ACQ.TRADE_STATUS_ERROR", &json!(words)), "{node}");
        }
    }
}

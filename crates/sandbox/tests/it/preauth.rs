//! Money that is held: asked for by code or by app, agreed to on a phone, taken in parts, let go.

use crate::browser::Browser;
use crate::support::{Bench, NOTIFY, code, keys, signed, start};
use alipay::sign::{self, SignType};
use alipay::{Charset, form};
use http::{Request, StatusCode, header};
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use sandbox::app::preauth::capture::{Capture, CaptureError, capture};
use sandbox::domain::freeze::FreezeRefusal;
use sandbox::domain::{Offer, PayChannels, Product, Timeout};
use serde_json::{Value, json};
use store::Db;

const VOUCHER: &str = "alipay.fund.auth.order.voucher.create";
const UNFREEZE: &str = "alipay.fund.auth.order.unfreeze";
const CANCEL: &str = "alipay.fund.auth.operation.cancel";
const DETAIL: &str = "alipay.fund.auth.operation.detail.query";

fn wish(number: &str, amount: &str) -> Value {
    json!({
        "out_order_no": number, "out_request_no": format!("{number}r"), "order_title": "充电宝押金",
        "amount": amount, "product_code": "PRE_AUTH",
    })
}

async fn voucher(bench: &Bench, number: &str, amount: &str) -> Value {
    let biz = wish(number, amount).to_string();
    let reply = bench
        .post(signed(0, VOUCHER, &biz, &[("notify_url", NOTIFY)]))
        .await;
    reply.signed_node(VOUCHER)
}

async fn detail(bench: &Bench, number: &str) -> Value {
    bench
        .node(
            DETAIL,
            &json!({"out_order_no": number, "out_request_no": format!("{number}r")}),
        )
        .await
}

/// Asks, scans and agrees; returns the hold's number.
async fn held(bench: &Bench, number: &str, amount: &str) -> String {
    let node = voucher(bench, number, amount).await;
    let browser = Browser::new(bench, "zh");
    let page = browser.open(node["code_value"].as_str().unwrap()).await;
    let page = browser.log_in(&page, "buyer@sandbox.com").await;
    let page = browser
        .submit(&page, "/agree", &[("pay_password", "111111")])
        .await;
    assert_eq!(page.title(), "已冻结");
    detail(bench, number).await["auth_no"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn offer(number: &str, fen: i64) -> Offer {
    Offer {
        out_trade_no: number.to_owned(),
        product: Product::Capture,
        total_amount: money::Fen::new(fen),
        subject: "充电宝租金".to_owned(),
        body: None,
        passback_params: None,
        notify_url: None,
        charset: "utf-8".to_owned(),
        timeout: Timeout::Default,
        qr_timeout_ms: None,
        store_id: None,
        terminal_id: None,
        payer: None,
        by_app_id: None,
        channels: PayChannels::Any,
        signing: None,
    }
}

fn taking(bench: &Bench, auth_no: &str, offer: Offer, complete: bool) -> Capture {
    Capture {
        app: bench.apps[0].clone(),
        auth_no: auth_no.to_owned(),
        product_code: "PRE_AUTH".to_owned(),
        buyer_id: None,
        offer,
        complete,
    }
}

async fn balance(bench: &Bench) -> Value {
    bench.look("accounts/buyer@sandbox.com").await["balance"].clone()
}

async fn with_gateway(bench: &Bench) {
    let body = json!({"notify": {"app_gateway_url": "http://shop.example/gateway"}});
    let request = Request::patch(format!("/sandbox/v1/apps/{}", bench.apps[0].app_id))
        .header(header::CONTENT_TYPE, "application/json")
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    assert_eq!(bench.send(request).await.status, StatusCode::OK);
}

const PAY: &str = "alipay.trade.pay";

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_scanned_code_holds_money_that_stays_the_buyers(db: Db) {
        let bench = Bench::new(db).await;
        let node = voucher(&bench, "F1", "99.00").await;
        assert_eq!((code(&node), &node["code_type"]), ("10000", &json!("qrCode")));
        assert_eq!(node["code_value"], node["code_url"]);
        let asked = detail(&bench, "F1").await;
        assert_eq!((&asked["order_status"], &asked["status"]), (&json!("INIT"), &json!("INIT")));
        assert_eq!(voucher(&bench, "F1", "99.00").await["code_value"], node["code_value"]);
        assert_eq!(code(&voucher(&bench, "F1", "98.00").await), "UNIQUE_VIOLATION");

        let phone = Browser::new(&bench, "en");
        let page = phone.open(node["code_value"].as_str().unwrap()).await;
        page.says("¥99.00");
        let page = phone.log_in(&page, "buyer@sandbox.com").await;
        let page = phone.submit(&page, "/agree", &[("pay_password", "000000")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = phone.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        assert_eq!(page.title(), "The amount is held");
        assert_eq!(balance(&bench).await, "99901.00");
        bench.assert_balanced().await;
        let held = detail(&bench, "F1").await;
        for (name, value) in [
            ("order_status", "AUTHORIZED"), ("status", "SUCCESS"), ("operation_type", "FREEZE"),
            ("amount", "99.00"), ("rest_amount", "99.00"), ("total_freeze_amount", "99.00"),
            ("total_pay_amount", "0.00"), ("rest_fund_amount", "99.00"), ("rest_credit_amount", "0.00"),
            ("payer_logon_id", "buy***@sandbox.com"), ("gmt_trans", "2026-08-21 09:30:00"),
        ] {
            assert_eq!(held[name], value, "{name}: {held}");
        }
        assert_eq!(held["auth_no"].as_str().unwrap().len(), 28);
        assert_eq!(code(&voucher(&bench, "F1", "99.00").await), "FREEZE_ALREADY_SUCCESS");
        // The shop hears of it.
        bench.schedule.settle().await.unwrap();
        let form = bench.merchant.forms().pop().unwrap();
        for (name, value) in [
            ("notify_type", "fund_auth_freeze"), ("out_order_no", "F1"), ("out_request_no", "F1r"),
            ("operation_type", "FREEZE"), ("amount", "99.00"), ("status", "SUCCESS"),
            ("rest_amount", "99.00"), ("total_freeze_amount", "99.00"),
        ] {
            assert_eq!(form.get(name), Some(value), "{name}");
        }
        assert_eq!(form.get("auth_no"), held["auth_no"].as_str());
        let text = sign::notice_text(&form);
        sign::verify(keys().alipay[0].public_key(), SignType::Rsa2, text.as_bytes(), form.get("sign").unwrap()).unwrap();
        let notice = bench.look("notices?out_trade_no=F1").await["notices"][0].clone();
        assert_eq!((&notice["about"], &notice["notify_type"]), (&json!("freeze"), &json!("fund_auth_freeze")));
        // Whoever opens the code again sees that it is done.
        assert_eq!(phone.open(node["code_value"].as_str().unwrap()).await.title(), "The amount is held");
    }

    async fn an_apps_order_string_is_opened_by_the_wallet(db: Db) {
        let bench = Bench::new(db).await;
        let mut biz = wish("F1", "10.00");
        biz["product_code"] = json!("PRE_AUTH_ONLINE");
        let method = "alipay.fund.auth.order.app.freeze";
        let text = form::encode(&signed(0, method, &biz.to_string(), &[]), Charset::Utf8).unwrap();
        assert_eq!(code(&detail(&bench, "F1").await), "AUTH_ORDER_NOT_EXIST");
        let phone = Browser::new(&bench, "zh");
        let page = phone.open("/wallet").await;
        let page = phone.log_in(&page, "buyer@sandbox.com").await;
        let page = phone.submit(&page, "/wallet/scan", &[("address", &text)]).await;
        page.says("充电宝押金");
        let page = phone.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        assert_eq!(page.title(), "已冻结");
        assert_eq!(detail(&bench, "F1").await["order_status"], "AUTHORIZED");
        bench.assert_balanced().await;
    }

    async fn nobody_who_agrees_in_time_closes_it(db: Db) {
        let bench = Bench::new(db).await;
        let node = voucher(&bench, "F1", "10.00").await;
        bench.schedule.advance_to(start().plus_ms(15 * MINUTE_MS)).await.unwrap();
        let closed = detail(&bench, "F1").await;
        assert_eq!((&closed["order_status"], &closed["status"]), (&json!("CLOSED"), &json!("CLOSED")));
        let page = Browser::new(&bench, "zh").open(node["code_value"].as_str().unwrap()).await;
        assert_eq!(page.title(), "预授权已关闭");
        assert_eq!(code(&voucher(&bench, "F1", "10.00").await), "ORDER_ALREADY_CLOSED");
        let mut longer = wish("F2", "10.00");
        longer["timeout_express"] = json!("1h");
        bench.node(VOUCHER, &longer).await;
        bench.clock.advance_ms(59 * MINUTE_MS);
        assert_eq!(detail(&bench, "F2").await["order_status"], "INIT");
        // Looked at when its time is over, it is over, even before its job ran.
        bench.clock.advance_ms(MINUTE_MS);
        assert_eq!(detail(&bench, "F2").await["order_status"], "CLOSED");
    }

    async fn who_has_too_little_holds_nothing(db: Db) {
        let bench = Bench::new(db).await;
        let node = voucher(&bench, "F1", "10.00").await;
        let phone = Browser::new(&bench, "zh");
        let page = phone.open(node["code_value"].as_str().unwrap()).await;
        let page = phone.log_in(&page, "poor@sandbox.com").await;
        let page = phone.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        page.says("可用余额只有 ¥1.00");
        assert_eq!(detail(&bench, "F1").await["order_status"], "INIT");
        bench.assert_balanced().await;
    }

    async fn money_is_let_go_once_for_a_number(db: Db) {
        let bench = Bench::new(db).await;
        let auth_no = held(&bench, "F1", "99.00").await;
        let free = |number: &str, amount: &str| json!({
            "auth_no": auth_no, "out_request_no": number, "amount": amount, "remark": "归还",
        });
        let params = signed(0, UNFREEZE, &free("u1", "9.00").to_string(), &[("notify_url", NOTIFY)]);
        let node = bench.post(params).await.signed_node(UNFREEZE);
        assert_eq!((code(&node), &node["status"], &node["fund_amount"]), ("10000", &json!("SUCCESS"), &json!("9.00")));
        assert_eq!(bench.node(UNFREEZE, &free("u1", "9.00")).await, node);
        assert_eq!(code(&bench.node(UNFREEZE, &free("u1", "8.00")).await), "UNIQUE_VIOLATION");
        assert_eq!(code(&bench.node(UNFREEZE, &free("u2", "90.01")).await), "REQUEST_AMOUNT_EXCEED");
        assert_eq!(balance(&bench).await, "99910.00");
        bench.assert_balanced().await;
        bench.schedule.settle().await.unwrap();
        let told = bench.merchant.forms();
        let freed = |form: &&alipay::Params| form.get("notify_type") == Some("fund_auth_unfreeze");
        let form = told.iter().find(freed).unwrap();
        assert_eq!(
            (form.get("rest_amount"), form.get("total_unfreeze_amount")),
            (Some("90.00"), Some("9.00"))
        );
        let cancel = json!({"auth_no": auth_no, "out_request_no": "F1r", "remark": "r"});
        assert_eq!(code(&bench.node(CANCEL, &cancel).await), "ILLEGAL_STATUS");
        assert_eq!(code(&bench.node(UNFREEZE, &free("u3", "90.00")).await), "10000");
        assert_eq!(detail(&bench, "F1").await["order_status"], "FINISH");
        // What let go is no operation that could be cancelled, whatever became of the hold.
        let cancel = json!({"auth_no": auth_no, "out_request_no": "u3", "remark": "r"});
        assert_eq!(code(&bench.node(CANCEL, &cancel).await), "ILLEGAL_STATUS");
        assert_eq!(code(&bench.node(UNFREEZE, &free("u4", "1.00")).await), "ORDER_ALREADY_FINISH");
        assert_eq!(balance(&bench).await, "100000.00");
        let other = signed(1, UNFREEZE, &free("u5", "1.00").to_string(), &[]);
        assert!(bench.post(other).await.text().contains("AUTH_ORDER_NOT_EXIST"));
        bench.assert_balanced().await;
        // Nothing is left whose time could be over.
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.schedule.advance_to(start().plus_ms(400 * DAY_MS)).await.unwrap(), 0);
    }

    async fn held_money_is_taken_in_parts_and_the_rest_stays(db: Db) {
        let bench = Bench::new(db).await;
        let auth_no = held(&bench, "F1", "99.00").await;
        let cx = bench.sandbox.context();
        let trade = capture(cx, taking(&bench, &auth_no, offer("T1", 3_000), false)).await.unwrap();
        assert_eq!(trade.offer.out_trade_no, "T1");
        let paid = bench.node("alipay.trade.query", &json!({"out_trade_no": "T1"})).await;
        assert_eq!((&paid["trade_status"], &paid["total_amount"]), (&json!("TRADE_SUCCESS"), &json!("30.00")));
        let now = detail(&bench, "F1").await;
        assert_eq!((&now["rest_amount"], &now["total_pay_amount"]), (&json!("69.00"), &json!("30.00")));
        assert_eq!(balance(&bench).await, "99901.00");
        bench.assert_balanced().await;
        // More than is held, another buyer, another product, the same number: nothing moves.
        let mut other = taking(&bench, &auth_no, offer("T2", 100), false);
        other.buyer_id = Some("2088000000000000".to_owned());
        let mut product = taking(&bench, &auth_no, offer("T2", 100), false);
        "PRE_AUTH_ONLINE".clone_into(&mut product.product_code);
        for (wish, unfit) in [(other, "buyer_id"), (product, "product_code")] {
            let refused = capture(cx, wish).await;
            assert!(matches!(&refused, Err(CaptureError::Hold(FreezeRefusal::Unfit(what))) if *what == unfit), "{refused:?}");
        }
        let much = capture(cx, taking(&bench, &auth_no, offer("T2", 6_901), false)).await;
        assert!(matches!(much, Err(CaptureError::Hold(FreezeRefusal::Exceeds { .. }))), "{much:?}");
        let again = capture(cx, taking(&bench, &auth_no, offer("T1", 3_000), false)).await;
        assert!(matches!(again, Err(CaptureError::Trade(_))), "{again:?}");
        assert_eq!(detail(&bench, "F1").await["rest_amount"], "69.00");
        bench.assert_balanced().await;
        // The last one lets the rest go.
        capture(cx, taking(&bench, &auth_no, offer("T2", 900), true)).await.unwrap();
        let over = detail(&bench, "F1").await;
        assert_eq!((&over["order_status"], &over["total_pay_amount"]), (&json!("FINISH"), &json!("39.00")));
        assert_eq!(balance(&bench).await, "99961.00");
        let refund = json!({"out_trade_no": "T1", "refund_amount": "30.00"});
        assert_eq!(code(&bench.node("alipay.trade.refund", &refund).await), "10000");
        assert_eq!(balance(&bench).await, "99991.00");
        bench.assert_balanced().await;
    }

    async fn held_money_is_taken_by_trade_pay_with_its_auth_no(db: Db) {
        let bench = Bench::new(db).await;
        let auth_no = held(&bench, "F1", "99.00").await;
        let pay = |number: &str, amount: &str, more: Value| {
            let mut biz = json!({
                "out_trade_no": number, "total_amount": amount, "subject": "充电宝租金",
                "product_code": "PRE_AUTH", "auth_no": auth_no,
            });
            biz.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            biz
        };
        let paid = bench.node(PAY, &pay("T1", "30.00", json!({}))).await;
        assert_eq!((code(&paid), &paid["receipt_amount"]), ("10000", &json!("30.00")), "{paid}");
        for (biz, wanted) in [
            (pay("T2", "69.01", json!({})), "ACQ.AUTH_AMOUNT_NOT_ENOUGH"),
            (pay("T2", "1.00", json!({"auth_no": "1"})), "ACQ.AUTH_NO_ERROR"),
            (pay("T2", "1.00", json!({"buyer_id": "2088000000000000"})), "ACQ.PAYER_UNMATCHED"),
            (pay("T2", "1.00", json!({"product_code": "PRE_AUTH_ONLINE"})), "ACQ.PRE_AUTH_PROD_CODE_INCONSISTENT"),
            (pay("T2", "1.00", json!({"auth_confirm_mode": "ALL"})), "ACQ.INVALID_PARAMETER"),
            (pay("T1", "30.00", json!({})), "ACQ.TRADE_HAS_SUCCESS"),
        ] {
            assert_eq!(code(&bench.node(PAY, &biz).await), wanted, "{biz}");
        }
        let last = bench.node(PAY, &pay("T2", "1.00", json!({"auth_confirm_mode": "COMPLETE"}))).await;
        assert_eq!(code(&last), "10000");
        assert_eq!(code(&bench.node(PAY, &pay("T3", "1.00", json!({}))).await), "ACQ.AUTH_ORDER_HAS_FINISHED");
        assert_eq!(balance(&bench).await, "99969.00");
        bench.assert_balanced().await;
    }

    async fn a_hold_is_cancelled_before_and_after_it_holds(db: Db) {
        let bench = Bench::new(db).await;
        voucher(&bench, "F1", "10.00").await;
        let cancel = |number: &str| json!({"out_order_no": number, "out_request_no": format!("{number}r"), "remark": "不要了"});
        let node = bench.node(CANCEL, &cancel("F1")).await;
        assert_eq!((code(&node), &node["action"]), ("10000", &json!("close")));
        assert_eq!(bench.node(CANCEL, &cancel("F1")).await, node);
        held(&bench, "F2", "20.00").await;
        let params = signed(0, CANCEL, &cancel("F2").to_string(), &[("notify_url", NOTIFY)]);
        let node = bench.post(params).await.signed_node(CANCEL);
        assert_eq!(node["action"], "unfreeze");
        assert_eq!(bench.node(CANCEL, &cancel("F2")).await["action"], "unfreeze");
        assert_eq!(balance(&bench).await, "100000.00");
        bench.schedule.settle().await.unwrap();
        let told = bench.merchant.forms();
        let cancelled = |form: &&alipay::Params| form.get("notify_type") == Some("fund_auth_operation_cancel");
        assert_eq!(told.iter().find(cancelled).unwrap().get("rest_amount"), Some("0.00"));
        held(&bench, "F3", "30.00").await;
        bench.clock.advance_ms(24 * HOUR_MS + 1);
        assert_eq!(code(&bench.node(CANCEL, &cancel("F3")).await), "CANCEL_OPERATION_TIME_OUT");
        assert_eq!(code(&bench.node(CANCEL, &cancel("F9")).await), "AUTH_ORDER_NOT_EXIST");
        bench.assert_balanced().await;
    }

    async fn what_is_held_too_long_goes_back_by_itself(db: Db) {
        let bench = Bench::new(db).await;
        with_gateway(&bench).await;
        held(&bench, "F1", "50.00").await;
        bench.schedule.advance_to(start().plus_ms(360 * DAY_MS)).await.unwrap();
        assert_eq!(balance(&bench).await, "100000.00");
        let (_, outgoing) = bench.merchant.came.lock().unwrap().last().unwrap().clone();
        assert_eq!(outgoing.url, "http://shop.example/gateway");
        let form = bench.merchant.forms().pop().unwrap();
        assert_eq!(form.get("notify_type"), Some("fund_auth_unfreeze"));
        assert_eq!(form.get("rest_amount"), Some("0.00"));
        bench.assert_balanced().await;
    }

    async fn what_is_asked_for_wrongly_is_refused_in_words(db: Db) {
        let bench = Bench::new(db).await;
        let with = |name: &str, value: Value| {
            let mut biz = wish("F1", "1.00");
            biz[name] = value;
            biz
        };
        for biz in [
            with("amount", json!("0.00")), with("amount", json!("1.001")), with("amount", json!(null)),
            with("product_code", json!("PRE_AUTH_ONLINE")), with("order_title", json!("")),
            with("out_order_no", json!("")), with("out_request_no", json!(null)),
            with("timeout_express", json!("16d")), with("payee_user_id", json!("2088000000000000")),
        ] {
            let reply = bench.call(VOUCHER, &biz).await;
            assert_eq!(code(&reply.signed_node(VOUCHER)), "ILLEGAL_ARGUMENT", "{biz}");
            assert!(!reply.explain().is_empty());
        }
        for biz in [json!({"out_order_no": "F1"}), json!({"out_request_no": "F1r"})] {
            assert_eq!(code(&bench.node(DETAIL, &biz).await), "ILLEGAL_ARGUMENT", "{biz}");
        }
    }

    async fn starting_over_lets_held_money_go(db: Db) {
        let bench = Bench::new(db).await;
        held(&bench, "F1", "50.00").await;
        voucher(&bench, "F2", "1.00").await;
        assert!(bench.control("reset", json!({})).await.status.is_success());
        assert_eq!(balance(&bench).await, "100000.00");
        bench.assert_balanced().await;
        assert_eq!(code(&detail(&bench, "F1").await), "AUTH_ORDER_NOT_EXIST");
        bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap();
        held(&bench, "F1", "1.00").await;
        bench.assert_balanced().await;
    }
}

//! `alipay.trade.app.pay`: an order string that only a wallet opens.

use crate::support::{Bench, NOTIFY, code, signed};
use alipay::{Charset, form};
use http::StatusCode;
use serde_json::{Value, json};
use store::Db;

fn order_string(out_trade_no: &str, more: &Value) -> String {
    let mut biz = json!({
        "out_trade_no": out_trade_no, "product_code": "QUICK_MSECURITY_PAY",
        "total_amount": "12.00", "subject": "高等数学",
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        biz[name.as_str()] = value.clone();
    }
    let more = [("notify_url", NOTIFY)];
    let params = signed(0, "alipay.trade.app.pay", &biz.to_string(), &more);
    form::encode(&params, Charset::Utf8).unwrap()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn an_order_string_is_opened_by_the_wallet_and_paid(db: Db) {
        let bench = Bench::new(db).await;
        let text = order_string("APP1", &json!({}));
        // Made on the merchant's server, known to nobody: no trade.
        let node = bench.node("alipay.trade.query", &json!({"out_trade_no": "APP1"})).await;
        assert_eq!(code(&node), "ACQ.TRADE_NOT_EXIST");
        let reply = bench.control("trades/APP1/pay", json!({"url": text})).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        let paid = reply.json();
        assert_eq!(paid["product"], "app");
        assert_eq!(paid["trade_status"], "TRADE_SUCCESS");
        assert_eq!(paid["return_url"], Value::Null);
        bench.schedule.settle().await.unwrap();
        let forms = bench.merchant.forms();
        assert_eq!(forms.len(), 1);
        assert_eq!(forms[0].get("buyer_logon_id"), Some("buy***@sandbox.com"));
        // A full refund closes it, and an app is told.
        let refund = json!({"out_trade_no": "APP1", "refund_amount": "12.00"});
        assert_eq!(code(&bench.node("alipay.trade.refund", &refund).await), "10000");
        bench.schedule.settle().await.unwrap();
        let forms = bench.merchant.forms();
        assert_eq!(forms[1].get("trade_status"), Some("TRADE_CLOSED"));
        assert_eq!(forms[1].get("refund_fee"), Some("12.00"));
        bench.assert_balanced().await;
    }

    async fn an_order_string_is_no_call_and_its_signature_counts(db: Db) {
        let bench = Bench::new(db).await;
        let node = bench.node("alipay.trade.app.pay", &json!({})).await;
        assert_eq!(code(&node), "isv.invalid-method");
        let forged = order_string("APP2", &json!({})).replace("12.00", "0.01");
        let reply = bench.control("trades/APP2/pay", json!({"url": forged})).await;
        assert_eq!(reply.json()["sub_code"], "isv.invalid-signature");
        let wrong = order_string("APP2", &json!({"product_code": "FAST_INSTANT_TRADE_PAY"}));
        let reply = bench.control("trades/APP2/pay", json!({"url": wrong})).await;
        assert_eq!(reply.json()["sub_code"], "ACQ.INVALID_PARAMETER");
        let query = json!({"out_trade_no": "APP2"});
        let node = bench.node("alipay.trade.query", &query).await;
        assert_eq!(code(&node), "ACQ.TRADE_NOT_EXIST");

    }
}

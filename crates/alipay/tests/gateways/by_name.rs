//! Methods by their name, and a blocking client's helpers.

use crate::{AtOnce, KEY, NUMBER, app, node, now};
use alipay::{
    Call, Client, Gateway,
    requests::{Pay, Query, Refund},
    testing::{ScriptedTransport, signed_answer, signed_v3_answer},
    v3::Rest,
};
use money::Fen;
use serde_json::json;
use std::sync::Arc;

#[tokio::test]
async fn any_method_goes_through_either_gateway_by_its_name() {
    let body = json!({"max_ratio": 30});
    let script = || {
        Arc::new(ScriptedTransport::new([
            Ok(signed_v3_answer(&KEY, 200, &body, 0)),
            Ok(signed_v3_answer(&KEY, 200, &body, 0)),
            Ok(signed_answer(&KEY, "alipay.of.2030", &node(&body))),
        ]))
    };
    let (calls, of_blocking) = (script(), script());
    let client = Client::new(app(), calls.clone()).with_gateway(Gateway::V3);
    let content = json!({"bill_type": "trade", "bill_date": "2026-08-20"});
    let known = "alipay.data.dataservice.bill.downloadurl.query";
    let answer = client.call_method(known, &content, now()).await.done();
    assert_eq!(answer.expect("done").number("max_ratio"), Some(30));
    let call = Call::new("alipay.of.2030").param("token", "t 1");
    let told = call.clone().rest(Rest::POST);
    assert!(client.send(&told, now()).await.done().is_some());
    // What v3 is not known to have goes through v2.
    assert!(client.send(&call, now()).await.done().is_some());
    let sent = calls.requests();
    assert_eq!(sent[0].method, "GET");
    let query = "/downloadurl/query?bill_date=2026-08-20&bill_type=trade";
    assert!(sent[0].url.ends_with(query));
    assert!(sent[1].url.ends_with("/v3/alipay/of/2030"));
    assert_eq!(sent[1].body, br#"{"token":"t 1"}"#);
    assert!(sent[2].url.contains("/gateway.do?"));

    let blocking = AtOnce(of_blocking.clone());
    let client = alipay::blocking::Client::new(app(), Arc::new(blocking));
    let client = client.with_gateway(Gateway::V3);
    assert!(client.call_method(known, &content, now()).done().is_some());
    assert!(client.send(&told, now()).done().is_some());
    assert!(client.send(&call, now()).done().is_some());
    let urls = |script: &ScriptedTransport| {
        let sent = script.requests().into_iter();
        sent.map(|request| request.url.split("&timestamp").next().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(urls(&of_blocking), urls(&calls));
}

#[test]
fn a_blocking_client_takes_payments_and_refunds_to_their_end() {
    use alipay::poll::{Patience, PayEnd, RefundEnd, Waited};
    let waits =
        json!({"code": "10003", "msg": " order success pay inprocess", "out_trade_no": NUMBER});
    let trade = |status: &str| {
        node(&json!({
            "trade_no": "2026", "out_trade_no": NUMBER, "total_amount": "1.00",
            "trade_status": status,
        }))
    };
    let query = "alipay.trade.query";
    let refunded = node(&json!({
        "trade_no": "2026", "out_trade_no": NUMBER, "refund_fee": "1.00", "fund_change": "Y",
    }));
    let script = Arc::new(ScriptedTransport::new([
        Ok(signed_answer(&KEY, "alipay.trade.pay", &waits)),
        Ok(signed_answer(&KEY, query, &trade("WAIT_BUYER_PAY"))),
        Ok(signed_answer(&KEY, query, &trade("TRADE_SUCCESS"))),
        Ok(signed_answer(&KEY, query, &trade("TRADE_SUCCESS"))),
        Ok(signed_answer(&KEY, query, &trade("TRADE_SUCCESS"))),
        Ok(signed_answer(&KEY, "alipay.trade.refund", &refunded)),
    ]));
    let client = alipay::blocking::Client::new(app(), Arc::new(AtOnce(script.clone())));
    let timer = alipay::blocking::ThreadTimer::new(now);
    let patience = Patience {
        first_ms: 1,
        every_ms: 1,
        questions: 3,
    };
    let pay = Pay::by_barcode(NUMBER, "课", Fen::new(100), "28763443825664394");
    let end = client.pay(&pay, patience, &timer);
    assert!(matches!(end, PayEnd::Paid(_)), "{end:?}");
    let end = client.settle(NUMBER, patience, &timer);
    assert!(matches!(end, PayEnd::Paid(_)), "{end:?}");
    let end = client.wait_until_paid(&Query::by_out_trade_no(NUMBER), patience, &timer);
    assert!(matches!(end, Waited::Paid(_)), "{end:?}");
    let refund = Refund::new(NUMBER, "R1", Fen::new(100));
    let end = client.refund_until_known(&refund, patience, &timer);
    assert!(matches!(end, RefundEnd::Moved(_)), "{end:?}");
    assert_eq!(script.requests().len(), 6);
}

//! The same typed request through v2 and v3, async and blocking: one answer.

use alipay::{
    AlipayTime, Call, Client, Gateway,
    answers::ApiMethod,
    keys::PrivateKey,
    requests::{
        AccountLog, AccountQuery, AgreementModify, AgreementQuery, AgreementUnsign, AppToken,
        AppTokenQuery, Balance, BillDownload, BillType, Cancel, CertDownload, Close, Create,
        Freeze, OauthToken, OldTransfer, OldTransferQuery, OperationCancel, OperationQuery,
        OrderinfoSync, Participant, Pay, Precreate, Query, Refund, RefundApply, RefundQuery,
        RelationBind, RelationQuery, RelationUnbind, Royalty, RoyaltyReceiver, Settle, SettleQuery,
        Transfer, TransferQuery, Unfreeze, UserInfo, VoucherCreate,
    },
    testing::{ScriptedTransport, signed_answer, signed_v3_answer},
    v3::{Rest, rest_of},
};
use money::Fen;
use serde_json::{Value, json};
use std::{
    fmt::Debug,
    sync::{Arc, LazyLock},
};

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));

const NUMBER: &str = "20260821001";

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

fn app() -> alipay::App {
    let gateway = "http://127.0.0.1:8609/gateway.do";
    let key = KEY.public_key().clone();
    alipay::App::new("2021000000000001", gateway, KEY.clone(), key)
}

/// `10000` in front, as v2 has it.
fn node(fields: &Value) -> Value {
    let mut node = json!({"code": "10000", "msg": "Success"});
    let (Some(members), Some(fields)) = (node.as_object_mut(), fields.as_object()) else {
        panic!("objects");
    };
    members.extend(fields.clone());
    node
}

/// An answer without what only v2 says.
fn plain(answer: &impl Debug) -> String {
    let text = format!("{answer:?}");
    ["\"code\", ", "\"msg\", ", "\"code\"", "\"msg\""]
        .into_iter()
        .fold(text, |text, word| text.replace(word, ""))
        .replace(", ]", "]")
}

/// Calls through both gateways and says which addresses were called.
async fn same<R>(request: &R, fields: Value) -> [String; 2]
where
    R: ApiMethod + Sync,
    R::Answer: Debug,
{
    let method = R::METHOD;
    let v2_answer = signed_answer(&KEY, method, &node(&fields));
    let in_v3 = match rest_of(method) {
        Some(_) => signed_v3_answer(&KEY, 200, &fields, now().unix_ms()),
        None => v2_answer.clone(),
    };
    let script = Arc::new(ScriptedTransport::new([Ok(v2_answer), Ok(in_v3)]));
    let client = Client::new(app(), script.clone());
    let v2 = client.execute(request, now()).await;
    let v2 = v2.done().unwrap_or_else(|| panic!("{method} through v2"));
    let client = client.with_gateway(Gateway::V3);
    let v3 = client.execute(request, now()).await.done();
    let v3 = v3.unwrap_or_else(|| panic!("{method} through v3"));
    assert_eq!(plain(&v2), plain(&v3), "{method}");
    let [first, second] = script.requests().try_into().expect("two calls");
    let path = |url: &str| url.strip_prefix("http://127.0.0.1:8609").map(str::to_owned);
    let urls = [path(&first.url), path(&second.url)].map(|url| url.expect("the gateway's"));
    assert!(urls[0].starts_with(&format!(
        "/gateway.do?app_id=2021000000000001&method={method}&"
    )));
    match rest_of(method) {
        Some(rest) => {
            assert!(urls[1].starts_with(&format!("/v3/{}", method.replace('.', "/"))));
            assert_eq!(second.method, rest.verb.as_str(), "{method}");
        }
        None => assert!(urls[1].starts_with("/gateway.do?"), "{method}"),
    }
    urls
}

#[tokio::test]
async fn payments_go_through_either_gateway() {
    let fen = Fen::new(100);
    let paid = json!({
        "trade_no": "2026", "out_trade_no": NUMBER, "buyer_logon_id": "a***@b.example",
        "total_amount": "1.00", "receipt_amount": "1.00", "trade_status": "TRADE_SUCCESS",
        "gmt_payment": "2026-08-21 09:30:00", "buyer_user_id": "2088102",
        "fund_bill_list": [{"fund_channel": "ALIPAYACCOUNT", "amount": "1.00"}],
    });
    let pay = Pay::by_barcode(NUMBER, "课", fen, "28763443825664394");
    same(&pay, paid.clone()).await;
    same(&Query::by_out_trade_no(NUMBER), paid.clone()).await;
    same(&Create::for_open_id(NUMBER, "课", fen, "074a"), paid).await;
    let code = json!({"out_trade_no": NUMBER, "qr_code": "https://qr.alipay.com/bax"});
    same(&Precreate::new(NUMBER, "课", fen), code).await;
    let ended =
        json!({"trade_no": "2026", "out_trade_no": NUMBER, "retry_flag": "N", "action": "close"});
    same(&Cancel::by_out_trade_no(NUMBER), ended.clone()).await;
    same(&Close::by_out_trade_no(NUMBER), ended).await;
    let sync = OrderinfoSync::new("2026", "S1", "CREDIT_AUTH", "{}");
    same(&sync, json!({"trade_no": "2026", "out_request_no": "S1"})).await;
}

#[tokio::test]
async fn refunds_and_shares_go_through_either_gateway() {
    let fen = Fen::new(100);
    let back = json!({
        "trade_no": "2026", "out_trade_no": NUMBER, "out_request_no": "R1", "refund_fee": "1.00",
        "refund_amount": "1.00", "total_amount": "1.00", "fund_change": "Y",
        "refund_status": "REFUND_SUCCESS", "gmt_refund_pay": "2026-08-21 09:30:00",
    });
    same(&Refund::new(NUMBER, "R1", fen), back.clone()).await;
    same(&RefundQuery::new(NUMBER, "R1"), back.clone()).await;
    same(&RefundApply::new(NUMBER, "R1", fen), back).await;
    let settled = json!({
        "trade_no": "2026", "settle_no": "20260821", "out_request_no": "S1",
        "operation_dt": "2026-08-21 09:30:00", "royalty_detail_list": [{
            "operation_type": "transfer", "execute_dt": "2026-08-21 09:30:01",
            "trans_out": "2088001", "trans_out_type": "userId", "trans_in": "2088101",
            "trans_in_type": "userId", "amount": "1.00", "state": "SUCCESS", "detail_id": "1",
        }],
    });
    let shares = vec![Royalty::to_user("2088101", fen)];
    same(&Settle::new("S1", "2026", shares), settled.clone()).await;
    let urls = same(&SettleQuery::new("S1", "2026"), settled).await;
    assert_eq!(
        urls[1],
        "/v3/alipay/trade/order/settle/query?out_request_no=S1&trade_no=2026"
    );
    let receivers = || vec![RoyaltyReceiver::user("2088101")];
    let bound = json!({
        "result_code": "SUCCESS", "receiver_list": [{"type": "userId", "account": "2088101"}],
        "current_page_num": 1, "current_page_size": 20, "total_page_num": 1, "total_record_num": 1,
    });
    same(&RelationBind::new("B1", receivers()), bound.clone()).await;
    same(&RelationUnbind::new("B2", receivers()), bound.clone()).await;
    same(&RelationQuery::new("B3"), bound).await;
}

#[tokio::test]
async fn money_out_and_bills_go_through_either_gateway() {
    let fen = Fen::new(100);
    let went = json!({
        "out_biz_no": "T1", "order_id": "2026", "pay_fund_order_id": "2027", "status": "SUCCESS",
        "trans_date": "2026-08-21 09:30:00", "pay_date": "2026-08-21 09:30:00",
        "trans_amount": "1.00",
    });
    let payee = Participant::user("2088101");
    same(
        &Transfer::to_account("T1", fen, payee, "货款"),
        went.clone(),
    )
    .await;
    same(&TransferQuery::to_account("T1"), went.clone()).await;
    same(&OldTransfer::to_user("T1", "2088101", fen), went.clone()).await;
    same(&OldTransferQuery::by_out_biz_no("T1"), went).await;
    let amounts = json!({
        "available_amount": "9.00", "total_amount": "10.00", "freeze_amount": "1.00",
    });
    same(&AccountQuery::of_user("2088001"), amounts.clone()).await;
    same(&Balance::default(), amounts).await;
    let urls = same(
        &BillDownload::new(BillType::Trade, "2026-08-20"),
        json!({"bill_download_url": "https://a.example/b?c=d"}),
    )
    .await;
    assert!(urls[1].ends_with("?bill_date=2026-08-20&bill_type=trade"));
    let day = |text| AlipayTime::parse(text).expect("a time");
    let log = AccountLog::between(day("2026-08-20 00:00:00"), day("2026-08-21 00:00:00"));
    let lines = json!({"page_no": "1", "page_size": "20", "total_size": "0", "detail_list": []});
    same(&log, lines).await;
}

#[tokio::test]
async fn frozen_money_goes_through_either_gateway() {
    let fen = Fen::new(100);
    let frozen = json!({
        "auth_no": "2026", "out_order_no": "O1", "operation_id": "2027", "out_request_no": "F1",
        "amount": "1.00", "status": "SUCCESS", "payer_user_id": "2088102", "action": "unfreeze",
        "gmt_trans": "2026-08-21 09:30:00", "order_title": "押金", "rest_amount": "0.00",
        "total_freeze_amount": "1.00", "total_pay_amount": "0.00", "remark": "r", "extra": "x",
        "operation_type": "FREEZE", "gmt_create": "2026-08-21 09:30:00", "order_status": "AUTHORIZED",
        "code_type": "qrCode", "code_value": "https://qr.alipay.com/f", "code_url": "https://a.example",
    });
    let freeze = Freeze::by_barcode("O1", "F1", "押金", fen, "28763443825664394");
    same(&freeze, frozen.clone()).await;
    same(&Unfreeze::new("2026", "F1", fen, "还"), frozen.clone()).await;
    same(&VoucherCreate::new("O1", "F1", "押金", fen), frozen.clone()).await;
    same(&OperationQuery::new("O1", "F1"), frozen.clone()).await;
    same(&OperationCancel::new("O1", "F1", "不要了"), frozen).await;
}

#[tokio::test]
async fn agreements_tokens_and_certificates_go_through_either_gateway() {
    let agreement = json!({
        "agreement_no": "2026", "status": "NORMAL", "sign_time": "2026-08-21 09:30:00",
        "valid_time": "2026-08-21 09:30:00", "invalid_time": "2115-02-01 00:00:00",
        "personal_product_code": "GENERAL_WITHHOLDING_P", "sign_scene": "INDUSTRY|EDU",
        "alipay_logon_id": "a***", "principal_type": "CARD", "principal_id": "2088102",
        "deduct_time": "2026-09-21", "execution_plans": [],
    });
    same(&AgreementQuery::by_agreement_no("2026"), agreement.clone()).await;
    same(&AgreementUnsign::by_agreement_no("2026"), agreement.clone()).await;
    same(
        &AgreementModify::new("2026", "2026-09-21", "顺延"),
        agreement,
    )
    .await;
    let token = json!({
        "access_token": "authusrB1", "refresh_token": "authusrB2", "expires_in": "3600",
        "re_expires_in": "7200", "user_id": "2088102", "open_id": "074a",
        "auth_start": "2026-08-21 09:30:00",
    });
    let urls = same(&OauthToken::by_code("c-1"), token).await;
    assert_eq!(urls[1], "/v3/alipay/system/oauth/token");
    let user = json!({"user_id": "2088102", "nick_name": "明", "avatar": "https://a.example/i"});
    let urls = same(&UserInfo::new("authusrB1"), user).await;
    assert_eq!(urls[1], "/v3/alipay/user/info/share?auth_token=authusrB1");
    let merchant = json!({
        "tokens": [{
            "app_auth_token": "t1", "app_refresh_token": "t2", "auth_app_id": "2021",
            "expires_in": 31_536_000, "re_expires_in": 32_140_800, "user_id": "2088001",
        }],
        "app_auth_token": "t1", "app_refresh_token": "t2", "auth_app_id": "2021",
        "expires_in": 31_536_000, "re_expires_in": 32_140_800, "user_id": "2088001",
        "auth_methods": ["alipay.trade.query"], "status": "valid",
        "auth_start": "2026-08-21 09:30:00", "auth_end": "2027-08-21 09:30:00",
    });
    same(&AppToken::by_code("c-1"), merchant.clone()).await;
    same(&AppTokenQuery::new("t1"), merchant).await;
    let certificate = json!({"alipay_cert_content": "LS0tLS1CRUdJTg=="});
    same(&CertDownload::new("0123456789abcdef"), certificate).await;
}

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

/// The script for a client that blocks.
struct AtOnce(Arc<ScriptedTransport>);

impl alipay::blocking::Transport for AtOnce {
    fn send(
        &self,
        request: alipay::transport::HttpRequest,
    ) -> Result<alipay::transport::HttpResponse, alipay::transport::TransportError> {
        use std::{future::Future, pin::pin, task};
        let mut answer = pin!(alipay::transport::Transport::send(&*self.0, request));
        let mut context = task::Context::from_waker(task::Waker::noop());
        match answer.as_mut().poll(&mut context) {
            task::Poll::Ready(answer) => answer,
            task::Poll::Pending => panic!("a script is never waited for"),
        }
    }
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

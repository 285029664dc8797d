//! What is another application's: asked for over both versions with a good key and a good
//! signature, which are not the owner's.

use super::row::{Row, by, form_of, rest_by, row};
use super::scene::{PROVIDERS, Scene};
use crate::support::signed;
use alipay::content::ContentKey;
use sandbox::gateway::{Verb, method_lines};
use serde_json::{Value, json};

/// What the second application calls, and what it is told.
struct Call {
    method: &'static str,
    biz: Value,
    code: &'static str,
    /// Over v3.
    status: u16,
}

fn call(method: &'static str, biz: Value, code: &'static str) -> Call {
    Call {
        method,
        biz,
        code,
        status: if code == "10000" { 200 } else { 400 },
    }
}

fn trades(scene: &Scene<'_>) -> Vec<Call> {
    let none = "ACQ.TRADE_NOT_EXIST";
    let (refund, no) = ("alipay.trade.refund", scene.get("trade"));
    let poor = scene.get("poor");
    let share = json!({"royalty_type": "transfer", "trans_in": poor, "trans_in_type": "userId", "amount": "1.00"});
    let report = json!({"trade_no": no, "out_request_no": "o2", "biz_type": "CREDIT_AUTH", "order_biz_info": "{\"status\":\"CLOSED\"}"});
    vec![
        call(
            refund,
            json!({"out_trade_no": "H1", "refund_amount": "5.00"}),
            none,
        ),
        call(
            refund,
            json!({"trade_no": no, "refund_amount": "5.00"}),
            none,
        ),
        call(
            refund,
            json!({"trade_no": no, "refund_amount": "0.10", "out_request_no": "R1"}),
            none,
        ),
        call(
            "alipay.trade.refund.apply",
            json!({"trade_no": no, "refund_amount": "5.00", "out_request_no": "R2"}),
            none,
        ),
        call(
            "alipay.trade.fastpay.refund.query",
            json!({"trade_no": no, "out_request_no": "R1"}),
            none,
        ),
        call("alipay.trade.query", json!({"trade_no": no}), none),
        call("alipay.trade.query", json!({"out_trade_no": "H3"}), none),
        call("alipay.trade.close", json!({"out_trade_no": "H3"}), none),
        call("alipay.trade.close", json!({"trade_no": no}), none),
        call(
            "alipay.trade.cancel",
            json!({"out_trade_no": "H3"}),
            "10000",
        ),
        call("alipay.trade.cancel", json!({"trade_no": no}), "10000"),
        call("alipay.trade.orderinfo.sync", report, none),
        call(
            "alipay.trade.order.settle",
            json!({"out_request_no": "s2", "trade_no": no, "royalty_parameters": [share]}),
            none,
        ),
        call(
            "alipay.trade.order.settle.query",
            json!({"settle_no": scene.get("settlement")}),
            "MERCHANT_TRADE_NOT_MATCH",
        ),
        call(
            "alipay.trade.order.settle.query",
            json!({"out_request_no": "s1", "trade_no": no}),
            "MERCHANT_TRADE_NOT_MATCH",
        ),
        call(
            "alipay.trade.royalty.relation.unbind",
            json!({"out_request_no": "b2", "receiver_list": [{"type": "userId", "account": poor}]}),
            "10000",
        ),
        call(
            "alipay.trade.precreate",
            json!({"out_trade_no": "X1", "total_amount": "1.00", "subject": "s", "seller_id": "2088721000000001"}),
            "ACQ.INVALID_RECEIVE_ACCOUNT",
        ),
    ]
}

fn holds(scene: &Scene<'_>) -> Vec<Call> {
    let (auth_no, none) = (scene.get("auth_no"), "AUTH_ORDER_NOT_EXIST");
    let take = json!({"out_trade_no": "X2", "total_amount": "1.00", "subject": "s", "product_code": "PRE_AUTH", "auth_no": auth_no});
    vec![
        call(
            "alipay.fund.auth.order.unfreeze",
            json!({"auth_no": auth_no, "out_request_no": "u2", "amount": "1.00", "remark": "r"}),
            none,
        ),
        call(
            "alipay.fund.auth.operation.cancel",
            json!({"auth_no": auth_no, "out_request_no": "F1r", "remark": "r"}),
            none,
        ),
        call(
            "alipay.fund.auth.operation.cancel",
            json!({"out_order_no": "F2", "out_request_no": "F2r", "remark": "r"}),
            none,
        ),
        call(
            "alipay.fund.auth.operation.detail.query",
            json!({"auth_no": auth_no, "operation_id": scene.get("operation")}),
            none,
        ),
        call("alipay.trade.pay", take, "ACQ.AUTH_NO_ERROR"),
    ]
}

fn agreements(scene: &Scene<'_>) -> Vec<Call> {
    let (number, not_yours) = (scene.get("agreement"), "AUTHOREE_IS_NOT_MATCH");
    let move_day =
        json!({"agreement_no": scene.get("cycle"), "deduct_time": "2026-09-02", "memo": "m"});
    let take = json!({
        "out_trade_no": "X3", "total_amount": "1.00", "subject": "s", "product_code": "GENERAL_WITHHOLDING",
        "agreement_params": {"agreement_no": number},
    });
    vec![
        call(
            "alipay.user.agreement.query",
            json!({"agreement_no": number}),
            not_yours,
        ),
        call(
            "alipay.user.agreement.unsign",
            json!({"agreement_no": number}),
            not_yours,
        ),
        call(
            "alipay.user.agreement.executionplan.modify",
            move_day,
            "ILLEGAL_AGREEMENT",
        ),
        call("alipay.trade.pay", take, "ACQ.AGREEMENT_NOT_EXIST"),
    ]
}

fn money(scene: &Scene<'_>) -> Vec<Call> {
    let ask = "alipay.fund.trans.common.query";
    let by_number = json!({"out_biz_no": "T1", "product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"});
    vec![
        call(
            ask,
            json!({"order_id": scene.get("transfer")}),
            "NO_ORDER_PERMISSION",
        ),
        call(ask, by_number, "ORDER_NOT_EXIST"),
        call(
            "alipay.fund.trans.order.query",
            json!({"order_id": scene.get("transfer")}),
            "NO_ORDER_PERMISSION",
        ),
        call(
            "alipay.fund.account.query",
            json!({"alipay_user_id": "2088721000000001", "account_type": "ACCTRANS_ACCOUNT"}),
            "NO_PERMISSION_ACCOUNT",
        ),
        call(
            "alipay.fund.account.query",
            json!({"alipay_user_id": scene.get("buyer"), "account_type": "ACCTRANS_ACCOUNT"}),
            "NO_PERMISSION_ACCOUNT",
        ),
    ]
}

/// What answers well, of the caller's own only.
fn own(scene: &Scene<'_>) -> Vec<Row> {
    let day = json!({"start_time": "2026-08-21 00:00:00", "end_time": "2026-08-21 23:59:59"});
    let log = by(1, "alipay.data.bill.accountlog.query", &day);
    let list = by(
        1,
        "alipay.trade.royalty.relation.batchquery",
        &json!({"out_request_no": "l1"}),
    );
    vec![
        row("another application's account log", log, 200, "10000").hides(scene.get("trade")),
        row("another application's receivers", list, 200, "10000").hides(scene.get("poor")),
    ]
}

/// Tokens and codes that were given to somebody else.
fn tokens(scene: &Scene<'_>) -> Vec<Row> {
    let (login, who) = ("alipay.system.oauth.token", "alipay.user.info.share");
    let grant = "alipay.open.auth.token.app";
    let code =
        json!({"grant_type": "authorization_code", "code": scene.get("fresh_grant")}).to_string();
    let token = scene.get("app_auth_token");
    let ask = json!({"app_auth_token": token}).to_string();
    let query = json!({"out_trade_no": "H1"}).to_string();
    let refund = json!({"out_trade_no": "H1", "refund_amount": "1.00"}).to_string();
    let other = ("app_id", PROVIDERS[1]);
    let second = |what: &str, method: &str, biz: &str, more: &[(&str, &str)], code: &str| {
        row(what, form_of(&signed(1, method, biz, more)), 200, code)
    };
    vec![
        second(
            "another's login code",
            login,
            "",
            &[
                ("grant_type", "authorization_code"),
                ("code", scene.get("fresh_oauth")),
            ],
            "isv.code-invalid",
        ),
        second(
            "another's refresh token",
            login,
            "",
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", scene.get("refresh")),
            ],
            "isv.unmatched-app-id",
        ),
        second(
            "another's access token",
            who,
            "",
            &[("auth_token", scene.get("access"))],
            "aop.invalid-auth-token",
        ),
        second(
            "a grant's code by no provider",
            grant,
            &code,
            &[],
            "APP_NOT_ISV",
        ),
        second(
            "another provider's code",
            grant,
            &code,
            &[other],
            "APP_ID_NOT_CONSISTENT",
        ),
        second(
            "another provider's token, asked about",
            "alipay.open.auth.token.app.query",
            &ask,
            &[other],
            "APP_ID_NOT_CONSISTENT",
        ),
        second(
            "another provider's token",
            "alipay.trade.query",
            &query,
            &[other, ("app_auth_token", token)],
            "aop.invalid-app-auth-token",
        ),
        second(
            "a refund by another provider's token",
            "alipay.trade.refund",
            &refund,
            &[other, ("app_auth_token", token)],
            "aop.invalid-app-auth-token",
        ),
        second(
            "a token by no provider",
            "alipay.trade.refund",
            &refund,
            &[("app_auth_token", token)],
            "aop.invalid-app-auth-token",
        ),
    ]
}

/// Another application's keys, and its token over v3.
fn keys(scene: &Scene<'_>) -> Vec<Row> {
    let refund = json!({"out_trade_no": "H1", "refund_amount": "1.00"});
    let stolen = signed(
        1,
        "alipay.trade.refund",
        &refund.to_string(),
        &[("app_id", "9021000000000001")],
    );
    let path = "/v3/alipay/trade/refund";
    let mut rest = rest_by(0, path, &refund.to_string(), "other-key");
    rest.index = 1;
    let strange = ContentKey::parse("AAAAAAAAAAAAAAAAAAAAAA==").unwrap();
    let locked = strange.encrypt(refund.to_string().as_bytes()).unwrap();
    let encrypted = signed(
        1,
        "alipay.trade.refund",
        &locked,
        &[("encrypt_type", "AES")],
    );
    let with_token = rest_by(
        1,
        "/v3/alipay/trade/refund",
        &refund.to_string(),
        "foreign-token",
    )
    .header("alipay-app-auth-token", scene.get("app_auth_token"));
    vec![
        row(
            "another application's name",
            form_of(&stolen),
            200,
            "isv.invalid-signature",
        ),
        row(
            "another application's name over v3",
            rest.request(),
            400,
            "invalid-signature",
        ),
        row(
            "content under another key",
            form_of(&encrypted),
            200,
            "isv.decryption-error-unknown",
        ),
        row(
            "another provider's token over v3",
            with_token.request(),
            401,
            "invalid-app-auth-token",
        ),
    ]
}

pub(super) fn rows(scene: &Scene<'_>) -> Vec<Row> {
    let calls = [trades(scene), holds(scene), agreements(scene), money(scene)];
    let mut rows = Vec::new();
    for (count, call) in calls.into_iter().flatten().enumerate() {
        let what = format!("another's, {} {}", call.method, call.biz);
        rows.push(row(&what, by(1, call.method, &call.biz), 200, call.code));
        let line = method_lines()
            .find(|line| line.name == call.method)
            .unwrap();
        let Some((verb, path)) = line.v3 else {
            continue;
        };
        let nonce = format!("other-{count}");
        let rest = match verb {
            Verb::Post => rest_by(1, &path, &call.biz.to_string(), &nonce),
            Verb::Get => {
                let mut query = form_urlencoded::Serializer::new(String::new());
                for (name, value) in call.biz.as_object().unwrap() {
                    query.append_pair(name, value.as_str().unwrap());
                }
                let mut rest = rest_by(1, &format!("{path}?{}", query.finish()), "", &nonce);
                rest.verb = "GET";
                rest
            }
        };
        let code = if call.status == 200 { "" } else { call.code };
        rows.push(row(
            &format!("{what} over v3"),
            rest.request(),
            call.status,
            code,
        ));
    }
    rows.extend(own(scene));
    rows.extend(tokens(scene));
    rows.extend(keys(scene));
    rows
}

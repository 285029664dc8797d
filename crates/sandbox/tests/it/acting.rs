//! A service provider's application acts for a merchant.

use crate::rest::{Rest, accepted};
use crate::support::{Bench, NOTIFY, Reply, code, keys, page_link, signed};
use crate::through::{change, order};
use alipay::sign::{self, SignType, Signer};
use alipay::{Charset, Params, form};
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use store::Db;

const QUERY: &str = "alipay.trade.query";
const PRECREATE: &str = "alipay.trade.precreate";
const TOKEN: &str = "alipay.open.auth.token.app";

/// The first application is a service provider's, the second one a merchant's.
async fn bench(db: Db) -> Bench {
    let bench = Bench::new(db).await;
    change(&bench, 0, json!({"third_party": true})).await;
    bench
}

async fn call(bench: &Bench, method: &str, biz: &Value, token: Option<&str>) -> Reply {
    let more: Vec<_> = token
        .into_iter()
        .map(|token| ("app_auth_token", token))
        .collect();
    bench.post(signed(0, method, &biz.to_string(), &more)).await
}

async fn code_of(bench: &Bench) -> String {
    let path = format!("apps/{}/grants", bench.apps[0].app_id);
    let merchant = json!({"merchant_app_id": bench.apps[1].app_id});
    let made = bench.control(&path, merchant).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    made.json()["app_auth_code"].as_str().unwrap().to_owned()
}

async fn exchange(bench: &Bench, code: &str) -> Value {
    let biz = json!({"grant_type": "authorization_code", "code": code});
    call(bench, TOKEN, &biz, None).await.signed_node(TOKEN)
}

async fn token(bench: &Bench) -> String {
    let node = exchange(bench, &code_of(bench).await).await;
    assert_eq!(node["code"], "10000", "{node}");
    node["app_auth_token"].as_str().unwrap().to_owned()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn trades_belong_to_the_merchant_and_notices_go_to_who_acts(db: Db) {
        let bench = bench(db).await;
        let token = token(&bench).await;
        let more = [("app_auth_token", token.as_str()), ("notify_url", NOTIFY)];
        let made = bench.post(signed(0, PRECREATE, &order("I1").to_string(), &more)).await;
        assert_eq!(code(&made.signed_node(PRECREATE)), "10000");
        let paid = bench.control("trades/I1/pay", json!({})).await;
        assert_eq!(paid.status, StatusCode::OK, "{}", paid.text());
        let biz = json!({"out_trade_no": "I1"});
        let node = call(&bench, QUERY, &biz, Some(&token)).await.signed_node(QUERY);
        assert_eq!(node["trade_status"], "TRADE_SUCCESS");
        let own = bench.post(signed(1, QUERY, &biz.to_string(), &[])).await;
        assert!(own.text().contains("TRADE_SUCCESS"), "the merchant's own: {}", own.text());
        bench.schedule.settle().await.unwrap();
        let told = &bench.merchant.forms()[0];
        assert_eq!(told.get("app_id"), Some("9021000000000001"));
        assert_eq!(told.get("auth_app_id"), Some("9021000000000002"));
        assert_eq!(told.get("seller_id"), Some("2088721000000002"));
        let key = keys().alipay[0].public_key();
        let text = sign::notice_text(told);
        sign::verify(key, SignType::Rsa2, text.as_bytes(), told.get("sign").unwrap()).expect("its key");
        let refund = json!({"out_trade_no": "I1", "refund_amount": "8.80"});
        let node = call(&bench, "alipay.trade.refund", &refund, Some(&token)).await;
        assert_eq!(node.signed_node("alipay.trade.refund")["fund_change"], "Y");
        bench.assert_balanced().await;
    }

    async fn without_leave_nothing_is_done_for_a_merchant(db: Db) {
        let bench = bench(db).await;
        let biz = order("W1");
        let none = call(&bench, PRECREATE, &biz, None).await.signed_node(PRECREATE);
        assert_eq!((code(&none), &none["code"]), ("isv.insufficient-isv-permissions", &json!("40006")));
        let unknown = call(&bench, PRECREATE, &biz, Some("202608BBnone")).await.signed_node(PRECREATE);
        assert_eq!((code(&unknown), &unknown["code"]), ("aop.invalid-app-auth-token", &json!("20001")));
        let token = token(&bench).await;
        // Another application's token is nobody's to the merchant itself.
        let foreign = [("app_auth_token", token.as_str())];
        let reply = bench.post(signed(1, PRECREATE, &biz.to_string(), &foreign)).await;
        assert!(reply.text().contains("aop.invalid-app-auth-token"), "{}", reply.text());
        bench.clock.advance_ms(365 * 86_400_000 + 1);
        let late = call(&bench, PRECREATE, &biz, Some(&token)).await.signed_node(PRECREATE);
        assert_eq!(code(&late), "aop.app-auth-token-time-out");
        let fresh = self::token(&bench).await;
        let path = format!("/sandbox/v1/apps/{}/grants/{}", bench.apps[0].app_id, bench.apps[1].app_id);
        let take = || Request::delete(&path).body(Body::empty()).unwrap();
        assert_eq!(bench.send(take()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(bench.send(take()).await.status, StatusCode::NOT_FOUND);
        let gone = call(&bench, PRECREATE, &biz, Some(&fresh)).await.signed_node(PRECREATE);
        assert_eq!(code(&gone), "aop.invalid-app-auth-token");
        assert_eq!(bench.look("trades").await["trades"], json!([]));
    }

    async fn a_code_is_exchanged_once_and_a_token_renewed(db: Db) {
        let bench = bench(db).await;
        let granted = code_of(&bench).await;
        let first = exchange(&bench, &granted).await;
        assert_eq!(first["auth_app_id"], "9021000000000002");
        assert_eq!(first["user_id"], "2088721000000002");
        assert_eq!((&first["expires_in"], &first["re_expires_in"]), (&json!("31536000"), &json!("32140800")));
        assert_eq!(first["tokens"][0]["app_auth_token"], first["app_auth_token"]);
        assert_eq!(code(&exchange(&bench, &granted).await), "AUTH_CODE_NOT_EXIST");
        assert_eq!(code(&exchange(&bench, "none").await), "AUTH_CODE_NOT_EXIST");
        let renew = |token: &Value| json!({"grant_type": "refresh_token", "refresh_token": token});
        let biz = renew(&first["app_refresh_token"]);
        let second = call(&bench, TOKEN, &biz, None).await.signed_node(TOKEN);
        assert_ne!(second["app_auth_token"], first["app_auth_token"]);
        let again = call(&bench, TOKEN, &biz, None).await.signed_node(TOKEN);
        assert_eq!(code(&again), "REFRESH_TOKEN_NOT_EXIST");
        let method = "alipay.open.auth.token.app.query";
        let ask = json!({"app_auth_token": second["app_auth_token"]});
        let node = call(&bench, method, &ask, None).await.signed_node(method);
        assert_eq!((&node["status"], &node["auth_app_id"]), (&json!("valid"), &json!("9021000000000002")));
        let old = json!({"app_auth_token": first["app_auth_token"]});
        let node = call(&bench, method, &old, None).await.signed_node(method);
        assert_eq!(code(&node), "AUTH_TOKEN_NOT_FOUND");
        let wrong = call(&bench, TOKEN, &json!({"grant_type": "password"}), None).await;
        assert_eq!(code(&wrong.signed_node(TOKEN)), "GRANT_TYPE_INVALID");
        let late = code_of(&bench).await;
        bench.clock.advance_ms(86_400_001);
        assert_eq!(code(&exchange(&bench, &late).await), "AUTH_CODE_NOT_VALID");
        let merchant = bench.post(signed(1, TOKEN, "{}", &[])).await;
        assert!(merchant.text().contains("APP_NOT_ISV"), "{}", merchant.text());
        // What the merchant took back is neither renewed nor exchanged.
        let waiting = code_of(&bench).await;
        let path = format!("/sandbox/v1/apps/{}/grants/{}", bench.apps[0].app_id, bench.apps[1].app_id);
        let take = Request::delete(&path).body(Body::empty()).unwrap();
        assert_eq!(bench.send(take).await.status, StatusCode::NO_CONTENT);
        let biz = renew(&second["app_refresh_token"]);
        let gone = call(&bench, TOKEN, &biz, None).await.signed_node(TOKEN);
        assert_eq!(code(&gone), "REFRESH_TOKEN_NOT_EXIST");
        assert_eq!(code(&exchange(&bench, &waiting).await), "AUTH_CODE_NOT_EXIST");
    }

    async fn over_v3_the_token_is_a_header_and_signed(db: Db) {
        let bench = bench(db).await;
        let token = token(&bench).await;
        let path = "/v3/alipay/trade/precreate";
        let body = order("I3").to_string();
        let call = Rest::new("POST", path, &body, "1").header("alipay-app-auth-token", &token);
        accepted(&call.send(&bench).await);
        let list = bench.look("trades?app_id=9021000000000002").await;
        assert_eq!(list["trades"].as_array().unwrap().len(), 1);
        let own = Rest::new("POST", path, &body, "2").send(&bench).await;
        assert_eq!(own.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_merchant_agrees_on_a_page(db: Db) {
        let bench = bench(db).await;
        let address = "/oauth2/appToAppAuth.htm?app_id=9021000000000001&state=s1&redirect_uri=http%3A%2F%2Fisv.example%2Fback%3Fa%3D1";
        let page = bench.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("http://isv.example"), "{policy}");
        assert!(page.text().contains("9021000000000002") && page.text().contains("mall"));
        let text = page.text();
        let csrf = text.split("name=\"csrf_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let cookie = page.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let send = |csrf: &str, merchant: &str| {
            let fields = Params::from([
                ("csrf_token", csrf), ("app_id", "9021000000000001"), ("state", "s1"),
                ("redirect_uri", "http://isv.example/back?a=1"), ("merchant_app_id", merchant),
            ]);
            let request = Request::post("/oauth2/appToAppAuth.htm")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("cookie", &cookie)
                .body(Body::from(form::encode(&fields, Charset::Utf8).unwrap()))
                .unwrap();
            bench.send(request)
        };
        assert_eq!(send("forged", "9021000000000002").await.status, StatusCode::FORBIDDEN);
        assert_eq!(send(csrf, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let back = send(csrf, "9021000000000002").await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text());
        let location = back.header("location").unwrap();
        let start = "http://isv.example/back?a=1&app_id=9021000000000001&source=alipay_app_auth&app_auth_code=";
        let rest = location.strip_prefix(start).unwrap_or_else(|| panic!("{location}"));
        let granted = rest.strip_suffix("&state=s1").unwrap();
        assert_eq!(exchange(&bench, granted).await["code"], "10000");
        for address in [
            "/oauth2/appToAppAuth.htm?app_id=9021000000000002&redirect_uri=http%3A%2F%2Fisv.example%2F",
            "/oauth2/appToAppAuth.htm?app_id=9021000000000001&redirect_uri=javascript%3Aalert(1)",
        ] {
            assert!(bench.get(address).await.status.is_client_error(), "{address}");
        }
    }

    async fn an_old_application_is_answered_and_told_with_sha1(db: Db) {
        let bench = Bench::new(db).await;
        let pem = crate::modes::short_key();
        let body = json!({"sign_type": "RSA", "app_public_key": pem.public_key().to_base64()});
        change(&bench, 0, body).await;
        let by_sha1 = |biz: &Value, more: &[(&str, &str)]| {
            let mut params = crate::support::unsigned(0, PRECREATE, &biz.to_string());
            for (name, value) in more {
                params.set(name, value);
            }
            params.set("sign_type", "RSA");
            let text = sign::request_text(&params);
            params.set("sign", &pem.sign(SignType::Rsa, text.as_bytes()).unwrap());
            params
        };
        let made = bench.post(by_sha1(&order("S1"), &[("notify_url", NOTIFY)])).await;
        let (raw, signature) = made.cut(PRECREATE);
        let key = keys().alipay[0].public_key();
        sign::verify(key, SignType::Rsa, raw.as_bytes(), &signature.unwrap()).expect("SHA-1");
        assert!(raw.contains("\"code\":\"10000\""), "{raw}");
        bench.control("trades/S1/pay", json!({})).await;
        bench.schedule.settle().await.unwrap();
        let told = &bench.merchant.forms()[0];
        assert_eq!(told.get("sign_type"), Some("RSA"));
        let text = sign::notice_text(told);
        sign::verify(key, SignType::Rsa, text.as_bytes(), told.get("sign").unwrap()).expect("SHA-1");
        // Its key is too short for anything else, and v3 has nothing else.
        let newer = bench.post(signed(0, PRECREATE, &order("S2").to_string(), &[])).await;
        assert!(newer.text().contains("isv.missing-signature-config"), "{}", newer.text());
        let rest = Rest::new("POST", "/v3/alipay/trade/precreate", "{}", "1").send(&bench).await;
        assert!(rest.text().contains("missing-signature-config"), "{}", rest.text());
        assert!(bench.open(&page_link("S3", "1.00")).await.is_err());
        // Changing how it signs without a longer key is refused.
        let path = format!("/sandbox/v1/apps/{}", bench.apps[0].app_id);
        let request = Request::patch(path).header("content-type", "application/json");
        let reply = bench.send(request.body(Body::from("{\"sign_type\":\"RSA2\"}")).unwrap()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    }
}

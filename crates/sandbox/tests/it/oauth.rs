//! A login with Alipay: the page, the code, the token, and who it is about.

use crate::browser::Browser;
use crate::support::{Bench, Reply, code, sign_params, start};
use alipay::{Charset, Params, form};
use http::StatusCode;
use kernel::Clock;
use kernel::time::{DAY_MS, MINUTE_MS};
use serde_json::{Value, json};
use store::Db;

pub(crate) const TOKEN: &str = "alipay.system.oauth.token";
pub(crate) const INFO: &str = "alipay.user.info.share";
const BACK: &str = "https://shop.example/login?from=a%20b";

fn page(app_id: &str, scope: &str, state: &str) -> String {
    let query = form::encode(
        &Params::from([
            ("app_id", app_id),
            ("scope", scope),
            ("redirect_uri", BACK),
            ("state", state),
        ]),
        Charset::Utf8,
    )
    .unwrap();
    format!("/oauth2/publicAppAuthorize.htm?{query}")
}

/// Calls a method whose fields are parameters of their own.
pub(crate) async fn top(
    bench: &Bench,
    index: usize,
    method: &str,
    fields: &[(&str, &str)],
) -> Reply {
    let app_id = bench.apps[index].app_id.clone();
    let mut params = Params::from([
        ("app_id", app_id.as_str()),
        ("method", method),
        ("format", "JSON"),
        ("charset", "utf-8"),
        ("sign_type", "RSA2"),
        ("timestamp", "2026-08-21 09:30:00"),
        ("version", "1.0"),
    ]);
    for (name, value) in fields {
        params.set(name, value);
    }
    bench.post(sign_params(params, index)).await
}

/// The sub code in an error's own node.
pub(crate) fn refused(reply: &Reply) -> String {
    let whole = reply.json();
    assert_eq!(whole["error_response"]["code"], "40002", "{whole}");
    assert!(!reply.explain().is_empty());
    whole["error_response"]["sub_code"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Logs in, agrees, and returns what the browser takes back.
pub(crate) async fn agreed(bench: &Bench, scope: &str) -> Params {
    let browser = Browser::new(bench, "zh");
    let asked = browser
        .open(&page(&bench.apps[0].app_id, scope, "st/1 &"))
        .await;
    let asked = if asked.has("#password") {
        browser.log_in(&asked, "buyer@sandbox.com").await
    } else {
        asked
    };
    let gone = browser.submit(&asked, "/agree", &[]).await;
    back(&gone.refresh.expect("a way back"))
}

fn back(refresh: &str) -> Params {
    let (_, url) = refresh.split_once("url=").unwrap();
    let (address, query) = url.split_once('?').unwrap();
    assert_eq!(address, "https://shop.example/login");
    form::decode(query.as_bytes(), Charset::Utf8).unwrap()
}

pub(crate) async fn exchanged(bench: &Bench, scope: &str) -> Value {
    let went = agreed(bench, scope).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", went.get("auth_code").unwrap()),
    ];
    top(bench, 0, TOKEN, &fields).await.signed_node(TOKEN)
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn who_agrees_comes_back_with_a_code_that_is_a_token_once(db: Db) {
        let bench = Bench::new(db).await;
        let went = agreed(&bench, "auth_user").await;
        for (name, value) in [
            ("from", "a b"), ("app_id", "9021000000000001"), ("scope", "auth_user"),
            ("state", "st/1 &"), ("source", "alipay_wallet"),
        ] {
            assert_eq!(went.get(name), Some(value), "{name}");
        }
        let code = went.get("auth_code").unwrap();
        let fields = [("grant_type", "authorization_code"), ("code", code)];
        // Another application's code is as good as none.
        assert_eq!(refused(&top(&bench, 1, TOKEN, &fields).await), "isv.code-invalid");
        let reply = top(&bench, 0, TOKEN, &fields).await;
        let node = reply.signed_node(TOKEN);
        let user_id = bench.look("accounts/buyer@sandbox.com").await["user_id"].clone();
        assert_eq!((&node["user_id"], &node["alipay_user_id"]), (&user_id, &user_id));
        assert_eq!((&node["expires_in"], &node["re_expires_in"]), (&json!(1_296_000), &json!(2_592_000)));
        assert_eq!(node["auth_start"], "2026-08-21 09:30:00");
        assert_eq!((&node["code"], &node["msg"]), (&json!(null), &json!(null)));
        assert_eq!(refused(&top(&bench, 0, TOKEN, &fields).await), "isv.code-invalid");

        let token = node["access_token"].as_str().unwrap();
        let who = top(&bench, 0, INFO, &[("auth_token", token)]).await.signed_node(INFO);
        assert_eq!((&who["code"], &who["user_id"]), (&json!("10000"), &user_id));
        assert_eq!((&who["nick_name"], &who["gender"]), (&json!("沙箱环境"), &json!("M")));
        assert_eq!((&who["user_status"], &who["is_certified"], &who["user_type"]), (&json!("T"), &json!("T"), &json!("2")));
        // Nobody else's, and none at all.
        for (index, fields) in [(1, vec![("auth_token", token)]), (0, vec![("auth_token", "x")]), (0, vec![])] {
            let reply = top(&bench, index, INFO, &fields).await;
            assert!(reply.text().contains("aop.invalid-auth-token"), "{}", reply.text());
        }
    }

    async fn a_code_is_short_lived_and_a_token_is_renewed_once(db: Db) {
        let bench = Bench::new(db).await;
        let went = agreed(&bench, "auth_user").await;
        bench.clock.advance_ms(3 * MINUTE_MS);
        let fields = [("grant_type", "authorization_code"), ("code", went.get("auth_code").unwrap())];
        assert_eq!(refused(&top(&bench, 0, TOKEN, &fields).await), "isv.code-invalid");

        let first = exchanged(&bench, "auth_user").await;
        let renew = |node: &Value| node["refresh_token"].as_str().unwrap().to_owned();
        let refresh = renew(&first);
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
        assert_eq!(refused(&top(&bench, 1, TOKEN, &fields).await), "isv.unmatched-app-id");
        bench.clock.advance_ms(16 * DAY_MS);
        let old = first["access_token"].as_str().unwrap();
        let node = top(&bench, 0, INFO, &[("auth_token", old)]).await.signed_node(INFO);
        assert_eq!(code(&node), "aop.auth-token-time-out");
        let second = top(&bench, 0, TOKEN, &fields).await.signed_node(TOKEN);
        assert_ne!(second["access_token"], first["access_token"]);
        assert_eq!(second["auth_start"], first["auth_start"]);
        assert_eq!(refused(&top(&bench, 0, TOKEN, &fields).await), "isv.refreshed-token-invalid");
        let node = top(&bench, 0, INFO, &[("auth_token", old)]).await.signed_node(INFO);
        assert_eq!(code(&node), "aop.invalid-auth-token");
        bench.clock.advance_ms(30 * DAY_MS);
        let refresh = renew(&second);
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
        assert_eq!(refused(&top(&bench, 0, TOKEN, &fields).await), "isv.refresh-token-time-out");
        assert!(bench.clock.now() > start());
    }

    async fn the_base_scope_tells_the_number_and_nothing_else(db: Db) {
        let bench = Bench::new(db).await;
        let node = exchanged(&bench, "auth_base").await;
        assert!(node["user_id"].is_string());
        let token = node["access_token"].as_str().unwrap();
        let who = top(&bench, 0, INFO, &[("auth_token", token)]).await.signed_node(INFO);
        assert_eq!(code(&who), "isv.insufficient-user-permissions");
        assert_eq!(who["code"], "40006");
    }

    async fn who_refuses_comes_back_without_a_code(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        let asked = browser.open(&page(&bench.apps[0].app_id, "auth_user", "s1")).await;
        asked.says("Tongbao School asks to know");
        let gone = browser.submit(&asked, "/refuse", &[]).await;
        let went = back(gone.refresh.as_ref().unwrap());
        assert_eq!((went.get("auth_code"), went.get("error")), (None, Some("access_denied")));
        assert_eq!(went.get("state"), Some("s1"));
        // The question was answered.
        assert_eq!(browser.open(&asked.path).await.status, StatusCode::GONE);
    }

    async fn a_wrong_question_is_not_asked(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let app_id = &bench.apps[0].app_id;
        for path in [
            page("9021000000000009", "auth_user", ""),
            page(app_id, "auth_all", ""),
            page(app_id, "", ""),
            page(app_id, "auth_user", &"s".repeat(513)),
            format!("/oauth2/publicAppAuthorize.htm?app_id={app_id}&scope=auth_user&redirect_uri=javascript%3Aalert(1)"),
            format!("/oauth2/publicAppAuthorize.htm?app_id={app_id}&scope=auth_user"),
        ] {
            assert_eq!(browser.open(&path).await.status, StatusCode::GONE, "{path}");
        }
        for (fields, wanted) in [
            (vec![("biz_content", r#"{"grant_type":"authorization_code","code":"x"}"#)], "isv.grant-type-invalid"),
            (vec![("grant_type", "password")], "isv.grant-type-invalid"),
            (vec![("grant_type", "authorization_code")], "isv.code-invalid"),
            (vec![("grant_type", "refresh_token"), ("refresh_token", "x")], "isv.refresh-token-invalid"),
        ] {
            assert_eq!(refused(&top(&bench, 0, TOKEN, &fields).await), wanted);
        }
    }

    async fn a_form_from_elsewhere_agrees_to_nothing(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let asked = browser.open(&page(&bench.apps[0].app_id, "auth_user", "")).await;
        let asked = browser.log_in(&asked, "buyer@sandbox.com").await;
        let (target, _) = asked.form("/agree", &[]);
        let reply = browser.post(&target, "csrf_token=forged".to_owned()).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        assert_eq!(browser.open(&asked.path).await.status, StatusCode::OK);
    }
}

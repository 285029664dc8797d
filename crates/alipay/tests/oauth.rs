//! Tokens of users and merchants, certificates, and calling methods by their name.

use alipay::{
    AlipayTime, Call, Outcome,
    requests::{AppToken, AppTokenQuery, CertDownload, Method, OauthToken, UserInfo},
    testing::TestGateway,
};
use serde_json::json;

const TOKEN: &str = "alipay.system.oauth.token";

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

#[tokio::test]
async fn a_users_token_comes_without_a_code() {
    let gateway = TestGateway::new();
    let node = json!({
        "access_token": "authusrB7f", "auth_start": "2026-08-21 09:29:58",
        "expires_in": 1_296_000, "re_expires_in": 2_592_000, "refresh_token": "authusrB7g",
        "open_id": "074a1CcTG1",
    });
    gateway.answers(TOKEN, &node);
    let request = OauthToken::by_code("4b203fe6c11548bcabd8da5bb087a83b");
    let token = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(token.access_token.expose(), "authusrB7f");
    assert_eq!(
        (token.expires_in, token.re_expires_in),
        (Some(1_296_000), Some(2_592_000))
    );
    let sent = gateway.received().remove(0);
    assert_eq!(sent.get("grant_type"), Some("authorization_code"));
    assert_eq!(sent.get("code"), Some("4b203fe6c11548bcabd8da5bb087a83b"));
    assert_eq!(sent.get("biz_content"), None);
    // Neither the question nor the answer shows what it holds.
    let shown = format!("{request:?} {token:?}");
    assert!(
        !shown.contains("4b203fe6") && !shown.contains("authusr"),
        "{shown}"
    );

    gateway.answers(TOKEN, &node);
    let request = OauthToken::by_refresh_token("authusrB7g");
    assert!(
        gateway
            .client()
            .execute(&request, now())
            .await
            .done()
            .is_some()
    );
    let sent = gateway.received().remove(1);
    assert_eq!(sent.get("grant_type"), Some("refresh_token"));
    assert_eq!(sent.get("refresh_token"), Some("authusrB7g"));
}

#[tokio::test]
async fn a_bad_code_is_refused_and_half_an_answer_unknown() {
    let gateway = TestGateway::new();
    let request = OauthToken::by_code("used");
    let no = json!({
        "code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.code-invalid",
        "sub_msg": "授权码code无效",
    });
    gateway.answers(TOKEN, &no);
    let refused = gateway.client().execute(&request, now()).await;
    assert!(refused.refusal().expect("refused").is("isv.code-invalid"));
    // An error never counts as a token, whatever else it holds.
    gateway.answers(
        TOKEN,
        &json!({"sub_code": "isv.code-invalid", "access_token": "x"}),
    );
    gateway.answers(TOKEN, &json!({"user_id": "2088"}));
    gateway.loses();
    for _ in 0..3 {
        assert!(gateway.client().execute(&request, now()).await.is_unknown());
    }
    // No other method may do without a code.
    gateway.answers(
        "alipay.user.info.share",
        &json!({"access_token": "x", "user_id": "2088"}),
    );
    let info = gateway
        .client()
        .execute(&UserInfo::new("authusrB7f"), now())
        .await;
    assert!(info.is_unknown());
    assert!(OauthToken::by_code("").biz_content().is_err());
}

#[tokio::test]
async fn a_user_shares_what_they_like() {
    let gateway = TestGateway::new();
    let method = "alipay.user.info.share";
    gateway.done(
        method,
        &json!({
            "user_id": "2088102104794936", "avatar": "https://tfs.alipayobjects.com/x",
            "nick_name": "支付宝小二", "gender": "m", "shoe_size": "42",
        }),
    );
    let request = UserInfo::new("authusrB7f");
    let info = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(info.nick_name.as_deref(), Some("支付宝小二"));
    assert_eq!(info.city, None);
    assert_eq!(info.node.text("shoe_size"), Some("42"));
    let sent = gateway.received().remove(0);
    assert_eq!(sent.get("auth_token"), Some("authusrB7f"));
    gateway.answers(
        method,
        &json!({"code": "20001", "msg": "no", "sub_code": "aop.invalid-auth-token", "sub_msg": "x"}),
    );
    assert!(
        gateway
            .client()
            .execute(&request, now())
            .await
            .refusal()
            .is_some()
    );
}

#[tokio::test]
async fn a_merchants_token_is_fetched_and_asked_about() {
    let gateway = TestGateway::new();
    let one = json!({
        "app_auth_token": "202608BB8", "app_refresh_token": "202608BB9",
        "auth_app_id": "2021000000000003", "user_id": "2088", "expires_in": 31_536_000,
        "re_expires_in": "32140800",
    });
    let mut fields = one.clone();
    fields["tokens"] = json!([one]);
    gateway.done("alipay.open.auth.token.app", &fields);
    let request = AppToken::by_code("P8f2");
    let token = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(token.tokens[0].app_auth_token.expose(), "202608BB8");
    assert_eq!(token.re_expires_in, Some(32_140_800));
    assert_eq!(
        gateway.last_biz_content(),
        json!({"grant_type": "authorization_code", "code": "P8f2"})
    );
    gateway.refuses("alipay.open.auth.token.app", "AUTH_CODE_NOT_VALID");
    assert!(
        gateway
            .client()
            .execute(&request, now())
            .await
            .refusal()
            .is_some()
    );
    assert!(
        AppToken::by_refresh_token("202608BB9")
            .biz_content()
            .is_ok()
    );
    assert!(AppToken::default().biz_content().is_err());

    gateway.done(
        "alipay.open.auth.token.app.query",
        &json!({
            "user_id": "2088", "auth_app_id": "2021000000000003", "expires_in": 31_536_000,
            "auth_methods": ["alipay.trade.query"], "status": "valid",
        }),
    );
    let query = AppTokenQuery::new("202608BB8");
    let found = gateway
        .client()
        .execute(&query, now())
        .await
        .done()
        .expect("done");
    assert_eq!(found.auth_methods, ["alipay.trade.query"]);
}

#[tokio::test]
async fn a_certificate_is_fetched() {
    let gateway = TestGateway::new();
    let method = "alipay.open.app.alipaycert.download";
    gateway.done(method, &json!({"alipay_cert_content": "LS0tLS1CRUdJTg=="}));
    let request = CertDownload::new("687b59193f3f462dd5336e5abf83c5d8");
    let found = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(found.alipay_cert_content, "LS0tLS1CRUdJTg==");
    gateway.loses();
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
}

#[tokio::test]
async fn any_method_can_be_called_by_its_name() {
    #[derive(serde::Deserialize)]
    struct Rate {
        max_ratio: u32,
        user_id: String,
    }
    let gateway = TestGateway::new();
    let method = "alipay.trade.royalty.rate.query";
    gateway.done(method, &json!({"user_id": "2088", "max_ratio": 80}));
    let biz_content = json!({"out_request_no": "R1"});
    let answer = gateway
        .client()
        .call_method(method, &biz_content, now())
        .await;
    let answer = answer.done().expect("done");
    let rate = answer.read::<Rate>().expect("a rate");
    assert_eq!((rate.max_ratio, rate.user_id.as_str()), (80, "2088"));
    assert_eq!(answer.number("max_ratio"), Some(80));
    assert!(answer.raw.contains("\"max_ratio\":80"));
    assert!(answer.read::<Vec<String>>().is_err());
    assert_eq!(gateway.last_biz_content(), biz_content);

    let call = Call::new(method)
        .biz_content(&biz_content)
        .expect("JSON")
        .param("app_auth_token", "202608BB8")
        .notify_url("https://shop.example/n")
        .about("user_id", "2088");
    gateway.done(method, &json!({"user_id": "2099", "max_ratio": 80}));
    assert!(gateway.client().send(&call, now()).await.is_unknown());
    let sent = gateway.received().remove(1);
    assert_eq!(sent.get("app_auth_token"), Some("202608BB8"));
    assert_eq!(sent.get("notify_url"), Some("https://shop.example/n"));
    assert!(!format!("{call:?}").contains("202608BB8"));

    // What the client itself says cannot be said twice.
    for name in ["app_id", "sign", "biz_content"] {
        let call = Call::new(method)
            .biz_content(&biz_content)
            .expect("JSON")
            .param(name, "x");
        match gateway.client().send(&call, now()).await {
            Outcome::Refused(no) => assert!(no.sub_msg.contains(name), "{no}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    assert_eq!(gateway.called().len(), 2);
}

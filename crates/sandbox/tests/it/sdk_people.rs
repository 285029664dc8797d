//! Every typed method of holds, logins, merchants' tokens and certificates, through every face of
//! the SDK.

use crate::browser::Browser;
use crate::sdk_faces::{Face, done, faces, refused};
use crate::support::Bench;
use crate::through::{certs, change, text};
use alipay::answers::{FreezeCancelAction, FrozenOrderStatus, OperationStatus};
use alipay::requests::{
    AppFreeze, AppToken, AppTokenQuery, CertDownload, OauthToken, OperationCancel, OperationQuery,
    Unfreeze, UserInfo, VoucherCreate,
};
use alipay::{Charset, Outcome, form};
use http::StatusCode;
use money::Fen;
use serde_json::json;
use store::Db;

/// What the tests of this file ask.
pub(crate) const HOLDS: &[&str] = &[
    "alipay.fund.auth.operation.cancel",
    "alipay.fund.auth.operation.detail.query",
    "alipay.fund.auth.order.app.freeze",
    "alipay.fund.auth.order.unfreeze",
    "alipay.fund.auth.order.voucher.create",
];
pub(crate) const LOGINS: &[&str] = &["alipay.system.oauth.token", "alipay.user.info.share"];
pub(crate) const TOKENS: &[&str] = &[
    "alipay.open.auth.token.app",
    "alipay.open.auth.token.app.query",
];
pub(crate) const CERTIFICATES: &[&str] = &["alipay.open.app.alipaycert.download"];

/// A hold by QR code and one by app, agreed to on a phone, let go in part and cancelled.
async fn holds(bench: &Bench, face: &Face) {
    let (amount, phone) = (Fen::new(9_900), Browser::new(bench, "zh"));
    let wallet = phone.open("/wallet").await;
    phone.log_in(&wallet, "buyer@sandbox.com").await;
    let by_code = VoucherCreate::new(&face.number("Q"), "q1", "押金", amount);
    let code = done(face.ask(&by_code).await);
    let by_app = AppFreeze::new(&face.number("A"), "a1", "押金", amount);
    let scanned = [code.code_value, face.order_string(&by_app)];
    for (asked, (name, request)) in scanned.iter().zip([("Q", "q1"), ("A", "a1")]) {
        let wallet = phone.open("/wallet").await;
        let page = phone
            .submit(&wallet, "/wallet/scan", &[("address", asked)])
            .await;
        let page = phone
            .submit(&page, "/agree", &[("pay_password", "111111")])
            .await;
        assert_eq!(page.title(), "已冻结");
        let held = OperationQuery::new(&face.number(name), request);
        let held = done(face.ask(&held).await);
        assert_eq!(held.order_status, Some(FrozenOrderStatus::Authorized));
        assert_eq!(
            (held.status, held.rest_amount),
            (OperationStatus::Success, Some(amount))
        );
        let free = Unfreeze::new(&held.auth_no.unwrap(), "u1", Fen::new(900), "归还");
        let free = done(face.ask(&free).await);
        assert_eq!(
            (free.amount, free.status),
            (Fen::new(900), OperationStatus::Success)
        );
    }
    let unasked = VoucherCreate::new(&face.number("C"), "c1", "押金", amount);
    done(face.ask(&unasked).await);
    let cancel = OperationCancel::new(&face.number("C"), "c1", "不要了");
    assert_eq!(
        done(face.ask(&cancel).await).action,
        Some(FreezeCancelAction::Close)
    );
    let none = OperationQuery::new(&face.number("X"), "x1");
    refused(face.ask(&none).await, "AUTH_ORDER_NOT_EXIST");
    face.has_asked(HOLDS);
}

/// A user who logs in: their token, what they tell, and a new token for the old one.
async fn logins(bench: &Bench, face: &Face) {
    let app_id = &bench.apps[0].app_id;
    let page = format!(
        "/oauth2/publicAppAuthorize.htm?app_id={app_id}&scope=auth_user&redirect_uri=https%3A%2F%2Fshop.example%2Flogin"
    );
    let browser = Browser::new(bench, "zh");
    let asked = browser.open(&page).await;
    let asked = browser.log_in(&asked, "buyer@sandbox.com").await;
    let gone = browser.submit(&asked, "/agree", &[]).await.refresh.unwrap();
    let (_, query) = gone.split_once('?').unwrap();
    let went = form::decode(query.as_bytes(), Charset::Utf8).unwrap();
    let code = OauthToken::by_code(went.get("auth_code").unwrap());
    let token = done(face.ask(&code).await);
    assert_eq!(token.expires_in, Some(1_296_000));
    refused(face.ask(&code).await, "isv.code-invalid");
    let who = done(face.ask(&UserInfo::new(token.access_token.expose())).await);
    assert_eq!(
        (who.user_id, who.nick_name.as_deref()),
        (token.user_id, Some("沙箱环境"))
    );
    let refresh = token.refresh_token.unwrap();
    let again = done(
        face.ask(&OauthToken::by_refresh_token(refresh.expose()))
            .await,
    );
    assert_ne!(again.access_token, token.access_token);
    let other = face.ask(&UserInfo::new("nobodys")).await;
    assert!(
        matches!(other, Outcome::Refused(_) | Outcome::Unknown(_)),
        "{other:?}"
    );
    face.has_asked(LOGINS);
}

/// A merchant who gives leave: the token, what it allows, and a new one.
async fn tokens(bench: &Bench, face: &Face) {
    let path = format!("apps/{}/grants", bench.apps[0].app_id);
    let merchant = &bench.apps[1].app_id;
    let made = bench
        .control(&path, json!({"merchant_app_id": merchant}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let code = AppToken::by_code(made.json()["app_auth_code"].as_str().unwrap());
    let first = done(face.ask(&code).await);
    assert_eq!(first.auth_app_id.as_ref(), Some(merchant));
    assert_eq!(first.tokens.len(), 1);
    let refresh = first.app_refresh_token.unwrap();
    let second = done(
        face.ask(&AppToken::by_refresh_token(refresh.expose()))
            .await,
    );
    let ask = AppTokenQuery::new(second.app_auth_token.unwrap().expose());
    let asked = done(face.ask(&ask).await);
    assert_eq!(
        (asked.auth_app_id.as_ref(), asked.status.as_deref()),
        (Some(merchant), Some("valid"))
    );
    face.has_asked(TOKENS);
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn every_face_holds_money_and_lets_it_go(db: Db) {
        let bench = Bench::new(db).await;
        for face in faces(&bench).await {
            holds(&bench, &face).await;
        }
        bench.assert_balanced().await;
    }

    async fn every_face_learns_who_logged_in(db: Db) {
        let bench = Bench::new(db).await;
        for face in faces(&bench).await {
            logins(&bench, &face).await;
        }
    }

    async fn every_face_acts_for_a_merchant(db: Db) {
        let bench = Bench::new(db).await;
        change(&bench, 0, json!({"third_party": true})).await;
        for face in faces(&bench).await {
            tokens(&bench, &face).await;
        }
    }

    async fn every_face_fetches_a_certificate(db: Db) {
        let bench = Bench::new(db).await;
        let certs = certs(&bench, 0).await;
        for face in faces(&bench).await {
            let answer = done(face.ask(&CertDownload::new(text(&certs, "alipay_cert_sn"))).await);
            assert!(!answer.alipay_cert_content.is_empty());
            let none = CertDownload::new(&"0".repeat(32));
            refused(face.ask(&none).await, "isv.alipay-cert-not-exist");
            face.has_asked(CERTIFICATES);
        }
    }
}

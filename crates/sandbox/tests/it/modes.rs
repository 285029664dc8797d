//! The ways of speaking with the gateway: certificates, encryption, SHA-1, charsets; each with our
//! own SDK, which verifies every answer, and with the mistakes that people make.

use crate::support::{Bench, NOTIFY, code, keys, sign_params, signed, unsigned};
use crate::through::{by_cert, by_key, certs, change, client, now, order, text};
use alipay::content::ContentKey;
use alipay::keys::{PublicKey, Rsa1Key};
use alipay::requests::{Precreate, Query, Refund};
use alipay::sign::{self, SignType};
use alipay::{App, Charset, Outcome, Params, TradeStatus, form};
use money::Fen;
use serde_json::{Value, json};
use store::Db;

const QUERY: &str = "alipay.trade.query";
const PRECREATE: &str = "alipay.trade.precreate";

/// The node of an answer, whoever signed it, and the name of the certificate beside it.
fn opened(reply: &crate::support::Reply, method: &str) -> (Value, Option<String>) {
    let name = alipay::response::node_name(method);
    let node = alipay::response::cut(&reply.body, &name).unwrap();
    let cert_sn = node.cert_sn.map(str::to_owned);
    (serde_json::from_str(node.raw).unwrap(), cert_sn)
}

fn done<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(done) => done,
        other => panic!("not done: {other:?}"),
    }
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_client_in_certificate_mode_orders_pays_and_refunds(db: Db) {
        let bench = Bench::new(db).await;
        let client = client(&bench, by_cert(&bench, 0).await);
        let asked = Precreate::new("C1", "高等数学", Fen::new(880));
        let made = done(client.precreate(&asked, Some(NOTIFY), now()).await);
        assert!(made.qr_code.contains("/qr/"));
        bench.control("trades/C1/pay", json!({})).await;
        let found = done(client.query(&Query::by_out_trade_no("C1"), now()).await);
        assert_eq!(found.trade_status, TradeStatus::Success);
        let refund = Refund::new("C1", "R1", Fen::new(380));
        done(client.refund(&refund, now()).await);
        bench.assert_balanced().await;
        // The same application by its key: both at once, as in the week of the change.
        let by_key = crate::through::client(&bench, by_key(0));
        done(by_key.query(&Query::by_out_trade_no("C1"), now()).await);
    }

    async fn answers_name_alipays_certificate_between_node_and_signature(db: Db) {
        let bench = Bench::new(db).await;
        let certs = certs(&bench, 0).await;
        let more = [
            ("app_cert_sn", text(&certs, "app_cert_sn")),
            ("alipay_root_cert_sn", text(&certs, "alipay_root_cert_sn")),
        ];
        let reply = bench.post(signed(0, PRECREATE, &order("N1").to_string(), &more)).await;
        let sn = text(&certs, "alipay_cert_sn");
        assert!(reply.text().contains(&format!("}},\"alipay_cert_sn\":\"{sn}\",\"sign\":\"")), "{}", reply.text());
        reply.signed_node(PRECREATE);
        let plain = bench.post(signed(0, PRECREATE, &order("N1").to_string(), &[])).await;
        assert!(!plain.text().contains("alipay_cert_sn"), "{}", plain.text());
    }

    async fn a_renewed_certificate_is_fetched_and_the_old_key_still_verifies(db: Db) {
        let bench = Bench::new(db).await;
        let app = by_cert(&bench, 0).await;
        let client = client(&bench, app);
        done(client.precreate(&Precreate::new("R1", "s", Fen::new(100)), None, now()).await);
        let path = format!("apps/{}/certificates", bench.apps[0].app_id);
        let renewed = bench.control(&path, json!({"owner": "alipay"})).await.json();
        // The answer names a certificate that the client has never seen: it downloads it, verifies
        // its chain, and believes the answer.
        done(client.precreate(&Precreate::new("R1", "s", Fen::new(100)), None, now()).await);
        let sn = renewed["sn"].as_str().unwrap();
        let biz = json!({"alipay_cert_sn": sn}).to_string();
        let method = "alipay.open.app.alipaycert.download";
        let node = bench.post(signed(0, method, &biz, &[])).await.signed_node(method);
        assert!(!node["alipay_cert_content"].as_str().unwrap().is_empty());
        for sn in ["0".repeat(32), text(&certs(&bench, 1).await, "alipay_cert_sn").to_owned()] {
            let biz = json!({"alipay_cert_sn": sn}).to_string();
            let node = bench.post(signed(0, method, &biz, &[])).await.signed_node(method);
            assert_eq!(code(&node), "isv.alipay-cert-not-exist");
        }
    }

    async fn serial_numbers_that_are_none_have_their_codes(db: Db) {
        let bench = Bench::new(db).await;
        let (own, other) = (certs(&bench, 0).await, certs(&bench, 1).await);
        let (app, root) = (text(&own, "app_cert_sn"), text(&own, "alipay_root_cert_sn"));
        let production = "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6";
        let biz = order("S1").to_string();
        let call = |app: Option<&str>, root: Option<&str>| {
            let named = [("app_cert_sn", app), ("alipay_root_cert_sn", root)];
            let more: Vec<_> = named.into_iter().filter_map(|(n, v)| Some((n, v?))).collect();
            bench.post(signed(0, PRECREATE, &biz, &more))
        };
        for (app, root, wanted) in [
            (Some(app), None, "isv.missing-alipay-root-cert-sn"),
            (None, Some(root), "isv.missing-app-cert-sn"),
            (Some(app), Some(production), "isv.invalid-alipay-root-cert-sn"),
            (Some(app), Some("0"), "isv.invalid-alipay-root-cert-sn"),
            (Some(text(&other, "app_cert_sn")), Some(root), "isv.app-cert-not-exist"),
            (Some("a' OR 1=1"), Some(root), "isv.app-cert-not-exist"),
        ] {
            let reply = call(app, root).await;
            let (node, _) = opened(&reply, PRECREATE);
            assert_eq!(code(&node), wanted);
            assert_eq!(reply.cut(PRECREATE).1, None, "before authentication nothing is signed");
            assert!(!reply.explain().is_empty());
        }
        change(&bench, 0, json!({"mode": "cert"})).await;
        assert_eq!(code(&opened(&call(None, None).await, PRECREATE).0), "isv.missing-app-cert-sn");
        assert_eq!(code(&opened(&call(Some(app), Some(root)).await, PRECREATE).0), "10000");
        change(&bench, 0, json!({"mode": "key"})).await;
        assert_eq!(code(&opened(&call(Some(app), Some(root)).await, PRECREATE).0), "isv.app-cert-not-exist");
        assert_eq!(code(&opened(&call(None, None).await, PRECREATE).0), "10000");
        // Alipay's own sandbox takes the roots that Alipay hands out.
        change(&bench, 0, json!({"mode": "both", "profile": "alipay-sandbox"})).await;
        assert_eq!(code(&opened(&call(Some(app), Some(production)).await, PRECREATE).0), "10000");
        bench.clock.advance_ms(5 * 365 * 86_400_000 + 1);
        assert_eq!(code(&opened(&call(Some(app), Some(root)).await, PRECREATE).0), "isv.app-cert-expired");
    }

    async fn an_applications_old_certificate_works_for_a_week(db: Db) {
        let bench = Bench::new(db).await;
        let old = certs(&bench, 0).await;
        let path = format!("apps/{}/certificates", bench.apps[0].app_id);
        bench.control(&path, json!({"owner": "app"})).await;
        let biz = order("O1").to_string();
        let call = || {
            let more = [
                ("app_cert_sn", text(&old, "app_cert_sn")),
                ("alipay_root_cert_sn", text(&old, "alipay_root_cert_sn")),
            ];
            bench.post(signed(0, PRECREATE, &biz, &more))
        };
        assert_eq!(code(&opened(&call().await, PRECREATE).0), "10000");
        bench.clock.advance_ms(7 * 86_400_000 + 1_000);
        assert_eq!(code(&opened(&call().await, PRECREATE).0), "isv.app-cert-not-exist");
    }

    async fn contents_are_encrypted_both_ways(db: Db) {
        let bench = Bench::new(db).await;
        let told = change(&bench, 0, json!({"aes_key": "new"})).await;
        let key = ContentKey::parse(text(&told, "aes_key")).unwrap();
        let app = App { content_key: Some(key.clone()), ..by_key(0) };
        let client = client(&bench, app);
        done(client.precreate(&Precreate::new("A1", "高等数学", Fen::new(880)), None, now()).await);
        bench.control("trades/A1/pay", json!({})).await;
        let found = done(client.query(&Query::by_out_trade_no("A1"), now()).await);
        assert_eq!(found.total_amount, Fen::new(880));
        // An error of the business is encrypted, too.
        let refused = client.query(&Query::by_out_trade_no("nobody"), now()).await;
        assert!(matches!(&refused, Outcome::Refused(no) if no.is_trade_not_exist()), "{refused:?}");
        let secret = key.encrypt(order("A2").to_string().as_bytes()).unwrap();
        let reply = bench.post(signed(0, PRECREATE, &secret, &[("encrypt_type", "AES")])).await;
        assert!(reply.text().starts_with("{\"alipay_trade_precreate_response\":\""), "{}", reply.text());
    }

    async fn what_cannot_be_decrypted_is_said_in_plain(db: Db) {
        let bench = Bench::new(db).await;
        let biz = order("D1").to_string();
        let aes = [("encrypt_type", "AES")];
        let node = bench.post(signed(0, PRECREATE, &biz, &aes)).await.signed_node(PRECREATE);
        assert_eq!((code(&node), &node["code"]), ("isv.missing-encrypt-key", &json!("40001")));
        let told = change(&bench, 0, json!({"aes_key": "AAECAwQFBgcICQoLDA0ODw=="})).await;
        let key = ContentKey::parse(text(&told, "aes_key")).unwrap();
        let other = ContentKey::parse("AAECAwQFBgcICQoLDA0OEA==").unwrap();
        let secret = key.encrypt(biz.as_bytes()).unwrap();
        let foreign = other.encrypt(biz.as_bytes()).unwrap();
        for (content, more, five, wanted) in [
            (&biz, &aes[..], "40003", "isv.decryption-error-unknown"),
            (&foreign, &aes[..], "40003", "isv.decryption-error-unknown"),
            (&secret, &[("encrypt_type", "aes")][..], "40002", "isv.invalid-encrypt-type"),
            (&secret, &[("encrypt_type", "DES")][..], "40002", "isv.invalid-encrypt-type"),
            (&secret, &[][..], "40001", "isv.decryption-error-missing-encrypt-type"),
        ] {
            let node = bench.post(signed(0, PRECREATE, content, more)).await.signed_node(PRECREATE);
            assert_eq!((code(&node), &node["code"]), (wanted, &json!(five)));
        }
        let list = bench.look("trades").await;
        assert_eq!(list["trades"], json!([]));
    }

    async fn a_lenient_application_may_name_its_charset_in_the_body(db: Db) {
        let bench = Bench::new(db).await;
        let params = signed(0, PRECREATE, &order("L1").to_string(), &[("notify_url", NOTIFY)]);
        let body = form::encode(&params, Charset::Utf8).unwrap();
        let post = || {
            let request = http::Request::post("/gateway.do")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(axum::body::Body::from(body.clone()))
                .unwrap();
            bench.send(request)
        };
        let reply = post().await;
        assert_eq!(reply.header("content-type"), Some("text/html;charset=GBK"));
        assert!(reply.text().contains("isv.invalid-signature"), "{}", reply.text());
        change(&bench, 0, json!({"lenient_charset": true})).await;
        let reply = post().await;
        assert_eq!(reply.header("content-type"), Some("text/html;charset=utf-8"));
        assert_eq!(code(&reply.signed_node(PRECREATE)), "10000");
        bench.control("trades/L1/pay", json!({})).await;
        bench.schedule.settle().await.unwrap();
        let notice = &bench.merchant.forms()[0];
        assert_eq!((notice.get("charset"), notice.get("subject")), (Some("utf-8"), Some("高等数学/上")));
    }

    async fn the_doctor_names_the_mistake_in_both_languages(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({"out_trade_no": "X1", "subject": "a b"}).to_string();
        let resigned = |text: &str, index: usize| {
            let mut params = unsigned(0, QUERY, &biz);
            let signature = sign::sign(&keys().app[index], SignType::Rsa2, text.as_bytes());
            params.set("sign", &signature.unwrap());
            params
        };
        let right = sign::request_text(&unsigned(0, QUERY, &biz));
        let mut names: Vec<_> = unsigned(0, QUERY, &biz).iter().map(|(n, v)| [(n, v)].into_iter().collect::<Params>())
            .map(|one| form::encode(&one, Charset::Utf8).unwrap()).collect();
        names.sort();
        let encoded = names.join("&");
        let alipays = {
            let mut params = unsigned(0, QUERY, &biz);
            let signature = sign::sign(&keys().alipay[0], SignType::Rsa2, right.as_bytes());
            params.set("sign", &signature.unwrap());
            params
        };
        for (params, zh, en) in [
            (resigned(&right.replace("&sign_type=RSA2", ""), 0), "sign_type", "sign_type"),
            (resigned(&right, 1), "不是一对", "signer's key"),
            (alipays, "应用公钥", "application public key"),
            (resigned(&right.replace("&version=1.0", ""), 0), "version", "version"),
            (resigned(&encoded, 0), "URL 编码", "URL-encode"),
        ] {
            for (lang, wanted) in [("zh-CN", zh), ("en", en)] {
                let query = form::encode(&params, Charset::Utf8).unwrap();
                let request = http::Request::get(format!("/gateway.do?{query}"))
                    .header("accept-language", lang)
                    .body(axum::body::Body::empty())
                    .unwrap();
                let reply = bench.send(request).await;
                assert_eq!(code(&reply.signed_node(QUERY)), "isv.invalid-signature");
                assert!(reply.explain().contains(wanted), "{wanted}: {}", reply.explain());
            }
        }
    }

    async fn notices_of_statuses_are_the_applications_choice(db: Db) {
        let bench = Bench::new(db).await;
        change(&bench, 0, json!({"notify": {"statuses": ["TRADE_CLOSED"]}})).await;
        bench.paid("W1", "1.00").await;
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 0);
        let refund = json!({"out_trade_no": "W1", "refund_amount": "1.00"});
        assert_eq!(code(&bench.node("alipay.trade.refund", &refund).await), "10000");
        bench.schedule.settle().await.unwrap();
        let told = bench.merchant.forms();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].get("trade_status"), Some("TRADE_CLOSED"));
    }

    async fn a_key_pasted_in_any_form_is_read_and_what_is_none_is_named(db: Db) {
        let bench = Bench::new(db).await;
        let key = keys().app[1].public_key();
        let make = |name: &str, key: &str| {
            bench.control("apps", json!({"name": name, "app_public_key": key, "mode": "cert"}))
        };
        for (number, pasted) in [
            key.to_pem(),
            key.to_base64(),
            key.to_pkcs1_pem(),
            key.to_pem().replace("PUBLIC KEY", "rsa2 KEY").replace('\n', "\r\n"),
        ].into_iter().enumerate() {
            let made = make(&format!("pasted{number}"), &pasted).await;
            assert_eq!(made.status, http::StatusCode::CREATED, "{}", made.text());
            let made = made.json();
            assert_eq!(&PublicKey::parse(text(&made, "app_public_key")).unwrap(), key);
            assert_eq!((&made["mode"], made.get("app_private_key")), (&json!("cert"), None));
            assert_eq!(text(&made, "aes_key").len(), 24);
            assert_eq!(text(&made["certs"], "app_cert_sn").len(), 32);
        }
        let private = keys().app[1].to_pkcs8_pem().to_string();
        for (body, field) in [
            (json!({"name": "x", "app_public_key": private}), "app_public_key"),
            (json!({"name": "x", "app_public_key": short_key().public_key().to_base64()}), "app_public_key"),
            (json!({"name": "x y"}), "name"),
            (json!({"name": "x", "mode": "no"}), "mode"),
            (json!({"name": "x", "profile": "no"}), "profile"),
            (json!({"name": "x", "sign_type": "MD5"}), "sign_type"),
            (json!({"name": "x", "aes_key": "AAAA"}), "aes_key"),
            (json!({"name": "x", "notify": {"app_gateway_url": "ftp://x/"}}), "notify.app_gateway_url"),
            (json!({"name": "x", "notify": {"statuses": ["PAID"]}}), "notify.statuses"),
        ] {
            let reply = bench.control("apps", body).await;
            assert_eq!(reply.status, http::StatusCode::BAD_REQUEST, "{}", reply.text());
            assert_eq!(reply.header("content-type"), Some("application/problem+json"));
            assert_eq!(reply.json()["field"], field, "{}", reply.text());
        }
        let again = bench.control("apps", json!({"name": "pasted0"})).await;
        assert_eq!(again.status, http::StatusCode::CONFLICT);
        let unknown = bench.control("apps", json!({"name": "x", "colour": "red"})).await;
        assert_eq!(unknown.status, http::StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_changed_key_counts_at_once(db: Db) {
        let bench = Bench::new(db).await;
        let before = certs(&bench, 0).await;
        let biz = order("K1").to_string();
        let node = bench.post(signed(0, PRECREATE, &biz, &[])).await.signed_node(PRECREATE);
        assert_eq!(code(&node), "10000");
        change(&bench, 0, json!({"app_public_key": keys().app[1].public_key().to_base64()})).await;
        let node = bench.post(signed(0, PRECREATE, &biz, &[])).await.signed_node(PRECREATE);
        assert_eq!(code(&node), "isv.invalid-signature");
        let node = bench.post(sign_params(unsigned(0, PRECREATE, &biz), 1)).await.signed_node(PRECREATE);
        assert_eq!(code(&node), "10000");
        assert_ne!(certs(&bench, 0).await["app_cert_sn"], before["app_cert_sn"]);
        let path = "/sandbox/v1/apps/9021000000000099";
        let request = http::Request::patch(path).header("content-type", "application/json");
        let request = request.body(axum::body::Body::from("{}")).unwrap();
        assert_eq!(bench.send(request).await.status, http::StatusCode::NOT_FOUND);
    }
}

/// A key of 1024 bits, which only old applications have. OpenSSL makes it for this run.
pub(crate) fn short_key() -> Rsa1Key {
    let made = std::process::Command::new("openssl")
        .args([
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:1024",
        ])
        .output()
        .unwrap();
    Rsa1Key::parse(&String::from_utf8(made.stdout).unwrap()).unwrap()
}

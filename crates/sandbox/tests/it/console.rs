//! The console's forms: what a developer changes by hand, and what the pages say afterwards.

use crate::browser::Browser;
use crate::rest::Rest;
use crate::support::{Bench, keys, page_link, signed};
use alipay::keys::PrivateKey;
use axum::extract::ConnectInfo;
use http::StatusCode;
use kernel::Clock;
use kernel::time::HOUR_MS;
use serde_json::json;
use std::net::SocketAddr;
use store::Db;

const APP: &str = "9021000000000001";
const QUERY: &str = "alipay.trade.query";

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn the_clock_is_moved_by_hand(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        for (lang, done) in [("zh", "时钟已经拨动"), ("en", "The clock was moved")] {
            let browser = Browser::new(&bench, lang);
            let page = browser.open("/lab").await;
            let before = bench.clock.now();
            let page = browser.submit(&page, "/lab/clock", &[("to", "hour")]).await;
            page.says(done);
            assert_eq!(bench.clock.now(), before.plus_ms(HOUR_MS));
            let page = browser.submit(&page, "/lab/clock", &[("to", "midnight")]).await;
            assert_eq!(bench.clock.now(), before.plus_ms(HOUR_MS).next_china_midnight());
            page.says("00:00:00");
        }
        let browser = Browser::new(&bench, "en");
        let page = browser.open("/lab").await;
        browser.submit(&page, "/lab/clock", &[("to", "notice")]).await.says("No notice waits");
        bench.paid("C1", "1.00").await;
        bench.schedule.settle().await.unwrap();
        let page = browser.open("/lab").await;
        let page = browser.submit(&page, "/lab/clock", &[("to", "notice")]).await;
        assert_eq!(bench.merchant.count(), 2);
        page.says("The clock was moved");
    }

    async fn faults_are_added_strike_and_are_taken_away(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("C2", "1.00").await;
        let browser = Browser::new(&bench, "en");
        let page = browser.open("/lab").await;
        page.says("Nothing goes wrong on purpose");
        let wrong = [("what", "unavailable"), ("per_mille", "5000"), ("times", "")];
        browser.submit(&page, "/lab/faults", &wrong).await.says("Not set");
        let fields = [("what", "unavailable"), ("method", QUERY), ("out_trade_no", "C2"), ("times", "1"), ("seed", "7"), ("remove", "")];
        let page = browser.submit(&page, "/lab/faults", &fields).await;
        page.says("1 times · alipay.trade.query · C2");
        let node = bench.node(QUERY, &json!({"out_trade_no": "C2"})).await;
        assert_eq!(node["code"], "20000");
        let page = browser.open("/lab").await;
        page.says("Struck lately");
        let call = browser.open(&page.link("See the call").unwrap()).await;
        call.says("aop.unknow-error");
        call.says("20000 unavailable, nothing done");
        call.says("The sandbox's fault dial let this call fail");
        let page = browser.open("/lab").await;
        let page = browser.submit(&page, "/lab/faults", &[("remove", "all")]).await;
        page.says("Nothing goes wrong on purpose");
        assert!(bench.look("faults").await["faults"].as_array().unwrap().is_empty());
    }

    async fn worlds_are_saved_and_put_back_by_hand(db: Db) {
        let bench = Bench::new(db).await;
        for (lang, saved, restored) in [("zh", "整个世界已经保存", "保存的世界已经恢复"), ("en", "The whole world was saved", "The saved world is back")] {
            let browser = Browser::new(&bench, lang);
            let page = browser.open("/lab").await;
            let page = browser.submit(&page, "/lab/world", &[("action", "save"), ("name", lang)]).await;
            page.says(saved);
            bench.paid(&format!("C3{lang}"), "1.00").await;
            let id = bench.look("snapshots").await["snapshots"][0]["id"].as_str().unwrap().to_owned();
            let page = browser.submit(&page, "/lab/world", &[("action", "restore"), ("id", &id)]).await;
            page.says(restored);
            assert!(bench.look("trades").await["trades"].as_array().unwrap().is_empty());
            let page = browser.submit(&page, "/lab/world", &[("action", "delete"), ("id", &id)]).await;
            assert_eq!(page.status, StatusCode::OK);
            let page = browser.submit(&page, "/lab/world", &[("action", "reset"), ("id", "")]).await;
            assert_eq!(page.status, StatusCode::OK);
        }
        bench.assert_balanced().await;
    }

    async fn an_application_takes_a_key_that_is_pasted(db: Db) {
        let bench = Bench::new(db).await;
        let other = PrivateKey::generate(2048).unwrap();
        let one_line: String = other.public_key().to_pem().lines().filter(|line| !line.starts_with('-')).collect();
        let browser = Browser::new(&bench, "en");
        let page = browser.open("/apps").await;
        let page = browser.open(&page.link("courses").unwrap()).await;
        page.says(APP);
        let path = format!("/apps/{APP}");
        let private = other.to_pkcs8_pem().to_string();
        for bad in ["hello", private.as_str()] {
            let fields = [("part", "key"), ("app_public_key", bad)];
            browser.submit(&page, &path, &fields).await.says("this is no RSA public key");
        }
        let fields = [("part", "key"), ("app_public_key", one_line.as_str())];
        let page = browser.submit(&page, &path, &fields).await;
        page.says("was changed");
        let reply = bench.post(signed(0, QUERY, "{\"out_trade_no\":\"x\"}", &[])).await;
        assert!(reply.text().contains("isv.invalid-signature"));
        // The refused call is there with its advice.
        let page = browser.open("/requests?refused=1").await;
        let call = browser.open(&page.link(QUERY).unwrap()).await;
        call.says("What is wrong, and what to change");
        call.says("The text whose signature was checked");
        for (file, begins) in [
            ("alipay_public_key.pem", "-----BEGIN PUBLIC KEY-----"),
            ("app_public_key.pem", "-----BEGIN PUBLIC KEY-----"),
            ("appCertPublicKey.crt", "-----BEGIN CERTIFICATE-----"),
            ("alipayCertPublicKey_RSA2.crt", "-----BEGIN CERTIFICATE-----"),
            ("alipayRootCert.crt", "-----BEGIN CERTIFICATE-----"),
        ] {
            let reply = bench.get(&format!("{path}/files/{file}")).await;
            assert!(reply.text().starts_with(begins), "{file}: {}", reply.text());
            assert!(reply.header("content-disposition").unwrap().contains(file));
        }
        assert_eq!(bench.get(&format!("{path}/files/app_private_key.pem")).await.status, StatusCode::NOT_FOUND);
        assert!(!keys().app.is_empty());
    }

    async fn an_application_is_made_and_set_by_hand(db: Db) {
        let bench = Bench::new(db).await;
        for lang in ["zh", "en"] {
            let browser = Browser::new(&bench, lang);
            let page = browser.open("/apps").await;
            let name = format!("mine-{lang}");
            let fields = [("name", name.as_str()), ("profile", "strict"), ("app_public_key", "")];
            let page = browser.submit(&page, "/apps", &fields).await;
            assert_eq!(page.title(), name);
            let path = page.path.split('?').next().unwrap().to_owned();
            let app_id = path.trim_start_matches("/apps/").to_owned();
            let page = browser.submit(&page, &path, &[("part", "aes"), ("aes", "new")]).await;
            let fields = [("part", "settings"), ("mode", "cert"), ("sign_type", "RSA2"), ("profile", "production"), ("app_gateway_url", "http://127.0.0.1:1/x"), ("lenient_charset", "1")];
            browser.submit(&page, &path, &fields).await;
            let app = bench.look(&format!("apps/{app_id}")).await;
            assert_eq!((app["mode"].as_str(), app["profile"].as_str()), (Some("cert"), Some("production")), "{app}");
            assert!(app["aes_key"].is_string(), "{app}");
            let page = browser.open("/apps").await;
            let fields = [("name", name.as_str()), ("profile", "strict"), ("app_public_key", "")];
            let page = browser.submit(&page, "/apps", &fields).await;
            assert!(page.has(".notice-danger"));
        }
    }

    async fn a_trade_is_paid_and_told_again_by_hand(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        for (lang, pay, sent) in [("zh", "已经代买家付款", "通知已经再发一次"), ("en", "Paid, as the buyer", "sent once more")] {
            let number = format!("C5{lang}");
            bench.open(&page_link(&number, "3.00")).await.unwrap();
            let browser = Browser::new(&bench, lang);
            let page = browser.open(&format!("/trades?number={number}")).await;
            let page = browser.open(&page.link("高等数学").unwrap()).await;
            page.says("alipay.trade.page.pay");
            let fields = [("logon_id", "buyer@sandbox.com"), ("fund_channel", "BANKCARD")];
            let page = browser.submit(&page, "/pay", &fields).await;
            page.says(pay);
            page.says("TRADE_SUCCESS");
            let count = bench.merchant.count();
            let page = browser.submit(&page, "/resend", &[]).await;
            page.says(sent);
            assert_eq!(bench.merchant.count(), count + 1);
            let page = browser.open("/notices").await;
            page.says("200 fail");
            browser.submit(&page, "/resend", &[]).await.says(sent);
        }
        bench.assert_balanced().await;
    }

    async fn a_good_answer_that_has_no_code_counts_as_good(db: Db) {
        let bench = Bench::new(db).await;
        let token = crate::oauth::exchanged(&bench, "auth_user").await;
        assert!(token.get("code").is_none(), "{token}");
        let renew = json!({"grant_type": "refresh_token", "refresh_token": token["refresh_token"]});
        let call = Rest::new("POST", "/v3/alipay/system/oauth/token", &renew.to_string(), "again");
        assert_eq!(call.send(&bench).await.status, StatusCode::OK);
        // The same again is a refusal.
        let again = Rest { auth: call.auth.replace("again", "late"), ..call };
        assert_eq!(again.send(&bench).await.status, StatusCode::BAD_REQUEST);
        for (lang, good) in [("zh", 2), ("en", 2)] {
            let browser = Browser::new(&bench, lang);
            let all = browser.open("/requests").await.all("tbody tr");
            assert_eq!(all.iter().filter(|line| line.contains("10000")).count(), good, "{all:?}");
            let refused = browser.open("/requests?refused=1").await.all("tbody tr");
            assert!(refused.len() == 1 && refused[0].contains("isv.refreshed-token-invalid"), "{refused:?}");
        }
    }

    async fn no_form_is_taken_from_elsewhere(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        browser.open("/lab").await;
        let far: SocketAddr = "203.0.113.9:4711".parse().unwrap();
        for path in ["/lab/clock", "/lab/faults", "/lab/world", "/apps", "/apps/9021000000000001", "/notices/1/resend", "/trades/x/pay"] {
            let body = "csrf_token=made-up&to=hour&action=reset&name=x&part=aes&logon_id=1&fund_channel=BANKCARD&remove=all";
            let reply = browser.post(path, body.to_owned()).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}");
            let request = browser.request("POST", path).extension(ConnectInfo(far)).header("content-type", "application/x-www-form-urlencoded");
            let reply = bench.send(request.body(body.into()).unwrap()).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}");
        }
        for path in ["/lab", "/apps", "/apps/9021000000000001", "/apps/9021000000000001/files/app_private_key.pem", "/requests", "/notices"] {
            let request = browser.request("GET", path).extension(ConnectInfo(far));
            let reply = bench.send(request.body("".into()).unwrap()).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}");
        }
    }

    async fn an_empty_console_has_words_for_it(db: Db) {
        let bench = Bench::new(db).await;
        for lang in ["zh", "en"] {
            let browser = Browser::new(&bench, lang);
            for path in ["/lab", "/apps", "/apps/9021000000000001", "/requests", "/requests?refused=1&number=x", "/notices", "/notices?before=0"] {
                assert_eq!(browser.open(path).await.status, StatusCode::OK, "{path}");
            }
            for path in ["/apps/1", "/requests/none"] {
                assert_eq!(browser.open(path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
    }
}

//! Certificate mode: a payment from the order to the refund, and files that are not what they should
//! be.

use crate::world::{API_KEY, Ran, World, answer, command, http_client, run};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use store::Db;

/// What an order shows when it shows this state, or at last.
async fn shown(merchant: &str, number: &str, state: &str) -> Value {
    let mut seen = Value::Null;
    for _ in 0..200 {
        let url = format!("{merchant}/v1/orders/{number}");
        seen = answer(http_client().get(url).bearer_auth(API_KEY)).await;
        if seen["state"] == state {
            break;
        }
        // A notice is on its way.
        let pause = std::time::Duration::from_millis(50);
        let _ = tokio::time::timeout(pause, std::future::pending::<()>()).await;
    }
    seen
}

async fn posted(url: String, key: &str, body: Value) -> Value {
    let request = http_client()
        .post(url)
        .bearer_auth(API_KEY)
        .header("idempotency-key", key)
        .header("content-type", "application/json")
        .body(body.to_string());
    answer(request).await
}

/// Create, pay, a verified notice, a query, a refund.
async fn bought_and_given_back(merchant: &str, sandbox: &str) {
    let order = json!({
        "merchant_order_no": "C1", "subject": "证书", "total_amount": "39.00", "product": "page",
    });
    let placed = posted(format!("{merchant}/v1/orders"), "C1", order).await;
    let link = placed["pay"]["url"].as_str().unwrap();
    assert!(
        link.contains("app_cert_sn=") && link.contains("alipay_root_cert_sn="),
        "{link}"
    );
    let pay = format!("{sandbox}/sandbox/v1/trades/C1/pay");
    posted(pay, "pay", json!({ "url": link })).await;
    let paid = shown(merchant, "C1", "paid").await;
    assert_eq!(
        (&paid["state"], &paid["paid_amount"]),
        (&"paid".into(), &"39.00".into()),
        "{paid}"
    );
    let told = answer(http_client().get(format!("{sandbox}/sandbox/v1/notices?out_trade_no=C1")));
    let told = told.await;
    assert_eq!(
        told["notices"][0]["attempts"][0]["delivered"], true,
        "{told}"
    );
    let back = json!({"merchant_refund_no": "R1", "amount": "8.80"});
    posted(format!("{merchant}/v1/orders/C1/refunds"), "R1", back).await;
    let refunds = answer(
        http_client()
            .get(format!("{merchant}/v1/orders/C1/refunds"))
            .bearer_auth(API_KEY),
    );
    let refunds = refunds.await;
    assert_eq!(refunds["data"][0]["state"], "succeeded", "{refunds}");
    // The second order is looked at and never paid: closing it asks the gateway, and believes its
    // answers.
    let order = json!({
        "merchant_order_no": "C2", "subject": "证书", "total_amount": "1.00", "product": "page",
    });
    let placed = posted(format!("{merchant}/v1/orders"), "C2", order).await;
    let link = placed["pay"]["url"].as_str().unwrap();
    let page = http_client().get(link).send().await.unwrap();
    assert_eq!(page.status(), 200);
    posted(format!("{merchant}/v1/orders/C2/close"), "C3", json!({})).await;
    assert_eq!(shown(merchant, "C2", "closed").await["state"], "closed");
}

/// A configuration of `tongbao serve` in a folder of its own.
struct Place {
    folder: tempfile::TempDir,
    app: Value,
    certs: PathBuf,
    gateway: String,
}

impl Place {
    fn of(world: &World) -> Self {
        let certs = world.sandbox_folder();
        let text = std::fs::read_to_string(certs.join("sandbox.json")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key.txt"), API_KEY).unwrap();
        Self {
            folder,
            app: serde_json::from_str(&text).unwrap(),
            certs,
            gateway: format!("{}/gateway.do", world.sandbox),
        }
    }

    fn file(&self, group: &str, name: &str) -> PathBuf {
        self.certs.join(self.app[group][name].as_str().unwrap())
    }

    /// Writes it with these files in certificate mode.
    fn config(&self, port: u16, certs: &[(&str, &Path)]) -> PathBuf {
        let named = certs
            .iter()
            .map(|(key, file)| format!("{key} = \"{}\"\n", file.display()));
        let named: String = named.collect();
        let text = format!(
            "listen = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\ndatabase = \"sqlite:m.db\"\n\
             [merchants.acme]\napi_keys = [\"file:key.txt\"]\n[merchants.acme.apps.main]\n\
             app_id = {}\nseller_id = {}\ngateway_url = \"{}\"\napp_private_key = \"{}\"\n{named}",
            self.app["app_id"],
            self.app["seller_id"],
            self.gateway,
            self.file("keys", "app_private_key").display(),
        );
        let file = self.folder.path().join("tongbao.toml");
        std::fs::write(&file, text).unwrap();
        file
    }
}

/// `tongbao serve`, until the test is over.
struct Served(Child);

impl Served {
    async fn start(config: &Path, url: &str) -> Self {
        let mut command = command();
        command.arg("serve").arg("--config").arg(config);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        let served = Self(command.spawn().unwrap());
        for _ in 0..400 {
            let asked = http_client().get(format!("{url}/readyz")).send().await;
            if asked.is_ok_and(|answer| answer.status() == 200) {
                return served;
            }
            let pause = std::time::Duration::from_millis(50);
            let _ = tokio::time::timeout(pause, std::future::pending::<()>()).await;
        }
        panic!("tongbao serve is not ready");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

async fn free_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

async fn doctor(config: &Path) -> Ran {
    let mut command = command();
    command.args(["doctor", "--json", "--config"]).arg(config);
    run(command).await
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_merchant_in_certificate_mode_buys_and_gives_back(db: Db) {
        let world = World::open_in_cert_mode(db).await;
        bought_and_given_back(&world.merchant, &world.sandbox).await;
    }

    async fn the_configured_service_does_so_too_and_the_doctor_is_content(db: Db) {
        let world = World::open(db).await;
        let place = Place::of(&world);
        let port = free_port().await;
        let files = ["app_cert", "alipay_cert", "alipay_root_cert"];
        let files = files.map(|name| (name, place.file("certs", name)));
        let certs: Vec<_> = files.iter().map(|(name, file)| (*name, &**file)).collect();
        let config = place.config(port, &certs);
        let url = format!("http://127.0.0.1:{port}");
        let _served = Served::start(&config, &url).await;
        bought_and_given_back(&url, &world.sandbox).await;
        let ran = doctor(&config).await;
        assert_eq!(ran.code, 0, "{}", ran.out);
        let findings = ran.card()["findings"].to_string();
        assert!(findings.contains("acme.main: alipay_cert is in force until"), "{findings}");
        // What ends soon works today: the doctor says so and is content.
        let path = format!("{}/sandbox/v1/apps/{}/certificates", world.sandbox, place.app["app_id"].as_str().unwrap());
        let body = json!({"owner": "app", "days": 10}).to_string();
        let request = http_client().post(path).header("content-type", "application/json").body(body);
        let issued = answer(request).await;
        std::fs::write(place.file("certs", "app_cert"), issued["pem"].as_str().unwrap()).unwrap();
        let ran = doctor(&config).await;
        let findings = ran.card()["findings"].clone();
        let soon: Vec<_> = findings.as_array().unwrap().iter().filter(|found| found["ends_soon"] == true).collect();
        assert_eq!((ran.code, soon.len(), &soon[0]["ok"]), (0, 1, &json!(true)), "{findings}");
        let says = soon[0]["says"].as_str().unwrap();
        assert!(says.contains("app_cert runs out in") && says.contains("renew it"), "{says}");
    }

    async fn a_wrong_file_is_named_with_what_belongs_there(db: Db) {
        let world = World::open(db).await;
        let place = Place::of(&world);
        let file = |name| place.file("certs", name);
        let (app, alipay, root) = (file("app_cert"), file("alipay_cert"), file("alipay_root_cert"));
        let key = place.file("keys", "alipay_public_key");
        let nowhere = place.folder.path().join("nowhere.crt");
        // The roots of another console.
        let others = testdb::sqlite(sandbox::steps()).await;
        let other = World::open(others.db.clone()).await;
        let stranger = Place::of(&other).file("certs", "alipay_root_cert");
        for (certs, says) in [
            (vec![("app_cert", &app), ("alipay_cert", &alipay)], "alipay_root_cert (alipayRootCert.crt) is not given"),
            (vec![("alipay_cert", &alipay), ("alipay_root_cert", &root)], "app_cert (appCertPublicKey_….crt) is not given"),
            (vec![], "it has no alipay_public_key"),
            (vec![("alipay_public_key", &key), ("app_cert", &app), ("alipay_cert", &alipay), ("alipay_root_cert", &root)], "take one out"),
            (vec![("app_cert", &nowhere), ("alipay_cert", &alipay), ("alipay_root_cert", &root)], "nowhere.crt` cannot be opened"),
            (vec![("app_cert", &key), ("alipay_cert", &alipay), ("alipay_root_cert", &root)], "appCertPublicKey_….crt belongs there"),
            (vec![("app_cert", &app), ("alipay_cert", &app), ("alipay_root_cert", &root)], "is the application's own certificate"),
            (vec![("app_cert", &alipay), ("alipay_cert", &alipay), ("alipay_root_cert", &root)], "issued for another key"),
            (vec![("app_cert", &app), ("alipay_cert", &alipay), ("alipay_root_cert", &key)], "alipayRootCert.crt belongs there"),
            (vec![("app_cert", &app), ("alipay_cert", &alipay), ("alipay_root_cert", &alipay)], "holds a certificate of one party"),
            (vec![("app_cert", &app), ("alipay_cert", &alipay), ("alipay_root_cert", &stranger)], "does not lead to a root"),
        ] {
            let certs: Vec<_> = certs.iter().map(|(name, file)| (*name, file.as_path())).collect();
            let config = place.config(1, &certs);
            let mut command = command();
            command.arg("serve").arg("--config").arg(&config);
            let ran = run(command).await;
            assert_eq!(ran.code, 2, "{certs:?}: {}", ran.err);
            assert!(ran.err.contains(says) && ran.err.contains("merchants.acme.apps.main"), "{certs:?}: {}", ran.err);
            let found = doctor(&config).await;
            assert_eq!(found.code, 1);
            assert!(found.out.contains(says), "{certs:?}: {}", found.out);
        }
    }
}

//! Certificate mode: what the sandbox issues, what it takes, what it names.

use crate::support::Bench;
use crate::through::{certs, text};
use alipay::cert::{CertFiles, Certificate, Roots, Trust};
use alipay::{AlipayTime, CertMode};
use http::StatusCode;
use serde_json::{Value, json};
use store::Db;

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn the_three_files_lead_from_leaf_to_root(db: Db) {
        let bench = Bench::new(db).await;
        let certs = certs(&bench, 0).await;
        let files = CertFiles {
            app: text(&certs, "app_cert"),
            alipay: text(&certs, "alipay_cert"),
            root: text(&certs, "alipay_root_cert"),
        };
        let mode = CertMode::open(files, Trust::Roots).expect("a chain to a root");
        assert_eq!(mode.app_cert_sn(), text(&certs, "app_cert_sn"));
        assert_eq!(mode.root_sn(), text(&certs, "alipay_root_cert_sn"));
        assert!(mode.key_of(text(&certs, "alipay_cert_sn")).is_some());
        let key = crate::support::keys().alipay[0].public_key();
        assert_eq!(mode.configured_key(), key);

        let app = Certificate::parse(files.app).unwrap();
        let issuer = "CN=Tongbao Certification Authority Class 2 R1 test,\
            OU=Certification Authority test,O=Tongbao Sandbox test,C=CN";
        assert_eq!(app.issuer(), issuer);
        assert_eq!(
            app.subject(),
            "CN=2088721000000001-9021000000000001,OU=Alipay,O=courses@sandbox.com,C=CN"
        );
        let own = crate::support::keys().app[0].public_key();
        assert_eq!(&app.public_key().unwrap(), own);
        let alipay = Certificate::parse_bundle(files.alipay).unwrap();
        assert_eq!(alipay.len(), 2);
        let name = alipay[0].common_name();
        assert_eq!(name.as_deref(), Some("支付宝(中国)网络技术有限公司-2088721000000001"));
        // One root of the bundle is not signed with RSA and has no part in its serial number.
        let roots = Certificate::parse_bundle(files.root).unwrap();
        let rsa: Vec<_> = roots.iter().filter(|root| root.is_signed_with_rsa()).collect();
        assert_eq!((roots.len(), rsa.len()), (2, 1));
        assert_eq!(rsa[0].sn(), mode.root_sn());
        let now = AlipayTime::parse("2026-08-21 09:30:00").unwrap();
        let leads = Roots::parse(files.root).unwrap();
        leads.verify(&[app, alipay[1].clone()], now).expect("the application's leads there, too");
    }

    async fn certificates_stay_and_another_application_has_its_own(db: Db) {
        let bench = Bench::new(db).await;
        let first = certs(&bench, 0).await;
        assert_eq!(certs(&bench, 0).await, first);
        let other = bench.look(&format!("apps/{}", bench.apps[1].app_id)).await["certs"].clone();
        assert_eq!(other["alipay_root_cert"], first["alipay_root_cert"]);
        assert_ne!(other["app_cert_sn"], first["app_cert_sn"]);
        assert_ne!(other["alipay_cert_sn"], first["alipay_cert_sn"]);
        bench.clock.advance_ms(5 * 365 * 86_400_000 - 29 * 86_400_000);
        let renewed = certs(&bench, 0).await;
        assert_ne!(renewed["app_cert_sn"], first["app_cert_sn"], "about to run out");
        assert_eq!(renewed["alipay_root_cert_sn"], first["alipay_root_cert_sn"]);
    }

    async fn the_files_are_written_whole_and_private(db: Db) {
        let bench = Bench::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        sandbox::files::write(&bench.sandbox, folder.path(), "courses").await.unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let told: Value = serde_json::from_str(&read("sandbox.json")).unwrap();
        for (told, below) in [(&told, ""), (&told["apps"]["mall"], "mall/")] {
            assert_eq!(told["certs"], json!({
                "app_cert": format!("{below}certs/appCertPublicKey.crt"),
                "alipay_cert": format!("{below}certs/alipayCertPublicKey_RSA2.crt"),
                "alipay_root_cert": format!("{below}certs/alipayRootCert.crt"),
            }));
            let files = CertFiles {
                app: &read(text(&told["certs"], "app_cert")),
                alipay: &read(text(&told["certs"], "alipay_cert")),
                root: &read(text(&told["certs"], "alipay_root_cert")),
            };
            CertMode::open(files, Trust::Roots).expect("a chain to a root");
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let file = folder.path().join("certs/appCertPublicKey.crt");
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let before = read("certs/alipayCertPublicKey_RSA2.crt");
        sandbox::files::write(&bench.sandbox, folder.path(), "courses").await.unwrap();
        assert_eq!(read("certs/alipayCertPublicKey_RSA2.crt"), before);
    }

    async fn who_renews_what_is_told_by_name(db: Db) {
        let bench = Bench::new(db).await;
        let first = certs(&bench, 0).await;
        let app_id = bench.apps[0].app_id.clone();
        let path = format!("apps/{app_id}/certificates");
        let made = bench.control(&path, json!({"owner": "alipay"})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let now = certs(&bench, 0).await;
        assert_eq!(now["alipay_cert_sn"], made.json()["sn"]);
        assert_ne!(now["alipay_cert_sn"], first["alipay_cert_sn"]);
        assert_eq!(now["app_cert_sn"], first["app_cert_sn"]);
        for body in [json!({"owner": "nobody"}), json!({"owner": "app", "days": 0})] {
            assert_eq!(bench.control(&path, body).await.status, StatusCode::BAD_REQUEST);
        }
        let nobody = bench.control("apps/9/certificates", json!({"owner": "app"})).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    }
}

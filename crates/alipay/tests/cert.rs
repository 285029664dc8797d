//! Certificate mode: serial numbers, chains, and certificates that Alipay renewed.

#![cfg(feature = "cert")]

mod common;
#[cfg(test)]
mod vectors;

use alipay::{
    AlipayTime, App, CertMode, Client, Outcome, Params, Unknown, Why,
    cert::{CertError, CertFiles, Certificate, Roots, Trust},
    form,
    keys::PrivateKey,
    requests::Query,
    response::write_envelope,
    testing::{ScriptedTransport, answer},
    transport::HttpResponse,
};
use serde_json::Value;
use std::sync::{Arc, LazyLock};
use vectors::vectors;

static MADE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/certs/certs.json")).expect("JSON"));
static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));

const ROOT: &str = include_str!("data/certs/root.crt");
const ISSUER: &str = include_str!("data/certs/inter.crt");
const CONFIGURED: &str = include_str!("data/certs/leaf.crt");
const RENEWED: &str = include_str!("data/certs/leaf2.crt");
const APP: &str = include_str!("data/certs/app.crt");
const UNDER_APP: &str = include_str!("data/certs/under_app.crt");
const FORGED: &str = include_str!("data/certs/forged.crt");
const FORGED_ISSUER: &str = include_str!("data/certs/stranger.crt");
const SHA1: &str = include_str!("data/certs/sha1.crt");

fn sn(name: &str) -> &'static str {
    MADE["sn"][name].as_str().expect("a serial number")
}

fn time(text: &str) -> AlipayTime {
    AlipayTime::parse(text).expect("a time")
}

fn now() -> AlipayTime {
    time("2026-08-21 09:30:00")
}

fn open() -> CertMode {
    let alipay = format!("{CONFIGURED}{ISSUER}");
    let files = CertFiles {
        app: APP,
        alipay: &alipay,
        root: ROOT,
    };
    CertMode::open(files, Trust::Roots).expect("a good set of files")
}

fn chain(texts: &[&str]) -> Vec<Certificate> {
    let read = |text: &&str| Certificate::parse(text).expect("a certificate");
    texts.iter().map(read).collect()
}

/// The answer to a query, signed by the key of that certificate.
fn signed_by(name: &str) -> HttpResponse {
    let signature = MADE["signatures"][name].as_str().expect("a signature");
    let node = MADE["node"].as_str().expect("a node");
    let name_of_node = "alipay_trade_query_response";
    answer(&write_envelope(
        name_of_node,
        node,
        Some(sn(name)),
        Some(signature),
    ))
}

/// The answer to a download: these certificates, in base64 once more.
fn download(armoured: &str) -> HttpResponse {
    let content = base64(armoured.as_bytes());
    let name = "alipay_open_app_alipaycert_download_response";
    answer(&format!(
        r#"{{"{name}":{{"code":"10000","msg":"Success","alipay_cert_content":"{content}"}}}}"#
    ))
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

fn client(script: &Arc<ScriptedTransport>) -> Client {
    let gateway = "http://127.0.0.1:8609/gateway.do";
    let key = Arc::new(KEY.clone());
    let app = App::in_cert_mode("2021000000000001", gateway, key, open());
    Client::new(app, script.clone())
}

async fn query(client: &Client) -> Outcome<alipay::QueryResponse> {
    let query = Query::by_out_trade_no("20260821001");
    client.query(&query, now()).await
}

#[test]
fn alipays_own_certificates_have_the_serial_numbers_that_alipay_gives_them() {
    let Some(folder) = vectors() else { return };
    let read = |name: &str| {
        let path = folder.join("certs").join(name);
        std::fs::read_to_string(path).expect("a certificate")
    };
    let expected: Value = serde_json::from_str(&read("sn.json")).expect("JSON");
    for name in ["alipayAppPublicCert.crt", "alipayPublicCert.crt"] {
        let certificate = Certificate::parse(&read(name)).expect("a certificate");
        assert_eq!(Some(certificate.sn()), expected[name].as_str(), "{name}");
        assert!(certificate.is_signed_with_rsa());
    }
    let root = "alipayRootCert.crt";
    let roots = Roots::parse(&read(root)).expect("roots");
    assert_eq!(Some(roots.sn()), expected[root].as_str());
    assert_eq!(
        Certificate::parse_bundle(&read(root))
            .expect("roots")
            .iter()
            .filter(|root| root.is_signed_with_rsa())
            .count(),
        2
    );
}

#[test]
fn the_sandboxes_chain_needs_the_switch() {
    let Some(folder) = vectors() else { return };
    let read = |name: &str| {
        let path = folder.join("certs").join(name);
        std::fs::read_to_string(path).expect("a certificate")
    };
    let (app, alipay) = (
        read("alipayAppPublicCert.crt"),
        read("alipayPublicCert.crt"),
    );
    let root = read("alipayRootCert.crt");
    let files = CertFiles {
        app: &app,
        alipay: &alipay,
        root: &root,
    };
    let refused = CertMode::open(files, Trust::Roots).expect_err("a test root");
    assert!(
        matches!(
            &refused,
            CertError::NotAnIssuer(_) | CertError::NoIssuer { .. }
        ),
        "{refused}"
    );
    let mode = CertMode::open(files, Trust::SandboxIssuer).expect("the sandbox's");
    assert_eq!(mode.app_cert_sn(), "e90dd23a37c5c7b616e003970817ff82");
    let leaf = Certificate::parse(&alipay).expect("a certificate");
    assert_eq!(Ok(mode.configured_key().clone()), leaf.public_key());
    // It is the key that the genuine messages verify with.
    let text = std::fs::read_to_string(folder.join("genuine.json")).expect("genuine.json");
    let genuine: Value = serde_json::from_str(&text).expect("JSON");
    let key = genuine["alipay_public_key"].as_str().expect("a key");
    assert_eq!(
        alipay::keys::PublicKey::parse(key).as_ref(),
        Ok(mode.configured_key())
    );
    assert!(
        leaf.subject()
            .starts_with("CN=支付宝(中国)网络技术有限公司-")
    );
}

#[test]
fn serial_numbers_are_those_that_openssl_and_md5sum_give() {
    for (name, text) in [
        ("root", ROOT),
        ("inter", ISSUER),
        ("leaf", CONFIGURED),
        ("leaf2", RENEWED),
        ("app", APP),
    ] {
        let certificate = Certificate::parse(text).expect("a certificate");
        assert_eq!(certificate.sn(), sn(name), "{name}");
    }
    let mode = open();
    assert_eq!(
        (mode.app_cert_sn(), mode.root_sn()),
        (sn("app"), sn("root"))
    );
    let leaf = Certificate::parse(CONFIGURED).expect("a certificate");
    assert_eq!(leaf.not_after().to_string(), "2025-01-01 08:00:00");
}

#[test]
fn a_chain_is_believed_only_when_every_link_of_it_holds() {
    let roots = Roots::parse(ROOT).expect("roots");
    let verify = |texts: &[&str], at: &str| roots.verify(&chain(texts), time(at));
    let today = "2026-08-21 09:30:00";
    assert_eq!(verify(&[RENEWED, ISSUER], today), Ok(()));
    // The order of the issuers and strangers among them do not matter.
    assert_eq!(
        verify(&[RENEWED, FORGED_ISSUER, APP, ISSUER], today),
        Ok(())
    );

    let refused = |texts: &[&str], at| verify(texts, at).expect_err("not believed");
    assert!(matches!(
        refused(&[RENEWED], today),
        CertError::NoIssuer { .. }
    ));
    for at in ["2024-12-31 00:00:00", "2048-01-01 08:00:01"] {
        let late = refused(&[RENEWED, ISSUER], at);
        assert!(matches!(late, CertError::NotInForce { .. }), "{late}");
    }
    // The issuer has run out, the certificate itself has not, and the other way round.
    let late = refused(&[CONFIGURED, ISSUER], today);
    assert!(matches!(late, CertError::NotInForce { .. }), "{late}");
    // An application's certificate may issue nothing.
    let under = refused(&[UNDER_APP, APP, ISSUER], today);
    assert!(matches!(under, CertError::NotAnIssuer(_)), "{under}");
    // An issuer of the right name with another key.
    let forged = refused(&[FORGED, FORGED_ISSUER], today);
    assert_eq!(forged, CertError::TooLong, "it issues itself for ever");
    let forged = refused(&[FORGED, ISSUER], today);
    assert!(matches!(forged, CertError::Signature(_)), "{forged}");
    let weak = refused(&[SHA1, ISSUER], today);
    assert!(matches!(weak, CertError::Algorithm(_)), "{weak}");
    assert!(matches!(refused(&[], today), CertError::NotACertificate));
    // A root of one's own is none of Alipay's.
    assert!(matches!(
        refused(&[FORGED_ISSUER], today),
        CertError::NoIssuer { .. } | CertError::Signature(_)
    ));
    // One that issued itself is followed for a while, not for ever.
    let round = refused(&[FORGED_ISSUER, FORGED_ISSUER], today);
    assert_eq!(round, CertError::TooLong);
}

#[test]
fn no_bit_of_a_certificate_can_be_changed() {
    let roots = Roots::parse(ROOT).expect("roots");
    let issuer = Certificate::parse(ISSUER).expect("a certificate");
    let body = RENEWED.lines().filter(|line| !line.starts_with("---"));
    let der = {
        use base64::{Engine, engine::general_purpose::STANDARD};
        STANDARD.decode(body.collect::<String>()).expect("base64")
    };
    let mut tried = 0;
    common::each_changed_byte(&der, |changed| {
        tried += 1;
        let Ok(certificate) = Certificate::from_der(changed) else {
            return;
        };
        let chain = [certificate, issuer.clone()];
        assert!(roots.verify(&chain, now()).is_err());
    });
    assert!(tried > 1_000);
}

#[test]
fn what_is_no_certificate_is_named() {
    assert!(matches!(Certificate::parse(""), Err(CertError::Text(_))));
    let key = KEY.public_key().to_pem();
    assert_eq!(Certificate::parse(&key), Err(CertError::NotACertificate));
    let cut = &CONFIGURED[..CONFIGURED.len() / 2];
    assert!(Certificate::parse(cut).is_err());
}

#[tokio::test]
async fn requests_name_their_certificates_and_answers_are_verified_by_name() {
    let script = Arc::new(ScriptedTransport::new([Ok(signed_by("leaf"))]));
    let trade = query(&client(&script)).await.done().expect("done");
    assert!(trade.trade_status.is_paid());
    let sent = script.requests().remove(0);
    let (_, sent) = sent.url.split_once('?').expect("a query");
    let sent: Params = form::decode(sent.as_bytes(), alipay::Charset::Utf8).expect("a form");
    assert_eq!(sent.get("app_cert_sn"), Some(sn("app")));
    assert_eq!(sent.get("alipay_root_cert_sn"), Some(sn("root")));
}

#[tokio::test]
async fn a_renewed_certificate_is_fetched_once_and_the_call_is_not_repeated() {
    let both = format!("{RENEWED}{ISSUER}");
    let script = Arc::new(ScriptedTransport::new([
        Ok(signed_by("leaf2")),
        Ok(download(&both)),
        Ok(signed_by("leaf2")),
    ]));
    let client = client(&script);
    assert!(query(&client).await.done().is_some());
    // A clone has it, too; the configured one still holds.
    assert!(query(&client.clone()).await.done().is_some());
    let sent = script.requests();
    assert_eq!(sent.len(), 3);
    assert!(
        sent[1]
            .url
            .contains("method=alipay.open.app.alipaycert.download")
    );
    let asked = String::from_utf8(sent[1].body.clone()).expect("text");
    assert!(asked.contains(sn("leaf2")), "{asked}");
}

#[tokio::test]
async fn a_certificate_that_comes_alone_is_checked_with_the_configured_issuer() {
    let script = Arc::new(ScriptedTransport::new([
        Ok(signed_by("leaf2")),
        Ok(download(RENEWED)),
    ]));
    assert!(query(&client(&script)).await.done().is_some());
}

#[tokio::test]
async fn a_fetched_certificate_that_is_not_alipays_is_not_believed() {
    for (name, armoured) in [
        // Genuinely issued, but to an application.
        ("app", APP.to_owned()),
        ("app", format!("{APP}{ISSUER}")),
        // Issued by an application's own key.
        ("under_app", format!("{UNDER_APP}{APP}{ISSUER}")),
        // Issued by a stranger under the issuer's name.
        ("forged", format!("{FORGED}{FORGED_ISSUER}")),
        ("sha1", format!("{SHA1}{ISSUER}")),
        // Another than the one that was asked for.
        ("leaf2", APP.to_owned()),
        ("leaf2", "nothing".to_owned()),
    ] {
        let script = Arc::new(ScriptedTransport::new([
            Ok(signed_by(name)),
            Ok(download(&armoured)),
        ]));
        let outcome = query(&client(&script)).await;
        let why = Why::UnknownCert(sn(name).to_owned());
        assert_eq!(outcome, Outcome::Unknown(Unknown { why }), "{name}");
    }
    // Nothing came back at all.
    let script = Arc::new(ScriptedTransport::new([Ok(signed_by("leaf2"))]));
    assert!(query(&client(&script)).await.is_unknown());
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn nothing_but_a_serial_number_is_asked_for() {
    let node = MADE["node"].as_str().expect("a node");
    for odd in [
        "",
        "x",
        "../../etc/passwd",
        "0123456789abcdef0123456789abcdeg",
    ] {
        let body = write_envelope("alipay_trade_query_response", node, Some(odd), Some("c2ln"));
        let script = Arc::new(ScriptedTransport::new([Ok(answer(&body))]));
        assert!(query(&client(&script)).await.is_unknown());
        assert_eq!(script.requests().len(), 1, "{odd}");
    }
}

#[tokio::test]
async fn an_answer_under_a_known_name_with_another_key_is_not_believed() {
    let signature = MADE["signatures"]["leaf2"].as_str().expect("a signature");
    let node = MADE["node"].as_str().expect("a node");
    let name = "alipay_trade_query_response";
    let body = write_envelope(name, node, Some(sn("leaf")), Some(signature));
    let script = Arc::new(ScriptedTransport::new([Ok(answer(&body))]));
    let outcome = query(&client(&script)).await;
    assert!(matches!(
        outcome,
        Outcome::Unknown(Unknown {
            why: Why::Signature(_)
        })
    ));
}

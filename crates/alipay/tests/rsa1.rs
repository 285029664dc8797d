//! `sign_type=RSA` of applications from before 2018: SHA-1 signatures as OpenSSL makes them, and
//! calls, answers and notices under them.

use alipay::{
    AlipayTime, App, Client, Gateway, Outcome,
    keys::{KeyError, PrivateKey, PublicKey, Rsa1Key},
    notice::{NoticeError, Unverified},
    requests::{PagePay, Query},
    sign::{self, SignError, SignType, Signer},
    testing::{
        NOTICE_CONTENT_TYPE, ScriptedTransport, paid_notice, signed_answer, signed_answer_as,
        signed_notice_as,
    },
};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use money::Fen;
use serde_json::json;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};

static ALIPAY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));

const NUMBER: &str = "20260821001";

/// Texts and their signatures.
type Signed = Vec<(String, String)>;

/// Bits and exponents that keys of old applications have, and odd ones.
const SIZES: [(u64, u64); 9] = [
    (1024, 65537),
    (1024, 3),
    (1032, 65537),
    (1536, 65537),
    (2047, 65537),
    (2048, 65537),
    (2048, 3),
    (3072, 65537),
    (4096, 65537),
];

static KEYS: LazyLock<Vec<(u64, String, Signed)>> =
    LazyLock::new(|| SIZES.map(|(bits, exponent)| made(bits, exponent)).into());

/// Bits, the private key, and what OpenSSL made of each text with it, in this very run.
fn keys() -> &'static [(u64, String, Signed)] {
    &KEYS
}

fn made(bits: u64, exponent: u64) -> (u64, String, Signed) {
    let pem = openssl(
        &[
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            &format!("rsa_keygen_bits:{bits}"),
            "-pkeyopt",
            &format!("rsa_keygen_pubexp:{exponent}"),
        ],
        "",
    );
    let place = format!("rsa1-{}-{bits}-{exponent}.pem", std::process::id());
    let place = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(place);
    std::fs::write(&place, &pem).expect("a place for the key");
    let file = place.to_str().expect("a path");
    let texts = [
        "",
        "a",
        "app_id=2016&biz_content={\"subject\":\"旧应用 +%&=\"}&charset=utf-8",
        &"x".repeat(5000),
    ];
    let signed = texts
        .map(|text| {
            let signature = openssl(&["dgst", "-sha1", "-sign", file], text);
            (text.to_owned(), BASE64_STANDARD.encode(signature))
        })
        .to_vec();
    std::fs::remove_file(&place).expect("the key goes");
    let pem = String::from_utf8(pem).expect("PEM");
    (bits, pem, signed)
}

/// What the command says to a text.
fn openssl(arguments: &[&str], text: &str) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command openssl");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(text.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "openssl {arguments:?}");
    output.stdout
}

fn old_key() -> Rsa1Key {
    let keys = keys();
    let (_, pem, _) = keys.iter().find(|(bits, ..)| *bits == 1024).expect("one");
    Rsa1Key::parse(pem).expect("a key")
}

fn old_app() -> App {
    let mut app = App::with_signer(
        "2016000000000001",
        "http://127.0.0.1:8609/gateway.do",
        Arc::new(old_key()),
        ALIPAY.public_key().clone(),
    );
    app.sign_type = SignType::Rsa;
    app
}

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

#[test]
fn signatures_are_those_of_openssl_byte_for_byte() {
    let mut compared = 0;
    for (bits, pem, signed) in keys() {
        let bits = *bits;
        let key = Rsa1Key::parse(pem).expect("a key");
        assert_eq!(u64::from(key.bits()), bits);
        for (text, theirs) in signed {
            let ours = key.sign(SignType::Rsa, text.as_bytes());
            assert_eq!(ours.as_ref(), Ok(theirs), "{bits} bits");
            // Blinded with another number, the same signature.
            assert_eq!(key.sign(SignType::Rsa, text.as_bytes()), ours);
            if bits >= 2048 {
                let key = PrivateKey::parse(pem).expect("a key");
                assert_eq!(sign::sign(&key, SignType::Rsa, text.as_bytes()), ours);
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 36);
}

#[test]
fn a_short_key_signs_nothing_but_sha1_and_shows_nothing() {
    let key = old_key();
    assert_eq!(key.sign(SignType::Rsa2, b"text"), Err(SignError::Sha1Only));
    assert_eq!(format!("{key:?}"), "Rsa1Key(1024 bits, redacted)");
    let pem = &keys()[0].1;
    assert_eq!(
        PrivateKey::parse(pem).err(),
        Some(KeyError::TooShort { bits: 1024 })
    );
}

#[test]
fn a_wrong_text_is_named_and_a_damaged_key_refused() {
    let public = old_key().public_key().to_pem();
    assert!(matches!(
        Rsa1Key::parse(&public),
        Err(KeyError::PublicWherePrivate(_))
    ));
    assert_eq!(Rsa1Key::parse("").err(), Some(KeyError::Empty));
    // One bit of the private exponent is another.
    let (_, pem, _) = &keys()[1];
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let mut der = base64(&body);
    der[180] ^= 1;
    assert_eq!(Rsa1Key::from_der(&der).err(), Some(KeyError::Inconsistent));
    for cut in 0..der.len() {
        let _ = Rsa1Key::from_der(&der[..cut]);
    }
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine;
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(text).expect("base64")
}

#[tokio::test]
async fn an_old_application_calls_and_reads_its_answers() {
    let node = json!({
        "code": "10000", "msg": "Success", "out_trade_no": NUMBER, "trade_no": "2026",
        "trade_status": "WAIT_BUYER_PAY", "total_amount": "1.00",
    });
    let method = "alipay.trade.query";
    let script = Arc::new(ScriptedTransport::new([
        Ok(signed_answer_as(&ALIPAY, SignType::Rsa, method, &node)),
        // The application is one of RSA: an answer under RSA2 is not its answer.
        Ok(signed_answer(&ALIPAY, method, &node)),
    ]));
    let client = Client::new(old_app(), script.clone());
    let query = Query::by_out_trade_no(NUMBER);
    let Outcome::Done(trade) = client.query(&query, now()).await else {
        panic!("not done");
    };
    assert_eq!(trade.out_trade_no, NUMBER);
    assert!(client.query(&query, now()).await.is_unknown());

    let sent = script.requests().remove(0);
    let (_, url) = sent.url.split_once('?').expect("a query");
    let read = |bytes: &[u8]| alipay::form::decode(bytes, alipay::Charset::Utf8).expect("a form");
    let params = read(url.as_bytes())
        .merged(&read(&sent.body))
        .expect("once");
    assert_eq!(params.get("sign_type"), Some("RSA"));
    let key = old_key();
    alipay::canonical::verify_request(
        &params,
        key.public_key(),
        SignType::Rsa,
        alipay::Charset::Utf8,
    )
    .expect("signed by the application");
}

#[test]
fn an_old_applications_link_is_signed_with_sha1() {
    let pay = PagePay::new(NUMBER, "旧应用", Fen::new(100));
    let link = old_app().page_url(&pay, None, None, now()).expect("a link");
    let (_, query) = link.split_once('?').expect("a query");
    let params = alipay::form::decode(query.as_bytes(), alipay::Charset::Utf8).expect("a form");
    assert_eq!(params.get("sign_type"), Some("RSA"));
    let text = sign::request_text(&params);
    let signature = params.get("sign").expect("signed");
    let public = PublicKey::parse(&old_key().public_key().to_pem()).expect("a key");
    assert_eq!(
        sign::verify(&public, SignType::Rsa, text.as_bytes(), signature),
        Ok(())
    );
}

#[test]
fn an_old_applications_notice_is_verified_when_it_says_so_itself() {
    let fields = paid_notice("2016000000000001", "2088102146225135", NUMBER, "1.00");
    let body = signed_notice_as(&ALIPAY, SignType::Rsa, &fields);
    let read = || Unverified::from_form(&body, Some(NOTICE_CONTENT_TYPE)).expect("a form");
    let verified = read().verify_as(ALIPAY.public_key(), SignType::Rsa);
    assert_eq!(verified.expect("genuine").get("out_trade_no"), Some(NUMBER));
    let refused = read().verify(ALIPAY.public_key()).err();
    assert_eq!(refused, Some(NoticeError::SignType));
}

#[tokio::test]
async fn v3_is_not_called_with_sha1() {
    let script = Arc::new(ScriptedTransport::default());
    let client = Client::new(old_app(), script.clone()).with_gateway(Gateway::V3);
    let query = Query::by_out_trade_no(NUMBER);
    let outcome = client.query(&query, now()).await;
    let refusal = outcome.refusal().expect("refused");
    assert!(refusal.to_string().contains("v3"), "{refusal}");
    assert!(script.requests().is_empty());
}

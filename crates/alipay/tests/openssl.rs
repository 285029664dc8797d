//! Signatures that OpenSSL made: SHA-1 for old applications, and keys too short for RSA2.

use alipay::{
    explain::{Cause, Keys, explain},
    keys::PublicKey,
    notice::{NoticeError, Unverified},
    sign::{self, SignType, SignatureError},
};
use serde_json::Value;

struct Signed {
    bits: u64,
    key: PublicKey,
    sha1: String,
    sha256: String,
}

fn signed() -> (String, Vec<Signed>) {
    let file: Value = serde_json::from_str(include_str!("data/openssl.json")).expect("JSON");
    let text = |value: &Value, name: &str| value[name].as_str().expect("text").to_owned();
    let keys = file["keys"]
        .as_array()
        .expect("keys")
        .iter()
        .map(|key| Signed {
            bits: key["bits"].as_u64().expect("bits"),
            key: PublicKey::parse(&text(key, "public_key")).expect("a key"),
            sha1: text(key, "sha1"),
            sha256: text(key, "sha256"),
        });
    (text(&file, "text"), keys.collect())
}

#[test]
fn sha1_is_verified_for_old_applications_and_rsa2_needs_2048_bits() {
    let (text, keys) = signed();
    for Signed {
        bits,
        key,
        sha1,
        sha256,
    } in &keys
    {
        assert_eq!(u64::from(key.bits()), *bits);
        let verify =
            |sign_type, signature: &str| sign::verify(key, sign_type, text.as_bytes(), signature);
        assert_eq!(verify(SignType::Rsa, sha1), Ok(()));
        assert_eq!(verify(SignType::Rsa, sha256), Err(SignatureError::Mismatch));
        if *bits < 2048 {
            let short = SignatureError::KeyTooShort { bits: 1024 };
            assert_eq!(verify(SignType::Rsa2, sha256), Err(short));
        } else {
            assert_eq!(verify(SignType::Rsa2, sha256), Ok(()));
            assert_eq!(verify(SignType::Rsa2, sha1), Err(SignatureError::Mismatch));
        }
    }
}

#[test]
fn a_notice_does_not_choose_its_own_digest() {
    let (text, keys) = signed();
    for Signed { key, sha1, .. } in &keys {
        let sign = sha1
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        let body = format!("{text}&sign_type=RSA&sign={sign}");
        let notice = || Unverified::from_form(body.as_bytes(), None).expect("a form");
        assert_eq!(notice().verify(key).err(), Some(NoticeError::SignType));
        let verified = notice()
            .verify_as(key, SignType::Rsa)
            .expect("an old application's");
        assert_eq!(verified.get("subject"), Some("旧应用"));
        // Said to be RSA2, it is named by the doctor and refused by the verifier.
        let lying = body.replace("sign_type=RSA", "sign_type=RSA2");
        let refused = Unverified::from_form(lying.as_bytes(), None)
            .expect("a form")
            .verify(key);
        assert!(matches!(refused, Err(NoticeError::Signature(_))));
        let keys = Keys {
            alipay: Some(key),
            app: None,
        };
        assert_eq!(explain(&lying, keys).cause(), Some(&Cause::SignTypeDiffers));
        assert!(explain(&body, keys).verifies);
    }
}

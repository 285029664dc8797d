//! Whatever people paste where a key or a certificate belongs.

use alipay::{
    cert::Certificate,
    keys::{PrivateKey, PublicKey, Rsa1Key, inspect},
};

/// What is read as a key is the same key when it is written and read again; an error repeats
/// nothing of the text.
pub(crate) fn run(data: &[u8]) {
    let _ = inspect(data);
    let text = String::from_utf8_lossy(data);
    match PublicKey::parse(&text) {
        Ok(key) => {
            assert!(key.bits() >= 1024);
            for written in [key.to_pem(), key.to_pkcs1_pem(), key.to_base64()] {
                assert_eq!(PublicKey::parse(&written).as_ref(), Ok(&key));
            }
        }
        Err(error) => tells_nothing(&error.to_string(), &text),
    }
    match PrivateKey::parse(&text) {
        Ok(key) => {
            assert!(key.bits() >= 2048);
            for written in [key.to_pkcs1_pem(), key.to_pkcs8_pem(), key.to_base64()] {
                let again = PrivateKey::parse(&written).expect("what was written is read");
                assert!(again.pairs_with(key.public_key()));
            }
            assert!(PublicKey::parse(&text).is_err(), "a key is one of the two");
        }
        Err(error) => tells_nothing(&error.to_string(), &text),
    }
    if let Err(error) = Rsa1Key::parse(&text) {
        tells_nothing(&error.to_string(), &text);
    }
    if let Ok(bundle) = Certificate::parse_bundle(&text) {
        for certificate in bundle {
            assert_eq!(certificate.sn().len(), 32);
            let _ = (certificate.issuer(), certificate.public_key());
        }
    }
}

/// A private key may be in there.
fn tells_nothing(message: &str, text: &str) {
    let piece = text
        .lines()
        .find(|line| line.len() > 40 && !line.contains(' '));
    if let Some(piece) = piece {
        assert!(!message.contains(piece), "the error repeats the text");
    }
}

/// One key in every form, damaged armour, a certificate.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let key = PrivateKey::generate(2048).expect("a key");
    let public = key.public_key();
    let mut texts = vec![
        key.to_pkcs1_pem().to_string(),
        key.to_pkcs8_pem().to_string(),
        key.to_base64().to_string(),
        public.to_pem(),
        public.to_pkcs1_pem(),
        format!(
            "-----BEGIN rsa2 PUBLIC KEY-----{}-----END",
            public.to_base64()
        ),
    ];
    let signed = include_str!("../data/certs/root.crt");
    texts.push(signed.to_owned());
    texts.into_iter().map(String::into_bytes).collect()
}

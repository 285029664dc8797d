//! Whatever somebody pastes in front of the sign doctor.

use alipay::{
    AlipayTime, App,
    explain::{Input, Keys, explain},
    keys::PrivateKey,
    requests::PagePay,
    testing::{paid_notice, signed_answer, signed_notice},
};
use money::Fen;
use serde_json::json;
use std::sync::LazyLock;

/// Alipay's key here. It signs the seeds and nothing else.
pub(crate) static ALIPAY: LazyLock<PrivateKey> = LazyLock::new(key);

static APP: LazyLock<PrivateKey> = LazyLock::new(key);

fn key() -> PrivateKey {
    PrivateKey::generate(2048).expect("a key")
}

/// The doctor has a cause for what does not verify, a way to mend it, and none for what does.
pub(crate) fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let app = APP.public_key();
    for keys in [
        Keys {
            alipay: Some(ALIPAY.public_key()),
            app: Some(app),
        },
        Keys {
            alipay: Some(app),
            app: None,
        },
        Keys {
            alipay: None,
            app: None,
        },
    ] {
        let found = explain(&text, keys);
        assert!(
            found.verifies == found.causes.is_empty(),
            "a cause for a good message, or none for a bad one: {found:?}"
        );
        assert!(found.verifies || !found.fix().is_empty());
    }
    let _ = Input::parse(&text);
}

/// Messages of each kind.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let fields = paid_notice(
        "2021000000000001",
        "2088000000000001",
        "20260821001",
        "88.80",
    );
    let app = App::new(
        "2021000000000001",
        "https://openapi.alipay.com/gateway.do",
        APP.clone(),
        ALIPAY.public_key().clone(),
    );
    let now = AlipayTime::parse("2026-08-21 09:30:00").expect("a time");
    let pay = PagePay::new("20260821001", "课 & 书", Fen::new(8_880));
    let notify = Some("https://pay.example/n?a=b");
    let link = app.page_url(&pay, None, notify, now).expect("a link");
    let node = json!({"code": "10000", "msg": "Success", "out_trade_no": "20260821001"});
    let answer = signed_answer(&ALIPAY, "alipay.trade.query", &node).body;
    let notice = signed_notice(&ALIPAY, &fields);
    let damaged = String::from_utf8_lossy(&notice).replace("&notify", "¬ify");
    vec![
        notice,
        link.into_bytes(),
        answer,
        damaged.into_bytes(),
        br#"{"method":"alipay.trade.query","sign":"x","params":{"a":"b"}}"#.to_vec(),
    ]
}

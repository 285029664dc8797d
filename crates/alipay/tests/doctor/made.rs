//! Messages that are well, to be spoiled.

use alipay::{
    AlipayTime, App, Charset, Params,
    explain::Keys,
    form,
    keys::PrivateKey,
    requests::PagePay,
    response,
    sign::{self, SignType},
    testing::{paid_notice, signed_notice},
};
use money::Fen;
use serde_json::{Value, json};
use std::sync::LazyLock;

pub(crate) static APP: LazyLock<PrivateKey> = LazyLock::new(|| made(2048));
pub(crate) static ALIPAY: LazyLock<PrivateKey> = LazyLock::new(|| made(2048));
pub(crate) static STRANGER: LazyLock<PrivateKey> = LazyLock::new(|| made(2048));
pub(crate) static LONGER: LazyLock<PrivateKey> = LazyLock::new(|| made(3072));

fn made(bits: u32) -> PrivateKey {
    PrivateKey::generate(bits).expect("a key")
}

/// Each key where it belongs.
pub(crate) fn keys() -> Keys<'static> {
    with(Some(&ALIPAY), Some(&APP))
}

pub(crate) fn with(
    alipay: Option<&'static PrivateKey>,
    app: Option<&'static PrivateKey>,
) -> Keys<'static> {
    Keys {
        alipay: alipay.map(PrivateKey::public_key),
        app: app.map(PrivateKey::public_key),
    }
}

/// The fields of a notice, unsigned.
pub(crate) fn notice_fields() -> Params {
    let mut fields = paid_notice(
        "2021000000000001",
        "2088000000000001",
        "20260821001",
        "88.80",
    );
    let bill = r#"[{"amount":"88.80","fundChannel":"ALIPAYACCOUNT"}]"#;
    fields.set("fund_bill_list", bill);
    fields
}

/// A signed notice whose signature has both `+` and `/`, which most have.
pub(crate) fn notice() -> Params {
    static NOTICE: LazyLock<Params> = LazyLock::new(|| {
        let mut fields = notice_fields();
        for turn in 0.. {
            fields.set("notify_id", &format!("2026082101222093010199160501{turn}"));
            let signed = decoded(&signed_notice(&ALIPAY, &fields));
            let sign = signed.get("sign").expect("signed");
            if sign.contains('+') && sign.contains('/') {
                return signed;
            }
        }
        unreachable!("one of the signatures has both")
    });
    NOTICE.clone()
}

/// A signed link, taken apart.
pub(crate) fn request(subject: &str) -> Params {
    let app = App::new(
        "2021000000000001",
        "https://openapi.alipay.com/gateway.do",
        APP.clone(),
        ALIPAY.public_key().clone(),
    );
    let pay = PagePay::new("20260821001", subject, Fen::new(8_880));
    let now = AlipayTime::parse("2026-08-21 09:30:00").expect("a time");
    let (back, notify) = ("https://shop.example/paid", "https://pay.example/n");
    let url = app.page_url(&pay, Some(back), Some(notify), now);
    let url = url.expect("a link");
    let (_, query) = url.split_once('?').expect("a query");
    decoded(query.as_bytes())
}

/// A signed return of the browser.
pub(crate) fn returned() -> Params {
    let mut params = Params::from([
        ("charset", "utf-8"),
        ("out_trade_no", "20260821001"),
        ("method", "alipay.trade.page.pay.return"),
        ("total_amount", "88.80"),
        ("trade_no", "2026082122001499160501589436"),
        ("auth_app_id", "2021000000000001"),
        ("version", "1.0"),
        ("app_id", "2021000000000001"),
        ("sign_type", "RSA2"),
        ("seller_id", "2088000000000001"),
        ("timestamp", "2026-08-21 09:30:12"),
    ]);
    let text = sign::notice_text(&params);
    let sign = sign::sign(&ALIPAY, SignType::Rsa2, text.as_bytes()).expect("signed");
    params.set("sign", &sign);
    params
}

/// A signed answer.
pub(crate) fn answer() -> String {
    answer_of(&json!({
        "code": "10000", "msg": "Success", "out_trade_no": "1",
        "qr_code": "https://qr.alipay.com/bax", "subject": "课",
    }))
}

pub(crate) fn answer_of(node: &Value) -> String {
    let text = response::write_node(node);
    let sign = sign::sign(&ALIPAY, SignType::Rsa2, text.as_bytes()).expect("signed");
    response::write_envelope("alipay_trade_precreate_response", &text, None, Some(&sign))
}

pub(crate) fn decoded(body: &[u8]) -> Params {
    form::decode(body, Charset::Utf8).expect("a form")
}

pub(crate) fn encoded(params: &Params) -> String {
    form::encode(params, Charset::Utf8).expect("UTF-8")
}

/// One value as it stands in a form.
pub(crate) fn escaped(value: &str) -> String {
    encoded(&Params::from([("x", value)]))[2..].to_owned()
}

/// The message with another value there.
pub(crate) fn changed(mut params: Params, name: &str, value: &str) -> String {
    params.set(name, value);
    encoded(&params)
}

/// The parameters as one JSON object, as logs have them.
pub(crate) fn as_object(params: &Params, write: impl Fn(&str, &str) -> String) -> String {
    let members: Vec<_> = params
        .iter()
        .map(|(name, value)| format!("\"{name}\": {}", write(name, value)))
        .collect();
    format!("{{{}}}", members.join(", "))
}

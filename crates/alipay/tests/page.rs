//! Links and forms that open the cashier.

use alipay::{
    AlipayTime, App, Charset, Params,
    canonical::{self, Empties},
    form,
    keys::PrivateKey,
    requests::{PagePay, RequestError, WapPay},
    sign::SignType,
};
use money::Fen;
use proptest::prelude::*;
use std::sync::LazyLock;

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));

const GATEWAY: &str = "https://openapi.alipay.com/gateway.do";

fn app(charset: Charset) -> App {
    let alipay = KEY.public_key().clone();
    let mut app = App::new("2021000000000001", GATEWAY, KEY.clone(), alipay);
    app.charset = charset;
    app
}

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

fn verified(params: &Params, charset: Charset) -> bool {
    canonical::verify_request(params, KEY.public_key(), SignType::Rsa2, charset)
        == Ok(Empties::Dropped)
}

/// What a browser would post, read back from the HTML.
fn posted(html: &str) -> (String, Params) {
    let unescape = |text: &str| {
        [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&#10;", "\n"),
            ("&#13;", "\r"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(text.to_owned(), |text, (escaped, plain)| {
            text.replace(escaped, plain)
        })
    };
    let attribute = |tag: &str, name: &str| {
        let (_, tail) = tag
            .split_once(&format!(" {name}=\""))
            .expect("the attribute");
        unescape(tail.split('"').next().expect("its end"))
    };
    let action = attribute(html.lines().next().expect("a form"), "action");
    let fields = html
        .lines()
        .filter(|line| line.starts_with("<input"))
        .map(|line| (attribute(line, "name"), attribute(line, "value")))
        .collect();
    (action, fields)
}

#[test]
fn a_link_verifies_as_the_gateway_reads_it() {
    for charset in [Charset::Utf8, Charset::Gbk] {
        let mut pay = PagePay::new("20260821001", "高数+A & B=C/D '100%'", Fen::new(8_880));
        pay.passback_params = Some("a%3D1%26b%3D2".to_owned());
        let url = app(charset)
            .page_url(
                &pay,
                Some("https://shop.example/paid?id=1&x=2"),
                Some("https://pay.example/notify"),
                now(),
            )
            .expect("a link");
        let (address, query) = url.split_once('?').expect("a query");
        assert_eq!(address, GATEWAY);
        assert!(url.is_ascii() && !url.contains(['+', ' ', '"', '<', '\'']));
        // Readers that take `+` for a space and those that do not read the same.
        let params = form::decode(query.as_bytes(), charset).expect("a query");
        assert!(verified(&params, charset));
        assert_eq!(params.get("method"), Some("alipay.trade.page.pay"));
        assert_eq!(
            params.get("return_url"),
            Some("https://shop.example/paid?id=1&x=2")
        );
        assert!(
            params
                .get("biz_content")
                .expect("JSON")
                .contains("高数+A & B=C/D '100%'")
        );
    }
}

#[test]
fn empties_are_not_sent() {
    let pay = WapPay::new("1", "课", Fen::new(1), "https://shop.example/quit");
    let url = app(Charset::Utf8)
        .page_url(&pay, None, Some(""), now())
        .expect("a link");
    assert!(!url.contains("return_url") && !url.contains("notify_url"));
    assert!(url.contains("alipay.trade.wap.pay") && url.contains("QUICK_WAP_WAY"));
}

#[test]
fn a_form_needs_no_script_and_survives_html() {
    for charset in [Charset::Utf8, Charset::Gbk] {
        let pay = PagePay::new(
            "1",
            "&copy; <b>\"O'Neill\"</b> &amp; ×tamp &timestamp",
            Fen::new(1),
        );
        if charset == Charset::Gbk {
            assert!(Charset::Gbk.encode("×").is_ok());
        }
        let form = app(charset)
            .page_form(&pay, Some("https://shop.example/?a=1&copy=2"), None, now())
            .expect("a form");
        let html = form.to_html("去支付 <now>", false);
        assert!(html.contains("<button type=\"submit\">去支付 &lt;now&gt;</button>"));
        assert!(!html.contains("<script") && !html.contains("<b>"));
        assert!(form.to_html("去支付", true).contains(".submit()"));
        let (action, fields) = posted(&html);
        assert_eq!(action, format!("{GATEWAY}?charset={charset}"));
        assert_eq!(fields.get("charset"), None, "it would be there twice");
        let merged = fields
            .merged(&Params::from([("charset", charset.as_str())]))
            .expect("no name twice");
        assert!(verified(&merged, charset));
    }
}

#[test]
fn rules_are_checked_before_anything_is_signed() {
    let app = app(Charset::Utf8);
    let url = |pay: &PagePay| app.page_url(pay, None, None, now()).map(|_| ());
    assert_eq!(
        url(&PagePay::new("", "课", Fen::new(1))),
        Err(RequestError::Empty("out_trade_no"))
    );
    assert_eq!(
        url(&PagePay::new("1", "", Fen::new(1))),
        Err(RequestError::Empty("subject"))
    );
    assert!(matches!(
        url(&PagePay::new("1", "课", Fen::ZERO)),
        Err(RequestError::Amount {
            name: "total_amount",
            ..
        })
    ));
    assert!(url(&PagePay::new("1", &"课".repeat(256), Fen::new(1))).is_ok());
    assert!(matches!(
        url(&PagePay::new("1", &"课".repeat(257), Fen::new(1))),
        Err(RequestError::TooLong {
            name: "subject",
            max: 256
        })
    ));
    let mut twice = PagePay::new("1", "课", Fen::new(1));
    twice.extra.insert("total_amount".to_owned(), "0.01".into());
    assert_eq!(
        url(&twice),
        Err(RequestError::Repeated("total_amount".to_owned()))
    );
    let long = "https://shop.example/".to_owned() + &"x".repeat(300);
    let pay = PagePay::new("1", "课", Fen::new(1));
    assert!(matches!(
        app.page_url(&pay, Some(&long), None, now()),
        Err(RequestError::TooLong {
            name: "return_url",
            ..
        })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_subject_survives_link_and_form(subject in ".{1,60}") {
        let pay = PagePay::new("1", &subject, Fen::new(1));
        let app = app(Charset::Utf8);
        let url = app.page_url(&pay, None, None, now()).expect("a link");
        let (_, query) = url.split_once('?').expect("a query");
        let params = form::decode(query.as_bytes(), Charset::Utf8).expect("a query");
        prop_assert!(verified(&params, Charset::Utf8));
        let biz: serde_json::Value =
            serde_json::from_str(params.get("biz_content").expect("JSON")).expect("JSON");
        prop_assert_eq!(biz["subject"].as_str(), Some(subject.as_str()));
        let form = app.page_form(&pay, None, None, now()).expect("a form");
        prop_assert_eq!(posted(&form.to_html("go", false)).1, form.fields);
    }
}

//! Notices: what is believed, what is compared, and the mistakes that others made.

use alipay::{
    Charset, Params, TradeStatus, form,
    form::FormError,
    keys::PrivateKey,
    notice::{Difference, Expectation, MAX_NOTICE_BYTES, NoticeError, Rule, Unverified, Verified},
    sign::{self, SignType, SignatureError},
    testing::{NOTICE_CONTENT_TYPE, paid_notice, signed_notice},
};
use money::Fen;
use proptest::prelude::*;
use std::sync::LazyLock;

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));

const APP: &str = "2021000000000001";
const SELLER: &str = "2088000000000001";
const NUMBER: &str = "20260821001";

const ORDER: Expectation<'static> = Expectation {
    out_trade_no: NUMBER,
    total_amount: Fen::new(8_880),
    app_id: APP,
    seller_id: SELLER,
};

fn fields() -> Params {
    paid_notice(APP, SELLER, NUMBER, "88.80")
}

fn believe(body: &[u8]) -> Result<Verified, NoticeError> {
    Unverified::from_form(body, Some(NOTICE_CONTENT_TYPE))?.verify(KEY.public_key())
}

fn with(name: &str, value: &str) -> Vec<u8> {
    let mut fields = fields();
    fields.set(name, value);
    signed_notice(&KEY, &fields)
}

fn encoded(params: &Params) -> Vec<u8> {
    form::encode(params, Charset::Utf8)
        .expect("UTF-8")
        .into_bytes()
}

#[test]
fn a_notice_becomes_verified_checked_and_acknowledged() {
    let body = signed_notice(&KEY, &fields());
    let notice = believe(&body).expect("genuine");
    assert_eq!(notice.rule(), Rule::WithoutSignType);
    assert_eq!(notice.trade_status(), Some(TradeStatus::Success));
    assert_eq!(notice.total_amount(), Some(Fen::new(8_880)));
    assert_eq!(notice.get("subject"), Some("Rust 入门+ 第 1 课"));
    assert_eq!(
        notice.gmt_payment().expect("a time").to_string(),
        "2026-08-21 09:30:10"
    );
    assert_eq!(notice.raw(), body);
    let checked = notice.check(&ORDER).expect("as expected");
    assert!(checked.says_paid());
    assert_eq!(checked.trade_no(), Some("2026082122001499160501589436"));
    assert_eq!(checked.acknowledge(), "success");
}

#[test]
fn every_content_type_that_a_form_has_is_taken_and_no_other() {
    let body = signed_notice(&KEY, &fields());
    for content_type in [
        None,
        Some("application/x-www-form-urlencoded"),
        Some("application/x-www-form-urlencoded;charset=GBK"),
        Some("Application/X-WWW-Form-Urlencoded; text/html; charset=UTF-8"),
    ] {
        assert!(
            Unverified::from_form(&body, content_type).is_ok(),
            "{content_type:?}"
        );
    }
    for content_type in ["", "application/json", "multipart/form-data", "入"] {
        let refused = Unverified::from_form(&body, Some(content_type)).err();
        assert_eq!(refused, Some(NoticeError::NotAForm), "{content_type}");
    }
}

#[test]
fn every_way_to_be_unsigned_or_badly_signed_is_refused() {
    let good = fields();
    let signed = form::decode(&signed_notice(&KEY, &good), Charset::Utf8).expect("a form");
    let spoiled = |change: &dyn Fn(&mut Params)| {
        let mut params = signed.clone();
        change(&mut params);
        believe(&encoded(&params)).expect_err("spoiled")
    };
    let bad = NoticeError::Signature;
    assert_eq!(
        spoiled(&|p| drop(p.remove("sign"))),
        bad(SignatureError::Missing)
    );
    assert_eq!(
        spoiled(&|p| p.set("sign", "")),
        bad(SignatureError::Missing)
    );
    assert_eq!(
        spoiled(&|p| p.set("sign", "e30=")),
        bad(SignatureError::Mismatch)
    );
    let with_spaces = signed.get("sign").expect("signed").replacen('A', " ", 1);
    assert_eq!(
        spoiled(&|p| p.set("sign", &with_spaces)),
        bad(SignatureError::NotBase64)
    );
    assert_eq!(
        spoiled(&|p| p.set("total_amount", "0.01")),
        bad(SignatureError::Mismatch)
    );
    assert_eq!(
        spoiled(&|p| p.set("added", "1")),
        bad(SignatureError::Mismatch)
    );
    assert_eq!(
        spoiled(&|p| drop(p.remove("buyer_id"))),
        bad(SignatureError::Mismatch)
    );
    for sign_type in ["RSA", "rsa2", "MD5", ""] {
        assert_eq!(
            spoiled(&|p| p.set("sign_type", sign_type)),
            NoticeError::SignType
        );
    }
    assert_eq!(
        spoiled(&|p| drop(p.remove("sign_type"))),
        NoticeError::SignType
    );
    let stranger = PrivateKey::generate(2048).expect("a key");
    let forged = signed_notice(&stranger, &good);
    assert_eq!(believe(&forged).err(), Some(bad(SignatureError::Mismatch)));
}

#[test]
fn what_is_no_form_is_refused() {
    let refused = |body: &[u8]| Unverified::from_form(body, None).err();
    assert_eq!(
        refused(&vec![b'a'; MAX_NOTICE_BYTES + 1]),
        Some(NoticeError::TooLarge)
    );
    assert_eq!(refused(b"charset=utf-9&a=1"), Some(NoticeError::Charset));
    assert_eq!(refused(b"charset=%ff&a=1"), Some(NoticeError::Charset));
    // The name escaped, so that the raw bytes and the form say different things.
    assert_eq!(refused(b"%63harset=gbk&a=1"), Some(NoticeError::Charset));
    assert_eq!(
        refused(b"a=%e4&charset=utf-8"),
        Some(NoticeError::Form(FormError::NotText(Charset::Utf8)))
    );
    assert_eq!(
        refused(b"a=%4"),
        Some(NoticeError::Form(FormError::BadEscape { at: 2 }))
    );
    let twice = [
        signed_notice(&KEY, &fields()),
        b"&total_amount=0.01".to_vec(),
    ]
    .concat();
    assert!(matches!(
        refused(&twice),
        Some(NoticeError::Form(FormError::Twice(_)))
    ));
}

#[test]
fn gbk_is_verified_in_gbk() {
    let mut fields = fields();
    fields.set("charset", "GBK");
    fields.set("subject", "高等数学（上）");
    let body = signed_notice(&KEY, &fields);
    assert!(!body.is_ascii() || body.windows(9).any(|piece| piece == b"%B8%DF%B5"));
    let notice = believe(&body).expect("genuine");
    assert_eq!(notice.get("subject"), Some("高等数学（上）"));
    // The same text in UTF-8 is other bytes, and not what was signed.
    let params = form::decode(&body, Charset::Gbk).expect("a form");
    let recoded = form::encode(&params, Charset::Utf8).expect("UTF-8");
    assert!(believe(recoded.as_bytes()).is_err());
}

#[test]
fn messages_of_older_services_keep_sign_type_in_the_text() {
    let mut params = Params::from([
        ("service", "alipay.service.check"),
        ("sign_type", "RSA2"),
        ("charset", "utf-8"),
        ("biz_content", "<XML><AppId>2021</AppId></XML>"),
    ]);
    let text = sign::notice_text_v2(&params);
    let signature = sign::sign(&KEY, SignType::Rsa2, text.as_bytes()).expect("signed");
    params.set("sign", &signature);
    let message = believe(&encoded(&params)).expect("genuine");
    assert_eq!(message.rule(), Rule::WithSignType);
    assert!(!message.says_paid());
    // Genuine, but about no order: nothing to acknowledge.
    assert_eq!(
        message
            .check(&ORDER)
            .expect_err("no order")
            .differences
            .len(),
        5
    );
}

#[test]
fn each_difference_is_named_and_an_absent_field_differs() {
    let differences = |body: &[u8]| {
        let notice = believe(body).expect("genuine");
        notice
            .check(&ORDER)
            .map(|_| ())
            .map_err(|mismatch| mismatch.differences)
    };
    assert_eq!(
        differences(&with("out_trade_no", "2")),
        Err(vec![Difference::OutTradeNo])
    );
    assert_eq!(
        differences(&with("app_id", "2")),
        Err(vec![Difference::AppId])
    );
    assert_eq!(
        differences(&with("seller_id", "2")),
        Err(vec![Difference::SellerId])
    );
    for amount in [
        "88.81", "8.88", "0.01", "88.800", "8880", "-88.80", "8.88e1", "NaN", "",
    ] {
        assert_eq!(
            differences(&with("total_amount", amount)),
            Err(vec![Difference::TotalAmount]),
            "{amount}"
        );
    }
    // The same amount, written otherwise.
    assert_eq!(differences(&with("total_amount", "88.8")), Ok(()));
    for (name, difference) in [
        ("out_trade_no", Difference::OutTradeNo),
        ("total_amount", Difference::TotalAmount),
        ("app_id", Difference::AppId),
        ("seller_id", Difference::SellerId),
        ("trade_status", Difference::TradeStatus),
    ] {
        let mut fields = fields();
        fields.remove(name);
        let body = signed_notice(&KEY, &fields);
        assert_eq!(differences(&body), Err(vec![difference]));
    }
    let notice = believe(&with("seller_id", "2")).expect("genuine");
    let mismatch = notice.check(&ORDER);
    assert_eq!(
        mismatch.expect_err("another seller").to_string(),
        "genuine, but not as expected: seller_id differs"
    );
}

#[test]
fn a_notice_of_a_partial_refund_does_not_pay_again() {
    let mut fields = fields();
    fields.set("refund_fee", "10.00");
    fields.set("gmt_refund", "2026-08-21 10:00:00.123");
    fields.set("out_biz_no", "R1");
    let notice = believe(&signed_notice(&KEY, &fields)).expect("genuine");
    let checked = notice.check(&ORDER).expect("the same order");
    assert_eq!(checked.trade_status(), Some(TradeStatus::Success));
    assert!(checked.is_refund() && !checked.says_paid());
    assert_eq!(checked.refund_fee(), Some(Fen::new(1_000)));
    assert_eq!(checked.out_biz_no(), Some("R1"));
    assert_eq!(checked.gmt_refund().expect("a time").unix_ms() % 1_000, 123);
    assert_eq!(checked.acknowledge(), "success");
}

#[test]
fn a_return_posted_as_a_notice_is_not_acknowledged() {
    let params = Params::from([
        ("charset", "utf-8"),
        ("out_trade_no", NUMBER),
        ("method", "alipay.trade.page.pay.return"),
        ("total_amount", "88.80"),
        ("trade_no", "2026082122001499160501589436"),
        ("version", "1.0"),
        ("app_id", APP),
        ("seller_id", SELLER),
        ("timestamp", "2026-08-21 09:31:00"),
    ]);
    let body = signed_notice(&KEY, &params);
    let query = std::str::from_utf8(&body).expect("text");
    let returned = alipay::returns::Unverified::from_query(query)
        .and_then(|found| found.verify(KEY.public_key()))
        .expect("genuine");
    assert!(returned.check(&ORDER).is_ok(), "as a return it is a hint");
    let mismatch = believe(&body).expect("genuine").check(&ORDER).map(|_| ());
    let differences = mismatch.expect_err("no notice").differences;
    assert_eq!(differences, [Difference::TradeStatus]);
}

#[test]
fn an_empty_parameter_added_to_a_notice_means_nothing() {
    // Empties are not signed, so anybody could add one.
    let mut fields = fields();
    fields.remove("seller_id");
    let mut body = signed_notice(&KEY, &fields);
    body.extend_from_slice(b"&refund_fee=&seller_id=");
    let notice = believe(&body).expect("still genuine");
    assert!(notice.says_paid() && notice.seller_id().is_none());
    let nobody = Expectation {
        seller_id: "",
        ..ORDER
    };
    let differences = notice.check(&nobody).expect_err("no seller").differences;
    assert_eq!(differences, [Difference::SellerId]);
}

#[test]
fn only_paid_states_say_paid() {
    for (status, paid) in [
        ("TRADE_SUCCESS", true),
        ("TRADE_FINISHED", true),
        ("TRADE_CLOSED", false),
        ("WAIT_BUYER_PAY", false),
        ("trade_success", false),
        ("", false),
    ] {
        let notice = believe(&with("trade_status", status)).expect("genuine");
        assert_eq!(notice.says_paid(), paid, "{status}");
    }
}

#[test]
fn values_are_decoded_exactly_once() {
    for value in [
        "a+b",
        "100%25",
        "%2B",
        "a=b&c",
        "{\"k\":\"v\"}",
        "&quot;",
        "中 文",
        "'",
        "\u{1f393}",
    ] {
        let notice = believe(&with("passback_params", value)).expect("genuine");
        assert_eq!(notice.passback_params(), Some(value));
    }
}

#[test]
fn claims_are_for_choosing_a_key_only() {
    let body = signed_notice(&KEY, &fields());
    let unverified = Unverified::from_form(&body, None).expect("a form");
    assert_eq!(unverified.claimed_app_id(), Some(APP));
    assert_eq!(unverified.claimed_out_trade_no(), Some(NUMBER));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_fields_that_alipay_signs_are_believed(
        extra in proptest::collection::btree_map("x_[a-z]{1,8}", ".{1,40}", 0..6),
    ) {
        let mut fields = fields();
        for (name, value) in &extra {
            fields.set(name, value);
        }
        let notice = believe(&signed_notice(&KEY, &fields)).expect("genuine");
        for (name, value) in &extra {
            prop_assert_eq!(notice.get(name), Some(value.as_str()));
        }
        prop_assert!(notice.check(&ORDER).is_ok());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(believe(&bytes).is_err());
    }
}

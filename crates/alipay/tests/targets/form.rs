//! Whatever arrives at a notify address or comes back with a browser.

use super::doctor::ALIPAY;
use alipay::{
    Charset, Params, form, notice, returns, sign,
    testing::{NOTICE_CONTENT_TYPE, paid_notice, signed_notice},
};

/// What is read is the same when it is written and read again, and nothing is believed that nobody
/// signed.
pub(crate) fn run(data: &[u8]) {
    for charset in [Charset::Utf8, Charset::Gbk] {
        let Ok(params) = form::decode(data, charset) else {
            continue;
        };
        assert!(params.len() <= form::MAX_FIELDS);
        if let Ok(written) = form::encode(&params, charset) {
            assert_eq!(form::decode(written.as_bytes(), charset), Ok(params));
        }
    }
    for content_type in [None, Some(NOTICE_CONTENT_TYPE)] {
        if let Ok(found) = notice::Unverified::from_form(data, content_type)
            && let Ok(believed) = found.verify(ALIPAY.public_key())
        {
            is_one_of_the_seeds(believed.params());
        }
    }
    if let Ok(query) = std::str::from_utf8(data)
        && let Ok(found) = returns::Unverified::from_query(query)
        && let Ok(believed) = found.verify(ALIPAY.public_key())
    {
        is_one_of_the_seeds(believed.params());
    }
}

/// What is believed says what a seed says: only those were signed.
fn is_one_of_the_seeds(params: &Params) {
    let signed = sign::notice_text(params);
    let charsets = ["utf-8", "gbk"].map(|charset| sign::notice_text(&fields(charset)));
    assert!(charsets.contains(&signed), "believed, and never signed");
}

fn fields(charset: &str) -> Params {
    let mut fields = paid_notice(
        "2021000000000001",
        "2088000000000001",
        "20260821001",
        "88.80",
    );
    fields.set("charset", charset);
    fields
}

/// A genuine notice in either charset, and forms as odd as they come.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let signed = ["utf-8", "gbk"].map(|charset| signed_notice(&ALIPAY, &fields(charset)));
    let mut seeds = signed.to_vec();
    for text in [
        "a=1&b=%E4%BD%A0&c=+%2B&&d",
        "a=%&b=%4&=x&a=1&a=2",
        "charset=gbk&subject=%B8%DF%B5%C8",
        "out_trade_no=1&trade_no=2&total_amount=0.01&sign_type=RSA2&sign=AAAA",
    ] {
        seeds.push(text.as_bytes().to_vec());
    }
    seeds
}

//! What goes wrong before a text is signed.

use crate::made::{escaped, notice_fields, request};
use crate::spoiled::{Spoiled, signed_by_alipay, signed_by_app, signed_with, without};
use alipay::{Charset, Params, sign};

pub(crate) fn joining() -> Vec<Spoiled> {
    let params = request("课 1");
    let no_type = sign::request_text(&without(&params, &["sign_type"]));
    let join = |params: &Params| {
        let pairs: Vec<_> = params
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("&")
    };
    let as_received = join(&without(&params, &["sign"]));
    let mut mixed = params.clone();
    mixed.set("Zone", "8");
    let mut pairs: Vec<_> = without(&mixed, &["sign"])
        .iter()
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect();
    pairs.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    let ignoring_case = join(&pairs.into_iter().collect());
    let values: Params = params
        .iter()
        .map(|(name, value)| (name.to_owned(), escaped(value)))
        .collect();
    let mut empties = notice_fields();
    empties.set("body", "");
    let kept: Vec<_> = without(&empties, &["sign_type"])
        .sorted()
        .map(|(n, v)| format!("{n}={v}"))
        .collect();
    // Signed with SHA-256, but said to be `RSA`.
    let mut rsa = params.clone();
    rsa.set("sign_type", "RSA");
    let as_rsa = sign::request_text(&rsa);
    let app = |params: &Params, text: &str| signed_by_app(params.clone(), text, Charset::Utf8);
    vec![
        (
            "a request signed without its type",
            app(&params, &no_type),
            "sign-type-left-out",
        ),
        (
            "a request that is not sorted",
            app(&params, &as_received),
            "sorted-otherwise",
        ),
        (
            "a request sorted ignoring case",
            app(&mixed, &ignoring_case),
            "sorted-otherwise",
        ),
        (
            "a request signed encoded",
            app(&params, &sign::request_text(&values)),
            "values-encoded",
        ),
        (
            "a request signed in GBK",
            signed_by_app(params.clone(), &sign::request_text(&params), Charset::Gbk),
            "other-charset",
        ),
        (
            "a notice with empties signed",
            signed_by_alipay(empties, &kept.join("&")),
            "empties-signed",
        ),
        (
            "a digest other than stated",
            app(&rsa, &as_rsa),
            "sign-type-differs",
        ),
    ]
}

pub(crate) fn biz_contents() -> Vec<Spoiled> {
    let with = |rewritten: &str| signed_with(request("高数 A/B"), "biz_content", rewritten);
    let rows = [
        (
            "with spaces",
            r#"{"out_trade_no": "20260821001", "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": "88.80", "subject": "高数 A/B"}"#,
        ),
        (
            "in ASCII",
            r#"{"out_trade_no":"20260821001","product_code":"FAST_INSTANT_TRADE_PAY","total_amount":"88.80","subject":"\u9ad8\u6570 A/B"}"#,
        ),
        (
            "in ASCII with spaces",
            r#"{"out_trade_no": "20260821001", "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": "88.80", "subject": "\u9ad8\u6570 A/B"}"#,
        ),
        (
            "sorted",
            r#"{"out_trade_no":"20260821001","product_code":"FAST_INSTANT_TRADE_PAY","subject":"高数 A/B","total_amount":"88.80"}"#,
        ),
        (
            "with escaped slashes",
            r#"{"out_trade_no":"20260821001","product_code":"FAST_INSTANT_TRADE_PAY","total_amount":"88.80","subject":"高数 A\/B"}"#,
        ),
        (
            "over several lines",
            "{\n  \"out_trade_no\": \"20260821001\",\n  \"product_code\": \"FAST_INSTANT_TRADE_PAY\",\n  \"total_amount\": \"88.80\",\n  \"subject\": \"高数 A/B\"\n}",
        ),
    ];
    rows.map(|(what, rewritten)| (what, with(rewritten), "biz-content-rewritten"))
        .into()
}

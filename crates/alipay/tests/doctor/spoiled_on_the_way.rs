//! What goes wrong after a message was signed.

use crate::made::{answer, as_object, changed, encoded, escaped, notice, request, returned};
use crate::spoiled::Spoiled;
use alipay::Params;
use serde_json::Value;

/// What frameworks, gateways and fingers do to a notice.
pub(crate) fn frameworks() -> Vec<Spoiled> {
    let form = encoded(&notice());
    let bill = notice()
        .get("fund_bill_list")
        .expect("there")
        .replace('"', "&quot;");
    let undecoded = |params: &Params| {
        let values = params.iter().map(|(name, value)| match name {
            "sign" => (name.to_owned(), value.to_owned()),
            _ => (name.to_owned(), escaped(value)),
        });
        encoded(&values.collect())
    };
    let numbers = as_object(&notice(), |name, value| match name {
        "total_amount" => "88.8".to_owned(),
        _ => Value::from(value).to_string(),
    });
    let number = " 2026082122001499160501589436 ";
    vec![
        (
            "a parameter of one's own",
            format!("{form}&lang=zh"),
            "extra-parameters",
        ),
        (
            "two parameters of one's own",
            format!("{form}&lang=zh&shop=1"),
            "extra-parameters",
        ),
        (
            "a route's parameter in front",
            format!("_route=notify&{form}"),
            "extra-parameters",
        ),
        (
            "a return with a parameter of one's own",
            format!("{}&from=cashier", encoded(&returned())),
            "extra-parameters",
        ),
        (
            "quotes escaped for HTML",
            changed(notice(), "fund_bill_list", &bill),
            "html-escaped",
        ),
        (
            "ampersands escaped for HTML",
            form.replace('&', "&amp;"),
            "html-escaped",
        ),
        (
            "a value decoded twice",
            changed(notice(), "subject", "Rust 入门  第 1 课"),
            "decoded-twice",
        ),
        (
            "a notice that was not decoded",
            undecoded(&notice()),
            "not-decoded",
        ),
        (
            "an amount without its zero",
            changed(notice(), "total_amount", "88.8"),
            "amount-retyped",
        ),
        ("an amount that became a number", numbers, "amount-retyped"),
        (
            "a value with blanks around it",
            changed(notice(), "trade_no", number),
            "white-space",
        ),
        (
            "a charset spelled otherwise",
            changed(notice(), "charset", "utf8"),
            "charset-renamed",
        ),
        (
            "a charset in capitals",
            changed(notice(), "charset", "UTF-8"),
            "charset-renamed",
        ),
    ]
}

/// Addresses that went through HTML, where `&times`, `&not` and `&trade` are characters.
pub(crate) fn html() -> Vec<Spoiled> {
    let link = format!(
        "https://openapi.alipay.com/gateway.do?{}",
        encoded(&request("课"))
    );
    let spoil = |from: &str, to: &str| {
        assert!(link.contains(from), "{from} is not in {link}");
        link.replace(from, to)
    };
    let returned = format!("https://shop.example/?{}", encoded(&returned()));
    vec![
        (
            "a link's timestamp",
            spoil("&timestamp=", "×tamp="),
            "html-decoded",
        ),
        (
            "a link's notify_url",
            spoil("&notify_url=", "¬ify_url="),
            "html-decoded",
        ),
        (
            "a link's both",
            spoil("&notify_url=", "¬ify_url=").replace("&timestamp=", "×tamp="),
            "html-decoded",
        ),
        (
            "a return's timestamp",
            returned.replace("&timestamp=", "×tamp="),
            "html-decoded",
        ),
        (
            "a return's trade_no",
            returned.replace("&trade_no=", "™_no="),
            "html-decoded",
        ),
        (
            "a link's ampersands",
            link.replace('&', "&amp;"),
            "html-escaped",
        ),
    ]
}

pub(crate) fn answers() -> Vec<Spoiled> {
    let good = answer();
    let parsed: Value = serde_json::from_str(&good).expect("JSON");
    let unsigned = good.split(",\"sign\"").next().expect("the node").to_owned() + "}";
    let cut_sign = good.replace("\"sign\":\"", "\"sign\":\"AAAA");
    vec![
        (
            "an answer with plain slashes",
            good.replace("\\/", "/"),
            "answer-rewritten",
        ),
        (
            "an answer over several lines",
            serde_json::to_string_pretty(&parsed).expect("JSON"),
            "answer-rewritten",
        ),
        (
            "an answer in ASCII",
            good.replace("课", "\\u8bfe"),
            "answer-rewritten",
        ),
        (
            "an answer about another order",
            good.replace("\"1\"", "\"2\""),
            "content-changed",
        ),
        ("an answer without a sign", unsigned, "no-signature"),
        (
            "an answer with a longer sign",
            cut_sign,
            "signature-cut-off",
        ),
        (
            "an answer with two signs",
            good.replacen('{', "{\"sign\":\"x\",", 1),
            "not-a-message",
        ),
        (
            "an answer with two nodes",
            good.replacen('{', "{\"error_response\":{},", 1),
            "malformed-answer",
        ),
        (
            "an answer without its end",
            good[..60].to_owned(),
            "not-a-message",
        ),
        ("nothing", String::new(), "not-a-message"),
        ("a word", "hello".to_owned(), "not-a-message"),
        ("half an escape", "a=%4".to_owned(), "not-a-message"),
    ]
}

//! The table of spoiled messages.

use crate::Row;
use crate::made::{
    ALIPAY, APP, LONGER, STRANGER, answer, changed, encoded, keys, notice, notice_fields, request,
    returned, with,
};
use crate::spoiled_on_the_way::{answers, frameworks, html};
use crate::spoiled_text::{biz_contents, joining};
use alipay::explain::Keys;
use alipay::keys::PrivateKey;
use alipay::sign::{self, SignType};
use alipay::testing::signed_notice;
use alipay::{Charset, Params};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = wrong_keys();
    for (what, text, causes) in [
        signatures(),
        joining(),
        biz_contents(),
        frameworks(),
        html(),
        answers(),
        contents(),
        two_at_once(),
    ]
    .into_iter()
    .flatten()
    {
        let causes = causes.split(' ').collect();
        rows.push(Row {
            what,
            text,
            keys: keys(),
            causes,
        });
    }
    rows
}

/// What it is, the message, and its causes.
pub(crate) type Spoiled = (&'static str, String, &'static str);

/// Signs `text` with the application's key and puts the signature into `params`.
pub(crate) fn signed_by_app(params: Params, text: &str, charset: Charset) -> String {
    signed(params, &APP, text, charset)
}

pub(crate) fn signed_by_alipay(params: Params, text: &str) -> String {
    signed(params, &ALIPAY, text, Charset::Utf8)
}

fn signed(mut params: Params, key: &PrivateKey, text: &str, charset: Charset) -> String {
    let bytes = charset.encode(text).expect("the charset has it");
    let sign = sign::sign(key, SignType::Rsa2, &bytes).expect("signed");
    params.set("sign", &sign);
    encoded(&params)
}

/// A request that was signed with that value there, and sent as it is.
pub(crate) fn signed_with(params: Params, name: &str, value: &str) -> String {
    let mut other = params.clone();
    other.set(name, value);
    signed_by_app(params, &sign::request_text(&other), Charset::Utf8)
}

pub(crate) fn without(params: &Params, names: &[&str]) -> Params {
    let mut params = params.clone();
    for name in names {
        params.remove(name);
    }
    params
}

fn wrong_keys() -> Vec<Row> {
    let (notice, request) = (encoded(&notice()), encoded(&request("课")));
    let longer = signed_notice(&LONGER, &notice_fields());
    let longer = String::from_utf8(longer).expect("a form");
    let row = |what, text: &str, keys: Keys<'static>, cause| Row {
        what,
        text: text.to_owned(),
        keys,
        causes: vec![cause],
    };
    let swapped = "app-key-instead-of-alipays";
    vec![
        row(
            "the app's key in both places",
            &notice,
            with(Some(&APP), Some(&APP)),
            swapped,
        ),
        row(
            "both keys in the other's place",
            &notice,
            with(Some(&APP), Some(&ALIPAY)),
            swapped,
        ),
        row(
            "an answer and the app's key",
            &answer(),
            with(Some(&APP), Some(&ALIPAY)),
            swapped,
        ),
        row(
            "a request and Alipay's key",
            &request,
            with(Some(&ALIPAY), Some(&ALIPAY)),
            "alipays-key-instead-of-apps",
        ),
        row(
            "a request and both swapped",
            &request,
            with(Some(&APP), Some(&ALIPAY)),
            "alipays-key-instead-of-apps",
        ),
        row(
            "a stranger's key",
            &notice,
            with(Some(&STRANGER), None),
            "wrong-key",
        ),
        row(
            "a request and a stranger's key",
            &request,
            with(Some(&ALIPAY), Some(&STRANGER)),
            "wrong-key",
        ),
        row(
            "a request and a key of another app",
            &request,
            with(None, Some(&STRANGER)),
            "wrong-key",
        ),
        row(
            "only the app's key for a notice",
            &notice,
            with(None, Some(&APP)),
            "no-key",
        ),
        row(
            "only Alipay's key for a request",
            &request,
            with(Some(&ALIPAY), None),
            "no-key",
        ),
        row("no key at all", &notice, Keys::default(), "no-key"),
        row(
            "a longer key than signed",
            &notice,
            with(Some(&LONGER), None),
            "key-size-differs",
        ),
        row(
            "a shorter key than signed",
            &longer,
            with(Some(&ALIPAY), None),
            "key-size-differs",
        ),
    ]
}

fn signatures() -> Vec<Spoiled> {
    let sign = notice().get("sign").expect("signed").to_owned();
    let with = |sign: &str| changed(notice(), "sign", sign);
    let escape = |text: &str| {
        text.replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D")
    };
    vec![
        (
            "no sign",
            encoded(&without(&notice(), &["sign"])),
            "no-signature",
        ),
        ("an empty sign", with(""), "no-signature"),
        (
            "a request without a sign",
            encoded(&without(&request("课"), &["sign"])),
            "no-signature",
        ),
        (
            "a sign of percent signs",
            with("%%%"),
            "signature-not-base64",
        ),
        (
            "a sign in the alphabet of addresses",
            with(&sign.replace('+', "-").replace('/', "_")),
            "signature-not-base64",
        ),
        (
            "a sign without its end",
            with(&sign[..300]),
            "signature-cut-off",
        ),
        (
            "a sign that ends within a group",
            with(&sign[..303]),
            "signature-cut-off",
        ),
        (
            "a sign twice",
            with(&format!("{}{sign}", &sign[..340])),
            "signature-cut-off",
        ),
        (
            "a sign with spaces for plus",
            with(&sign.replace('+', " ")),
            "plus-became-space",
        ),
        (
            "a sign that was never decoded",
            with(&escape(&sign)),
            "signature-not-decoded",
        ),
        (
            "the sign of another notice",
            with(returned().get("sign").expect("signed")),
            "content-changed",
        ),
    ]
}

fn contents() -> Vec<Spoiled> {
    vec![
        (
            "another amount",
            changed(notice(), "total_amount", "0.01"),
            "content-changed",
        ),
        (
            "another seller",
            changed(notice(), "seller_id", "2088000000000002"),
            "content-changed",
        ),
        (
            "a status of one's own",
            changed(notice(), "trade_status", "TRADE_FINISHED"),
            "content-changed",
        ),
        (
            "a notice without its buyer",
            encoded(&without(&notice(), &["buyer_id"])),
            "content-changed",
        ),
        (
            "a request of another amount",
            changed(request("课"), "biz_content", "{\"total_amount\":\"0.01\"}"),
            "content-changed",
        ),
        (
            "a return of another order",
            changed(returned(), "out_trade_no", "20260821002"),
            "content-changed",
        ),
    ]
}

fn two_at_once() -> Vec<Spoiled> {
    let sign = notice().get("sign").expect("signed").replace('+', " ");
    let link = format!(
        "https://openapi.alipay.com/gateway.do?{}",
        encoded(&request("课"))
    );
    let renamed = link.replace("charset=utf-8", "charset=utf8");
    let older = notice_fields();
    let with_type = sign::request_text(&older);
    let older = signed_by_alipay(older, &with_type);
    vec![
        (
            "an older service's notice and a parameter",
            format!("{older}&lang=zh"),
            "sign-type-kept extra-parameters",
        ),
        (
            "a number and a parameter",
            format!("{}&lang=zh", changed(notice(), "total_amount", "88.8")),
            "extra-parameters amount-retyped",
        ),
        (
            "spaces in the sign and a parameter",
            format!("{}&lang=zh", changed(notice(), "sign", &sign)),
            "plus-became-space extra-parameters",
        ),
        (
            "through HTML and a charset",
            renamed.replace("&timestamp=", "×tamp="),
            "html-decoded charset-renamed",
        ),
    ]
}

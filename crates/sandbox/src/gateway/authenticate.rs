//! Who calls, and whether the signature holds.
//!
//! The application is looked up before the signature is looked at: a call with an unknown app_id
//! and no signature at all is answered invalid-app-id.

use super::errors::Fault;
use super::errors::gateway::{
    INVALID_APP_ID, INVALID_ARGUMENT, INVALID_ENCRYPT_TYPE, INVALID_FORMAT, INVALID_SIGN_TYPE,
    INVALID_SIGNATURE, INVALID_TIMESTAMP, MISSING_APP_ID, MISSING_SIGN_TYPE, MISSING_SIGNATURE,
    MISSING_TIMESTAMP, MISSING_VERSION,
};
use super::params::Read;
use crate::context::{Caller, Context};
use alipay::keys::PublicKey;
use alipay::sign::{self, SignType};
use alipay::{AlipayTime, Charset, Params};
use std::sync::Arc;

/// The application that a call names.
pub(super) async fn caller(cx: &Context, params: &Params) -> Result<Arc<Caller>, Fault> {
    let Some(app_id) = params.non_empty("app_id") else {
        return Err(Fault::new(
            MISSING_APP_ID,
            "请求缺少 app_id。沙箱应用的 app_id 见 sandbox.json。",
            "The call has no app_id. The sandbox's applications are in sandbox.json.",
        ));
    };
    let plausible = app_id.len() <= 32 && app_id.bytes().all(|b| b.is_ascii_digit());
    let found = if plausible {
        cx.caller(app_id).await?
    } else {
        None
    };
    found.ok_or_else(|| {
        let shown: String = app_id.chars().take(40).collect();
        Fault::new(
            INVALID_APP_ID,
            format!("这个沙箱没有应用 {shown}。请使用 sandbox.json 里的 app_id，或用 POST /sandbox/v1/apps 新建。"),
            format!("This sandbox has no application {shown}. Take an app_id of sandbox.json, or make one with POST /sandbox/v1/apps."),
        )
    })
}

/// Checks the common parameters and the signature; returns the text that was verified.
pub(super) fn verify(read: &Read, caller: &Caller) -> Result<String, Fault> {
    let params = &read.params;
    check_common(params)?;
    let Some(signature) = params.non_empty("sign") else {
        return Err(Fault::new(
            MISSING_SIGNATURE,
            "请求缺少 sign。用应用私钥对排序后的参数串做 RSA2 签名。",
            "The call has no sign. Sign the sorted parameters with the application's private key (RSA2).",
        ));
    };
    let key = &caller.keys.app_public_key;
    let text = sign::request_text(params);
    if holds(key, &text, read.charset, signature) {
        return Ok(text);
    }
    // Some SDKs (the official Python and Node ones) sign empty values too.
    let with_empties = sign::request_text_keeping_empties(params);
    if with_empties != text && holds(key, &with_empties, read.charset, signature) {
        return Ok(with_empties);
    }
    Err(wrong_signature(read, key, text, signature))
}

fn holds(key: &PublicKey, text: &str, charset: Charset, signature: &str) -> bool {
    charset
        .encode(text)
        .is_ok_and(|bytes| sign::verify(key, SignType::Rsa2, &bytes, signature).is_ok())
}

fn check_common(params: &Params) -> Result<(), Fault> {
    match params.non_empty("sign_type") {
        Some("RSA2") => {}
        None => {
            return Err(Fault::new(
                MISSING_SIGN_TYPE,
                "请求缺少 sign_type，应为 RSA2（它也参与签名）。",
                "The call has no sign_type. Send RSA2; it is part of what is signed.",
            ));
        }
        Some(_) => {
            return Err(Fault::new(
                INVALID_SIGN_TYPE,
                "sign_type 应为 RSA2。沙箱不签 SHA-1（RSA），真实的支付宝对 2018 年以后的应用也是如此。",
                "sign_type must be RSA2. The sandbox makes no SHA-1 signatures (RSA), nor does Alipay for applications made since 2018.",
            ));
        }
    }
    if params.non_empty("encrypt_type").is_some() {
        return Err(Fault::new(
            INVALID_ENCRYPT_TYPE,
            "这个沙箱不支持内容加密（encrypt_type），请关闭 SDK 的 AES 设置。",
            "This sandbox takes no encrypted content; switch AES off in the SDK.",
        ));
    }
    Ok(())
}

/// What is checked once the signature holds.
pub(super) fn check_verified(params: &Params) -> Result<(), Fault> {
    let is_json = |format: &str| format.eq_ignore_ascii_case("json");
    if !params.non_empty("format").is_none_or(is_json) {
        return Err(Fault::new(
            INVALID_FORMAT,
            "format 只能是 JSON。",
            "format must be JSON, or be left out.",
        ));
    }
    match params.non_empty("timestamp") {
        Some(text) if text.len() == 19 && AlipayTime::parse(text).is_ok() => {}
        None => {
            return Err(Fault::new(
                MISSING_TIMESTAMP,
                "请求缺少 timestamp（yyyy-MM-dd HH:mm:ss，北京时间）。",
                "The call has no timestamp (yyyy-MM-dd HH:mm:ss, China's time).",
            ));
        }
        Some(_) => {
            return Err(Fault::new(
                INVALID_TIMESTAMP,
                "timestamp 须写成 yyyy-MM-dd HH:mm:ss（北京时间）。",
                "Write timestamp as yyyy-MM-dd HH:mm:ss, in China's time.",
            ));
        }
    }
    match params.non_empty("version") {
        Some("1.0") => Ok(()),
        None => Err(Fault::new(
            MISSING_VERSION,
            "请求缺少 version，应为 1.0。",
            "The call has no version. Send 1.0.",
        )),
        Some(_) => Err(Fault::new(
            INVALID_ARGUMENT,
            "version 只能是 1.0。",
            "version must be 1.0.",
        )),
    }
}

/// The answer to a signature that does not hold, with the gateway's own text (people debug with
/// it) and, where one of the usual mistakes is found, its cure.
fn wrong_signature(read: &Read, key: &PublicKey, text: String, signature: &str) -> Fault {
    let (zh, en) = diagnose(read, key, signature);
    let mut fault = Fault::new(INVALID_SIGNATURE, zh, en);
    let shown = text.replace('&', "&amp;");
    fault.sub_msg = format!(
        "{}，网关生成的验签字符串为：{shown}",
        INVALID_SIGNATURE.sub_msg
    );
    fault.signed_text = Some(text);
    fault
}

fn diagnose(read: &Read, key: &PublicKey, signature: &str) -> (String, String) {
    let pair = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    let params = &read.params;
    if signature.contains(' ') {
        return pair(
            "sign 里有空格：base64 的 + 没有编码成 %2B，被当成空格解码了。请对每个参数值做 URL 编码。",
            "sign holds spaces: the + of its base64 was not escaped as %2B. URL-encode every value.",
        );
    }
    if holds(key, &sign::notice_text(params), read.charset, signature) {
        return pair(
            "签名时漏掉了 sign_type：请求的待签名串包含 sign_type，只有异步通知才去掉它。",
            "sign_type was left out when signing: a request's signature covers it, only a notice's does not.",
        );
    }
    let other = match read.charset {
        Charset::Utf8 => Charset::Gbk,
        Charset::Gbk => Charset::Utf8,
    };
    if holds(key, &sign::request_text(params), other, signature) {
        return pair(
            "待签名串用了另一种字符集：签名时的编码须与 URL 里的 charset 一致。",
            "The text was signed in another charset than the one that the URL names.",
        );
    }
    if !read.charset_in_url {
        return pair(
            "URL 里没有 charset，网关按 GBK 读取参数。请把 charset=utf-8 放到 URL 的查询串里，并核对应用私钥。",
            "The URL names no charset, so the gateway read GBK. Put charset=utf-8 into the URL's query, and check the application's private key.",
        );
    }
    pair(
        "签名与参数或应用公钥不符。逐字比较网关的验签字符串与你签名的字符串；若完全相同，则私钥不是这个应用的（app_private_key 见 sandbox.json）。",
        "The signature does not fit these parameters and this application's public key. Compare the gateway's text with yours, letter by letter; when they are the same, the private key is another application's (sandbox.json names the right one).",
    )
}

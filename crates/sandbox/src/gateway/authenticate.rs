//! Who calls, and whether the signature holds.
//!
//! The application is looked up before the signature is looked at: a call with an unknown app_id
//! and no signature at all is answered invalid-app-id.

use super::doctor;
use super::errors::Fault;
use super::errors::gateway::{
    INVALID_APP_ID, INVALID_ARGUMENT, INVALID_FORMAT, INVALID_SIGN_TYPE, INVALID_SIGNATURE,
    INVALID_TIMESTAMP, MISSING_APP_ID, MISSING_SIGN_TYPE, MISSING_SIGNATURE,
    MISSING_SIGNATURE_CONFIG, MISSING_TIMESTAMP, MISSING_VERSION,
};
use super::identity::{Named, identity};
use super::params::Read;
use crate::context::{Caller, Context};
use alipay::keys::{MIN_BITS, PublicKey};
use alipay::sign::{self, SignType};
use alipay::{AlipayTime, Charset, Params};
use kernel::Timestamp;
use std::sync::Arc;

/// The application that a call names.
pub(super) async fn caller(cx: &Context, app_id: Option<&str>) -> Result<Arc<Caller>, Fault> {
    let Some(app_id) = app_id else {
        return Err(Fault::new(
            MISSING_APP_ID,
            "请求缺少 app_id。沙箱应用的 app_id 见 sandbox.json。",
            "The call has no app_id. The sandbox's applications are in sandbox.json.",
        ));
    };
    let found = if is_app_id(app_id) {
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

/// Whether a text may be an application's number.
pub(super) fn is_app_id(text: &str) -> bool {
    text.len() <= 32 && text.bytes().all(|b| b.is_ascii_digit())
}

/// How a call says that it is signed. An application has one key, for one algorithm.
pub(super) fn sign_type(params: &Params, caller: &Caller) -> Result<SignType, Fault> {
    let Some(text) = params.non_empty("sign_type") else {
        return Err(Fault::new(
            MISSING_SIGN_TYPE,
            "请求缺少 sign_type，应为 RSA2（它也参与签名）。",
            "The call has no sign_type. Send RSA2; it is part of what is signed.",
        ));
    };
    let Some(sign_type) = SignType::parse(text) else {
        return Err(Fault::new(
            INVALID_SIGN_TYPE,
            "sign_type 应为 RSA2（SHA-256），旧应用可为 RSA（SHA-1）。",
            "sign_type is RSA2 (SHA-256), or RSA (SHA-1) for an old application.",
        ));
    };
    let fits = match sign_type {
        SignType::Rsa2 => caller.keys.app_public_key.bits() >= MIN_BITS,
        SignType::Rsa => caller.app.sign_type == "RSA",
    };
    if fits {
        return Ok(sign_type);
    }
    let own = &caller.app.sign_type;
    Err(Fault::new(
        MISSING_SIGNATURE_CONFIG,
        format!(
            "这个应用配置的是 {own} 公钥，没有 {sign_type} 的。请在 SDK 里使用 {own}，或用 PATCH /sandbox/v1/apps/{{app_id}} 改 sign_type。"
        ),
        format!(
            "This application has a public key for {own}, none for {sign_type}. Use {own} in the SDK, or change sign_type with PATCH /sandbox/v1/apps/{{app_id}}."
        ),
    ))
}

/// Checks by what the caller is known and its signature; returns the text that was verified, and
/// whether it was verified by a certificate.
pub(super) async fn verify(
    read: &Read,
    caller: &Caller,
    sign_type: SignType,
    now: Timestamp,
) -> Result<(String, bool), Fault> {
    let params = &read.params;
    let named = Named {
        app_cert_sn: params.non_empty("app_cert_sn"),
        root_sn: params.non_empty("alipay_root_cert_sn"),
        root_is_optional: false,
    };
    let identity = identity(caller, named, now)?;
    let Some(signature) = params.non_empty("sign") else {
        return Err(missing_signature());
    };
    let holds = |text: &str| holds(identity.key, sign_type, text, read.charset, signature);
    let text = sign::request_text(params);
    if holds(&text) {
        return Ok((text, identity.by_cert));
    }
    // Some SDKs (the official Python and Node ones) sign empty values too.
    let with_empties = sign::request_text_keeping_empties(params);
    if with_empties != text && holds(&with_empties) {
        return Ok((with_empties, identity.by_cert));
    }
    let alipay = caller.keys.alipay_private_key.public_key();
    let diagnosis = doctor::diagnose(read, identity.key, alipay).await;
    Err(wrong_signature(diagnosis, text))
}

pub(super) fn missing_signature() -> Fault {
    Fault::new(
        MISSING_SIGNATURE,
        "请求缺少 sign。用应用私钥对排序后的参数串做 RSA2 签名。",
        "The call has no sign. Sign the sorted parameters with the application's private key (RSA2).",
    )
}

fn holds(
    key: &PublicKey,
    sign_type: SignType,
    text: &str,
    charset: Charset,
    signature: &str,
) -> bool {
    charset
        .encode(text)
        .is_ok_and(|bytes| sign::verify(key, sign_type, &bytes, signature).is_ok())
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
pub(super) fn wrong_signature(diagnosis: doctor::Diagnosis, text: String) -> Fault {
    let mut fault = Fault::new(INVALID_SIGNATURE, "", "");
    fault.explain = diagnosis.explain;
    fault.sub_msg = if diagnosis.other_digest {
        "验签出错，sign值与sign_type参数指定的签名类型不一致".to_owned()
    } else {
        let shown = text.replace('&', "&amp;");
        format!(
            "{}，网关生成的验签字符串为：{shown}",
            INVALID_SIGNATURE.sub_msg
        )
    };
    fault.signed_text = Some(text);
    fault
}

//! Who calls over v3, and whether the signature holds: over exactly what was sent, for ten
//! minutes, once.

use super::header::{Authorization, HeaderError};
use super::serve::Incoming;
use crate::context::{Caller, Context};
use crate::gateway::authenticate::{caller, missing_signature};
use crate::gateway::errors::Fault;
use crate::gateway::errors::gateway::{
    INVALID_ARGUMENT, INVALID_SIGN_TYPE, INVALID_SIGNATURE, INVALID_TIMESTAMP,
    MISSING_SIGNATURE_CONFIG, MISSING_TIMESTAMP, SUSPECTED_ATTACK,
};
use crate::gateway::identity::{Named, identity};
use alipay::keys::{MIN_BITS, PublicKey};
use alipay::sign::{self, SignType, SignatureError};
use kernel::Timestamp;
use kernel::time::{MINUTE_MS, SECOND_MS};
use std::sync::Arc;

/// How far a call's time may be from the wall clock's.
const FRESH_MS: i64 = 10 * MINUTE_MS;

/// A caller whose signature holds.
pub(super) struct Known {
    pub(super) caller: Arc<Caller>,
    pub(super) by_cert: bool,
    pub(super) signed_text: String,
}

/// Checks the header and the signature.
pub(super) async fn verify(cx: &Context, incoming: &Incoming) -> Result<Known, Fault> {
    let said = Authorization::parse(&incoming.authorization).map_err(refused)?;
    let Some(timestamp) = said.timestamp.as_deref() else {
        return Err(Fault::new(
            MISSING_TIMESTAMP,
            "请求头 authorization 缺少 timestamp：ALIPAY-SHA256withRSA app_id=…,nonce=…,timestamp=毫秒,sign=…",
            "The authorization header has no timestamp: ALIPAY-SHA256withRSA app_id=…,nonce=…,timestamp=<milliseconds>,sign=…",
        ));
    };
    let caller = caller(cx, said.app_id.as_deref()).await?;
    let now = cx.parts().wall.now();
    let until = fresh_until(timestamp, said.expired_seconds.as_deref(), now)?;
    let named = Named {
        app_cert_sn: said.app_cert_sn.as_deref(),
        root_sn: incoming.root_cert_sn.as_deref(),
        root_is_optional: true,
    };
    let identity = identity(&caller, named, now)?;
    let Some(nonce) = said.nonce.as_deref() else {
        return Err(Fault::new(
            INVALID_ARGUMENT,
            "请求头 authorization 缺少 nonce（每次请求不同的随机串）。",
            "The authorization header has no nonce, a random text that is another one each time.",
        ));
    };
    let Some(signature) = said.sign.as_deref() else {
        return Err(missing_signature());
    };
    if identity.key.bits() < MIN_BITS {
        return Err(Fault::new(
            MISSING_SIGNATURE_CONFIG,
            "v3 只有 RSA2（SHA-256，至少 2048 位），这个应用的公钥太短。",
            "v3 has RSA2 only (SHA-256, 2048 bits at least); this application's key is too short.",
        ));
    }
    let (signed_text, others) = texts(incoming, &said.signed);
    let by_cert = identity.by_cert;
    let key = identity.key;
    let holds = |text: &str| sign::verify(key, SignType::Rsa2, text.as_bytes(), signature);
    let first = holds(&signed_text);
    if first.is_err()
        && !others
            .iter()
            .any(|(zh, _, text)| zh.is_empty() && holds(text).is_ok())
    {
        return Err(wrong_signature(first, &others, key, signature, signed_text));
    }
    if !cx.nonces().is_new(&caller.app.app_id, nonce, now, until) {
        return Err(Fault::new(
            SUSPECTED_ATTACK,
            "这个 nonce 已经用过：请求被重放，或者 SDK 没有每次生成新的 nonce。什么都没有执行。",
            "This nonce was used already: the call was sent again as it is, or the SDK makes no new one each time. Nothing was done.",
        ));
    }
    Ok(Known {
        caller,
        by_cert,
        signed_text,
    })
}

/// Until when a call of that time is fresh.
fn fresh_until(
    timestamp: &str,
    expired_seconds: Option<&str>,
    now: Timestamp,
) -> Result<Timestamp, Fault> {
    let invalid = |zh: String, en: String| Fault::new(INVALID_TIMESTAMP, zh, en);
    let Some(at) = timestamp.parse().ok().map(Timestamp::from_ms) else {
        return Err(invalid(
            "timestamp 应为毫秒数（1970 年以来）。".to_owned(),
            "timestamp is a number of milliseconds since 1970.".to_owned(),
        ));
    };
    // What a caller says itself can only make it shorter.
    let said = match expired_seconds.map(str::parse::<i64>) {
        None => FRESH_MS,
        Some(Ok(seconds)) if seconds > 0 => seconds.saturating_mul(SECOND_MS).min(FRESH_MS),
        Some(_) => {
            return Err(invalid(
                "expired_seconds 应为正整数。".to_owned(),
                "expired_seconds is a positive number.".to_owned(),
            ));
        }
    };
    let age = now.since_ms(at);
    if (-FRESH_MS..=said).contains(&age) {
        return Ok(at.plus_ms(FRESH_MS));
    }
    Err(invalid(
        format!(
            "timestamp 与真实时间相差 {} 秒，最多 10 分钟（看的是真实时钟，不是沙箱的业务时钟）。",
            age / SECOND_MS
        ),
        format!(
            "timestamp is {} seconds from the wall clock, 10 minutes at most. The business clock does not count here.",
            age / SECOND_MS
        ),
    ))
}

/// A text that somebody may have signed instead, and what was wrong then; without words it is as
/// good.
type Other = (&'static str, &'static str, String);

/// The text that is to be signed, and what else is signed by mistake.
fn texts(incoming: &Incoming, auth: &str) -> (String, Vec<Other>) {
    let text = |auth: &str, verb: &str, path: &str, body: &str, token: Option<&str>, end: &str| {
        let lines = [Some(auth), Some(verb), Some(path), Some(body), token];
        let lines: Vec<&str> = lines.into_iter().flatten().collect();
        format!("{}{end}", lines.join("\n"))
    };
    let verb = incoming.http_method.as_str();
    let (path, body) = (
        incoming.path_and_query.as_str(),
        incoming.signed_body.as_str(),
    );
    let token = incoming.app_auth_token.as_deref();
    let right = text(auth, verb, path, body, token, "\n");
    let bare = path.split('?').next().unwrap_or_default();
    let mut others: Vec<Other> = vec![
        (
            "待签名串的最后一行后面也要有换行符 \\n。",
            "The last line of the signed text ends with a line feed, too.",
            text(auth, verb, path, body, token, ""),
        ),
        (
            "待签名串里的路径要带查询串（与发送的完全一样）。",
            "The path in the signed text has its query, exactly as it is sent.",
            text(auth, verb, bare, body, token, "\n"),
        ),
        (
            "带了请求头 alipay-app-auth-token 时，它也是待签名串的最后一行。",
            "When there is an alipay-app-auth-token header, it is the last line of the signed text.",
            text(auth, verb, path, body, None, "\n"),
        ),
        (
            "请求体在签名后被改动或没有参与签名：应签发送的原文。",
            "The body was changed after signing or not signed: sign what is sent, byte for byte.",
            text(auth, verb, path, "", token, "\n"),
        ),
    ];
    // As good: the verb that a proxy had to replace, and the path with the world's prefix.
    let verbs = [Some(verb), incoming.override_method.as_deref()];
    let paths = [Some(path), incoming.came_as.as_deref()];
    for verb in verbs.into_iter().flatten() {
        for path in paths.into_iter().flatten() {
            others.push(("", "", text(auth, verb, path, body, token, "\n")));
        }
    }
    (right, others)
}

fn wrong_signature(
    first: Result<(), SignatureError>,
    others: &[Other],
    key: &PublicKey,
    signature: &str,
    signed_text: String,
) -> Fault {
    let found = others.iter().find(|(zh, _, text)| {
        !zh.is_empty() && sign::verify(key, SignType::Rsa2, text.as_bytes(), signature).is_ok()
    });
    let mut fault = match (found, first) {
        (Some((zh, en, _)), _) => Fault::new(INVALID_SIGNATURE, *zh, *en),
        (None, Err(SignatureError::NotBase64)) => Fault::new(
            INVALID_SIGNATURE,
            "sign 不是标准 base64。",
            "sign is no standard base64.",
        ),
        _ => Fault::new(
            INVALID_SIGNATURE,
            "签名与请求或应用公钥不符。待签名串依次为：authString、HTTP 方法、带查询串的路径、请求体原文、（有的话）app_auth_token，每行以 \\n 结尾；逐字比较下面的验签字符串，若完全相同则私钥不是这个应用的。",
            "The signature does not fit this call and this application's public key. The signed text is: authString, HTTP method, path with its query, the body as sent, and the app_auth_token where there is one, each line ended by a line feed. Compare it with the gateway's; when they are the same, the private key is another application's.",
        ),
    };
    fault.sub_msg = format!(
        "{}，网关生成的验签字符串为：{}",
        INVALID_SIGNATURE.sub_msg,
        signed_text.replace('&', "&amp;")
    );
    fault.signed_text = Some(signed_text);
    fault
}

fn refused(error: HeaderError) -> Fault {
    match error {
        HeaderError::Scheme => Fault::new(
            INVALID_SIGN_TYPE,
            "authorization 应以 ALIPAY-SHA256withRSA 开头，后面一个空格。",
            "The authorization header begins with ALIPAY-SHA256withRSA and a space.",
        ),
        HeaderError::Form => Fault::new(
            INVALID_ARGUMENT,
            "authorization 应为 name=value，用逗号连接，每个名称一次，sign 在最后。",
            "The authorization header has name=value joined by commas, each name once, sign last.",
        ),
    }
}

//! Encrypted contents: `encrypt_type=AES` on v2, `alipay-encrypt-type` on v3.

use super::errors::Fault;
use super::errors::gateway::{
    DECRYPTION_FAILED, DECRYPTION_MISSING_TYPE, INVALID_ENCRYPT_TYPE, MISSING_ENCRYPT_KEY,
};
use crate::context::Caller;
use alipay::Charset;
use alipay::content::ContentKey;

/// The key of a call that says it is encrypted; none for one that says nothing.
pub(super) fn key_of<'a>(
    encrypt_type: Option<&str>,
    caller: &'a Caller,
) -> Result<Option<&'a ContentKey>, Fault> {
    match encrypt_type {
        None => Ok(None),
        Some("AES") => match &caller.keys.content_key {
            Some(key) => Ok(Some(key)),
            None => Err(Fault::new(
                MISSING_ENCRYPT_KEY,
                "这个应用没有设置 AES 密钥。用 PATCH /sandbox/v1/apps/{app_id} 设置 aes_key，密钥见 sandbox.json。",
                "This application has no AES key. Set aes_key with PATCH /sandbox/v1/apps/{app_id}; sandbox.json names it.",
            )),
        },
        Some(_) => Err(Fault::new(
            INVALID_ENCRYPT_TYPE,
            "encrypt_type 只能是 AES（大写）。",
            "encrypt_type must be AES, in capitals.",
        )),
    }
}

/// Decrypts a content whose signature was checked.
pub(super) fn open(key: &ContentKey, content: &str, charset: Charset) -> Result<String, Fault> {
    let opened = key.decrypt(content.trim());
    let undecryptable = |_| undecryptable();
    let bytes = opened.map_err(undecryptable)?;
    let text = charset.decode(&bytes).map_err(|_| self::undecryptable())?;
    Ok(text.into_owned())
}

fn undecryptable() -> Fault {
    Fault::new(
        DECRYPTION_FAILED,
        "业务参数无法解密：核对 AES 密钥（base64，16 字节）、AES/CBC/PKCS5Padding、16 个零字节的 IV，先加密再签名。",
        "The content cannot be decrypted. Check the AES key (16 bytes in base64), AES/CBC/PKCS5Padding and an IV of sixteen zeros; encrypt first, then sign.",
    )
}

/// A content that is no JSON and decrypts: its caller forgot to say so.
pub(super) fn check_forgotten(content: &str, caller: &Caller) -> Result<(), Fault> {
    let looks_plain = content.trim_start().starts_with(['{', '[']);
    let Some(key) = caller.keys.content_key.as_ref().filter(|_| !looks_plain) else {
        return Ok(());
    };
    let is_json = |bytes: Vec<u8>| bytes.trim_ascii_start().starts_with(b"{");
    if key.decrypt(content.trim()).is_ok_and(is_json) {
        return Err(Fault::new(
            DECRYPTION_MISSING_TYPE,
            "biz_content 是密文，但请求没有带 encrypt_type=AES（它也参与签名）。",
            "biz_content is encrypted, and the call does not say encrypt_type=AES (which is signed, too).",
        ));
    }
    Ok(())
}

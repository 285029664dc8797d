//! By what a caller is known: its key, or a certificate that it names.

use super::errors::Fault;
use super::errors::gateway::{
    APP_CERT_EXPIRED, APP_CERT_NOT_EXIST, INVALID_ROOT_CERT_SN, MISSING_APP_CERT_SN,
    MISSING_ROOT_CERT_SN,
};
use crate::context::Caller;
use crate::domain::{AppMode, CertState, Profile};
use alipay::keys::PublicKey;
use kernel::Timestamp;

/// The serial numbers that a call names.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named<'a> {
    pub(super) app_cert_sn: Option<&'a str>,
    pub(super) root_sn: Option<&'a str>,
    /// In v3 the roots stand in a header of their own, and clients that leave it out are served.
    pub(super) root_is_optional: bool,
}

/// Whose signature a call has to carry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity<'a> {
    pub(super) key: &'a PublicKey,
    /// Answers name the certificate that vouches for them.
    pub(super) by_cert: bool,
}

/// What Alipay's own bundle of roots is named; its sandbox takes it although its certificates do
/// not lead there.
const PRODUCTION_ROOTS: &str = "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6";

/// The key that verifies a call, by the wall clock's time.
pub(super) fn identity<'a>(
    caller: &'a Caller,
    named: Named<'_>,
    now: Timestamp,
) -> Result<Identity<'a>, Fault> {
    let mode = caller.app.settings.mode;
    let Some(sn) = named.app_cert_sn else {
        if mode == AppMode::Cert || named.root_sn.is_some() {
            return Err(Fault::new(
                MISSING_APP_CERT_SN,
                "证书模式的请求须带 app_cert_sn（应用公钥证书的序列号）。证书文件见 sandbox.json 的 certs。",
                "A call in certificate mode carries app_cert_sn, the serial number of the application's certificate. The files are named under certs in sandbox.json.",
            ));
        }
        return Ok(Identity {
            key: &caller.keys.app_public_key,
            by_cert: false,
        });
    };
    let Some(certs) = caller.keys.certs.as_ref().filter(|_| mode != AppMode::Key) else {
        return Err(Fault::new(
            APP_CERT_NOT_EXIST,
            "这个应用使用公钥模式，没有证书。请去掉 SDK 的证书设置，或用 PATCH /sandbox/v1/apps/{app_id} 把 mode 改为 cert 或 both。",
            "This application is known by its key and has no certificates. Take the certificates out of the SDK's settings, or set mode to cert or both with PATCH /sandbox/v1/apps/{app_id}.",
        ));
    };
    let root_sn = match named.root_sn {
        None if named.root_is_optional => certs.root_sn.as_str(),
        named => named.ok_or_else(missing_root)?,
    };
    let foreign = caller.app.profile == Profile::AlipaySandbox && root_sn == PRODUCTION_ROOTS;
    if root_sn != certs.root_sn && !foreign {
        return Err(Fault::new(
            INVALID_ROOT_CERT_SN,
            format!(
                "alipay_root_cert_sn 应为 {}：请使用沙箱写出的 alipayRootCert.crt，并且只计算其中 RSA 签名的根证书。",
                certs.root_sn
            ),
            format!(
                "alipay_root_cert_sn should be {}: take the sandbox's alipayRootCert.crt, and count only the roots signed with RSA.",
                certs.root_sn
            ),
        ));
    }
    let found = certs.of_app.iter().find(|(cert, _)| cert.sn == sn);
    match found.map(|(cert, key)| (cert.state(now), key)) {
        Some((CertState::InForce, key)) => Ok(Identity { key, by_cert: true }),
        Some((CertState::Expired, _)) => Err(Fault::new(
            APP_CERT_EXPIRED,
            "应用公钥证书已过期（按真实时间）。重启沙箱或 POST /sandbox/v1/apps/{app_id}/certificates 会签发新的。",
            "The application's certificate has run out (by the wall clock). A restart or POST /sandbox/v1/apps/{app_id}/certificates issues a new one.",
        )),
        Some((CertState::Replaced, _)) | None => Err(not_exist(certs)),
    }
}

fn missing_root() -> Fault {
    Fault::new(
        MISSING_ROOT_CERT_SN,
        "证书模式的请求须带 alipay_root_cert_sn（支付宝根证书序列号，多个用 _ 连接）。",
        "A call in certificate mode carries alipay_root_cert_sn, the serial numbers of the roots, joined by _.",
    )
}

fn not_exist(certs: &super::keys::CallerCerts) -> Fault {
    let current = certs
        .of_app
        .iter()
        .find(|(cert, _)| cert.superseded_at.is_none());
    let sn = current.map_or("", |(cert, _)| cert.sn.as_str());
    Fault::new(
        APP_CERT_NOT_EXIST,
        format!(
            "这个应用没有该序列号的证书。当前应用公钥证书的序列号是 {sn}；序列号是 MD5(签发者 + 十进制序列号)，不足 32 位须在前面补 0。"
        ),
        format!(
            "This application has no certificate of that serial number. Its current one is {sn}: the MD5 of issuer and decimal serial number, padded with zeros to 32 digits."
        ),
    )
}

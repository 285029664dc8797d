//! Applications as the control API shows and takes them.

use crate::app::certificates::Certificates;
use crate::domain::{App, TradeStatus};
use alipay::cert::Roots;
use alipay::keys::PrivateKey;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service::Problem;
use utoipa::ToSchema;

/// An application, with the keys that its owner configures.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AppView {
    name: String,
    app_id: String,
    seller_id: String,
    /// `RSA2`, or `RSA` (SHA-1) for an old application.
    sign_type: String,
    profile: &'static str,
    /// `key`, `cert` or `both`.
    mode: &'static str,
    /// Whether a `charset` in the body counts, too.
    lenient_charset: bool,
    /// Whether it is a service provider's, who acts for merchants.
    third_party: bool,
    /// The key of encrypted content: 16 bytes in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    aes_key: Option<String>,
    notify: NotifyView,
    /// PEM.
    app_public_key: String,
    /// PEM; only in the answer that made it, and only when the sandbox made the pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    app_private_key: Option<String>,
    /// PEM: verifies what Alipay says to this application.
    alipay_public_key: String,
    /// The files of certificate mode; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    certs: Option<CertsView>,
}

#[derive(Debug, Serialize, ToSchema)]
struct NotifyView {
    /// Where messages go that belong to no order.
    app_gateway_url: Option<String>,
    /// Which statuses trades tell; what each product tells where there is none.
    statuses: Option<Vec<&'static str>>,
    /// Whether three more deliveries follow the first one at once when people pay face to face.
    resends_at_once: bool,
    /// Whether notices go out under a `Content-Type` that every parser takes.
    plain_content_type: bool,
}

/// The three files of certificate mode, and their serial numbers.
#[derive(Debug, Serialize, ToSchema)]
struct CertsView {
    app_cert_sn: String,
    alipay_cert_sn: String,
    alipay_root_cert_sn: String,
    /// PEM: `appCertPublicKey.crt`.
    app_cert: String,
    /// PEM: `alipayCertPublicKey_RSA2.crt`.
    alipay_cert: String,
    /// PEM: `alipayRootCert.crt`.
    alipay_root_cert: String,
    /// Until when the application's is in force.
    #[schema(value_type = String)]
    app_cert_until: Timestamp,
    /// Until when Alipay's is.
    #[schema(value_type = String)]
    alipay_cert_until: Timestamp,
}

/// An application to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAppBody {
    /// Letters, digits, `-` and `_`.
    pub(super) name: String,
    /// Its public key in any form; the sandbox makes a pair without one.
    pub(super) app_public_key: Option<String>,
    /// `RSA2` unless said, or `RSA` (SHA-1), whose keys may have 1024 bits.
    pub(super) sign_type: Option<String>,
    /// `both` unless said, `key` or `cert`.
    pub(super) mode: Option<String>,
    /// 16 bytes in base64; one is made unless said.
    pub(super) aes_key: Option<String>,
    /// Whether a `charset` in the body counts, too; no unless said.
    pub(super) lenient_charset: Option<bool>,
    /// Whether it is a service provider's, who acts for merchants.
    pub(super) third_party: Option<bool>,
    /// `production` unless said, `strict` or `alipay-sandbox`.
    pub(super) profile: Option<String>,
    pub(super) notify: Option<NotifyBody>,
}

/// What to change about an application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeAppBody {
    /// Another public key in any form.
    pub(super) app_public_key: Option<String>,
    /// `RSA2` or `RSA`.
    pub(super) sign_type: Option<String>,
    /// `key`, `cert` or `both`.
    pub(super) mode: Option<String>,
    /// 16 bytes in base64, `new` for another one, or empty for none.
    pub(super) aes_key: Option<String>,
    /// Whether a `charset` in the body counts, too.
    pub(super) lenient_charset: Option<bool>,
    /// Whether it is a service provider's, who acts for merchants.
    pub(super) third_party: Option<bool>,
    /// `production`, `strict` or `alipay-sandbox`.
    pub(super) profile: Option<String>,
    pub(super) notify: Option<NotifyBody>,
}

/// What an application is told, and where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NotifyBody {
    /// Where messages go that belong to no order; empty for nowhere.
    pub(super) app_gateway_url: Option<String>,
    /// Which statuses trades tell, such as `TRADE_CLOSED`; an empty list is what products tell.
    pub(super) statuses: Option<Vec<String>>,
    /// Whether three more deliveries follow the first one at once when people pay face to face
    /// (precreate, codes, create), before the waits of the other products; no unless said.
    pub(super) resends_at_once: Option<bool>,
    /// Whether notices go out as `application/x-www-form-urlencoded; charset=…`, which every parser
    /// takes, instead of Alipay's malformed `Content-Type`; no unless said.
    pub(super) plain_content_type: Option<bool>,
}

/// All applications.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AppList {
    pub(super) apps: Vec<AppView>,
}

pub(super) fn view(
    app: App,
    certs: Option<Certificates>,
    with_private: bool,
) -> Result<AppView, Problem> {
    let alipay =
        PrivateKey::parse(&app.alipay_private_key).map_err(|error| Problem::internal(&error))?;
    let certs = certs.map(certs_view).transpose()?;
    let settings = app.settings;
    Ok(AppView {
        name: app.name,
        app_id: app.app_id,
        seller_id: app.seller_id,
        sign_type: app.sign_type,
        profile: app.profile.as_str(),
        mode: settings.mode.as_str(),
        lenient_charset: settings.lenient_charset,
        third_party: settings.third_party,
        aes_key: settings.aes_key,
        notify: NotifyView {
            app_gateway_url: settings.app_gateway_url,
            statuses: settings
                .notify_statuses
                .map(|list| list.0.into_iter().map(TradeStatus::as_str).collect()),
            resends_at_once: settings.resends_at_once,
            plain_content_type: settings.notice_type.is_plain(),
        },
        app_public_key: app.app_public_key,
        app_private_key: app.app_private_key.filter(|_| with_private),
        alipay_public_key: alipay.public_key().to_pem(),
        certs,
    })
}

fn certs_view(certs: Certificates) -> Result<CertsView, Problem> {
    let roots = Roots::parse(&certs.bundle).map_err(|error| Problem::internal(&error))?;
    Ok(CertsView {
        app_cert_sn: certs.app.sn,
        alipay_cert_sn: certs.alipay.sn,
        alipay_root_cert_sn: roots.sn().to_owned(),
        app_cert: certs.app.pem,
        alipay_cert: certs.alipay.pem,
        alipay_root_cert: certs.bundle,
        app_cert_until: certs.app.not_after,
        alipay_cert_until: certs.alipay.not_after,
    })
}

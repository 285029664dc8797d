//! One application: its keys and certificates to take away, and everything that can be set.

use super::apps::PROFILES;
use super::console::{Console, Said, back, said};
use super::desk::{Place, shell};
use super::lab::SaidQuery;
use crate::app::certificates::{CertificatesError, ensure_certificates};
use crate::app::change_app::{ChangeApp, ChangeAppError, change_app, find_app};
use crate::app::register_app::{RegisterAppError, aes_key};
use crate::cashier::Asked;
use crate::domain::{App, AppMode};
use alipay::keys::{PrivateKey, PublicKey};
use alipay::sign::SignType;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::header;
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "home/app.html")]
struct AppPage {
    lang: Lang,
    said: Option<Said>,
    csrf_token: String,
    name: String,
    app_id: String,
    seller_id: String,
    gateway_url: String,
    app_public_key: String,
    alipay_public_key: String,
    files: Vec<&'static str>,
    certs: Vec<&'static str>,
    aes_key: Option<String>,
    app_gateway_url: String,
    lenient_charset: bool,
    mode: Options,
    sign_type: Options,
    profile: Options,
}

/// A select: value, words, whether it is chosen.
type Options = Vec<(&'static str, String, bool)>;

/// The files of keys, by their names.
const KEY_FILES: [&str; 4] = [
    "alipay_public_key.pem",
    "app_public_key.pem",
    "app_private_key.pem",
    "app_private_key_pkcs8.pem",
];
/// The files of certificates, by the names that Alipay's console gives them.
const CERT_FILES: [&str; 3] = [
    "appCertPublicKey.crt",
    "alipayCertPublicKey_RSA2.crt",
    "alipayRootCert.crt",
];

fn no_such_app() -> Problem {
    Problem::not_found("There is no such application.")
}

/// The page of an application.
pub(super) async fn page(
    State(console): State<Console>,
    Path(app_id): Path<String>,
    Query(query): Query<SaidQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let app = find_app(console.cx(), &app_id).await?;
    let app = app.ok_or_else(no_such_app)?;
    let token = console.token(&asked.headers);
    let one_line = |pem: &str| {
        let lines = pem.lines().filter(|line| !line.starts_with("-----"));
        lines.collect::<String>()
    };
    let alipay = PrivateKey::parse(&app.alipay_private_key);
    let alipay = alipay.map_err(|error| Problem::internal(&error))?;
    let has_private = app.app_private_key.is_some();
    let files = KEY_FILES.into_iter();
    let page = AppPage {
        lang,
        said: said(&query.said, lang),
        csrf_token: token.value,
        gateway_url: format!("{}/gateway.do", console.cx().public_url()),
        app_public_key: one_line(&app.app_public_key),
        alipay_public_key: one_line(&alipay.public_key().to_pem()),
        files: files
            .filter(|name| has_private || !name.contains("private"))
            .collect(),
        certs: CERT_FILES.into(),
        mode: modes(app.settings.mode, lang),
        sign_type: ["RSA2", "RSA"]
            .map(|name| (name, name.to_owned(), name == app.sign_type))
            .into(),
        profile: PROFILES
            .map(|name| {
                (
                    name,
                    profile_words(name, lang),
                    name == app.profile.as_str(),
                )
            })
            .into(),
        aes_key: app.settings.aes_key,
        app_gateway_url: app.settings.app_gateway_url.unwrap_or_default(),
        lenient_charset: app.settings.lenient_charset,
        name: app.name,
        app_id: app.app_id,
        seller_id: app.seller_id,
    };
    Ok(shell(lang, &asked.uri, Place::Apps, &page.name.clone())
        .cookie(token.set_cookie)
        .page(&page))
}

fn modes(chosen: AppMode, lang: Lang) -> Options {
    [
        (AppMode::Both, "公钥或证书都可以", "Keys or certificates"),
        (AppMode::Key, "只用公钥", "Keys only"),
        (AppMode::Cert, "只用证书", "Certificates only"),
    ]
    .map(|(mode, zh, en)| (mode.as_str(), lang.pick(zh, en).to_owned(), mode == chosen))
    .into()
}

fn profile_words(name: &str, lang: Lang) -> String {
    let words = match name {
        "strict" => lang.pick(
            "严格：文档不许的一律拒绝",
            "strict: what the documents forbid is refused",
        ),
        "alipay-sandbox" => lang.pick("像支付宝自己的沙箱", "like Alipay's own sandbox"),
        _ => lang.pick("像正式环境", "like production"),
    };
    words.to_owned()
}

/// What to change; empty fields say nothing but where they take something back.
#[derive(Deserialize)]
pub(super) struct ChangeFields {
    csrf_token: String,
    /// `key`, `settings` or `aes`.
    part: String,
    #[serde(default)]
    app_public_key: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    sign_type: String,
    #[serde(default)]
    profile: String,
    #[serde(default)]
    app_gateway_url: String,
    #[serde(default)]
    lenient_charset: String,
    /// `new` or `none`.
    #[serde(default)]
    aes: String,
}

/// Changes an application.
pub(super) async fn change(
    State(console): State<Console>,
    Path(app_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<ChangeFields>,
) -> Result<Response, Problem> {
    console.check(&asked.headers, &fields.csrf_token)?;
    let cx = console.cx();
    let found = find_app(cx, &app_id).await?;
    let mut settings = found.ok_or_else(no_such_app)?.settings;
    let mut change = ChangeApp::default();
    let done = match fields.part.as_str() {
        "key" => {
            let key = fields.app_public_key.trim();
            if PublicKey::parse(key).is_err() {
                return Ok(back(&format!("/apps/{app_id}"), "key-wrong"));
            }
            change.app_public_key = Some(key.to_owned());
            "key"
        }
        "aes" => {
            settings.aes_key = (fields.aes == "new").then(|| aes_key(&*cx.parts().rng));
            change.settings = Some(settings);
            "app-set"
        }
        _ => {
            settings.mode = fields.mode.parse().unwrap_or(settings.mode);
            settings.lenient_charset = !fields.lenient_charset.is_empty();
            let address = fields.app_gateway_url.trim().to_owned();
            settings.app_gateway_url = (!address.is_empty()).then_some(address);
            change.sign_type = SignType::parse(&fields.sign_type);
            change.profile = fields.profile.parse().ok();
            change.settings = Some(settings);
            "app-set"
        }
    };
    let code = match change_app(cx, &app_id, change).await {
        Ok(_) => done,
        Err(ChangeAppError::NoSuchApp(_)) => return Err(no_such_app()),
        Err(
            ChangeAppError::Store(error) | ChangeAppError::Refused(RegisterAppError::Store(error)),
        ) => {
            return Err(error.into());
        }
        Err(ChangeAppError::Certificates(error)) => return Err(Problem::internal(&error)),
        Err(ChangeAppError::Refused(RegisterAppError::Key { .. })) => "key-wrong",
        Err(ChangeAppError::Refused(_)) => "app-not-set",
    };
    Ok(back(&format!("/apps/{app_id}"), code))
}

/// A key or a certificate as a file to keep.
pub(super) async fn file(
    State(console): State<Console>,
    Path((app_id, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let cx = console.cx();
    let app = find_app(cx, &app_id).await?.ok_or_else(no_such_app)?;
    let text = if CERT_FILES.contains(&name.as_str()) {
        match ensure_certificates(cx, &app_id).await {
            Ok(certs) => Some(match name.as_str() {
                "alipayRootCert.crt" => certs.bundle,
                "appCertPublicKey.crt" => certs.app.pem,
                _ => certs.alipay.pem,
            }),
            Err(CertificatesError::NoSuchApp(_)) => None,
            Err(error) => return Err(Problem::internal(&error)),
        }
    } else {
        key_file(&app, &name).map_err(|error| Problem::internal(&error))?
    };
    let text = text.ok_or_else(|| Problem::not_found("There is no such file."))?;
    let as_file = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, "application/x-pem-file".to_owned()),
        (header::CONTENT_DISPOSITION, as_file),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, text).into_response())
}

fn key_file(app: &App, name: &str) -> Result<Option<String>, alipay::keys::KeyError> {
    let private = match &app.app_private_key {
        Some(text) => Some(PrivateKey::parse(text)?),
        None => None,
    };
    Ok(match name {
        "alipay_public_key.pem" => {
            let alipay = PrivateKey::parse(&app.alipay_private_key)?;
            Some(alipay.public_key().to_pem())
        }
        "app_public_key.pem" => Some(PublicKey::parse(&app.app_public_key)?.to_pem()),
        "app_private_key.pem" => private.map(|key| key.to_pkcs1_pem().to_string()),
        "app_private_key_pkcs8.pem" => private.map(|key| key.to_pkcs8_pem().to_string()),
        _ => None,
    })
}

//! Applications: whoever calls the gateway is one.

use super::fresh::digits;
use crate::context::Context;
use crate::domain::app::seller_account;
use crate::domain::{App, AppSettings, Profile};
use crate::store::apps;
use alipay::content::ContentKey;
use alipay::keys::{KeyError, MIN_BITS, PrivateKey, PublicKey};
use alipay::sign::SignType;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::Rng;
use ledger::{Limit, NewAccount};
use std::fmt;
use store::StoreError;

/// How long the keys are that the sandbox makes.
const KEY_BITS: u32 = 2048;

/// An application to be there; the sandbox makes its numbers and keys.
#[derive(Clone, Debug)]
pub struct NewApp {
    /// What people call it; letters, digits, `-` and `_`.
    pub name: String,
    /// Its public key, when its owner has a pair already.
    pub app_public_key: Option<String>,
    /// How it is treated.
    pub profile: Profile,
}

/// An application to be made, all of it told.
#[derive(Clone, Debug, Default)]
pub struct MakeApp {
    /// What people call it; letters, digits, `-` and `_`.
    pub name: String,
    /// 16 digits; made when left out.
    pub app_id: Option<String>,
    /// 16 digits, `2088…`; made when left out.
    pub seller_id: Option<String>,
    /// Its public key, when its owner has a pair already.
    pub app_public_key: Option<String>,
    /// How it is treated.
    pub profile: Profile,
    /// How it signs.
    pub sign_type: SignType,
    /// How it speaks with the gateway.
    pub settings: AppSettings,
}

/// An application with given numbers and keys, in any form that people paste.
#[derive(Clone)]
pub struct AppSpec {
    /// What people call it.
    pub name: String,
    /// 16 digits.
    pub app_id: String,
    /// 16 digits, `2088…`.
    pub seller_id: String,
    /// By which its requests are verified.
    pub app_public_key: String,
    /// The other half, when the sandbox should hand it out in its files.
    pub app_private_key: Option<String>,
    /// By which answers, notices and returns are signed.
    pub alipay_private_key: String,
    /// How it is treated.
    pub profile: Profile,
}

/// Never prints a key.
impl fmt::Debug for AppSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppSpec")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

/// Why an application was not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterAppError {
    /// A name that would not do as a file name.
    #[error("an application's name has 1 to 32 letters, digits, - and _")]
    Name,
    /// A number that is none of Alipay's form.
    #[error("app_id and seller_id have 16 digits")]
    Number,
    /// A key is none.
    #[error("the key {which} cannot be read")]
    Key {
        /// Which key.
        which: &'static str,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// The key of encrypted content is none.
    #[error("aes_key has 16 bytes in base64")]
    AesKey,
    /// The address for messages is none.
    #[error("app_gateway_url is an absolute http or https address of at most 256 characters")]
    Address,
    /// The name, id or seller is another application's.
    #[error(
        "the name, app_id or seller_id `{0}` is another application's, perhaps of another world"
    )]
    Taken(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub(super) fn key_error(which: &'static str) -> impl Fn(KeyError) -> RegisterAppError {
    move |source| RegisterAppError::Key { which, source }
}

/// The application of that name, made with new numbers and keys when it is missing.
///
/// # Errors
/// When the database fails, a key cannot be made or read, or the name is none.
pub async fn ensure_app(cx: &Context, new: NewApp) -> Result<App, RegisterAppError> {
    check_name(&new.name)?;
    let name = new.name.clone();
    let found = cx
        .db()
        .read(move |tx| {
            let name = name.clone();
            Box::pin(async move { apps::find_by_name(tx, &name).await })
        })
        .await?;
    if let Some(app) = found {
        return Ok(app);
    }
    let make = MakeApp {
        name: new.name,
        app_public_key: new.app_public_key,
        profile: new.profile,
        ..MakeApp::default()
    };
    make_app(cx, make).await
}

/// Makes an application with new numbers, and new keys where its owner has none.
///
/// # Errors
/// When the database fails, a key cannot be made or read, a setting is none, or the name is taken.
pub async fn make_app(cx: &Context, make: MakeApp) -> Result<App, RegisterAppError> {
    check_name(&make.name)?;
    check_settings(&make.settings)?;
    // Making a pair takes a while; other work goes on meanwhile.
    let own_key = make.app_public_key.clone();
    let made = tokio::task::spawn_blocking(move || make_keys(own_key.as_deref())).await;
    let (app_public_key, app_private_key, alipay_private_key) = match made {
        Ok(keys) => keys?,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    };
    check_length(&app_public_key, make.sign_type)?;
    let mut settings = make.settings;
    // A key is no number: it does not come from a seed.
    let secret = &*cx.parts().rng;
    settings.aes_key.get_or_insert_with(|| aes_key(secret));
    let (app_id, seller_id) = numbers(cx, &make.name);
    let app = App {
        app_id: make.app_id.unwrap_or(app_id),
        seller_id: make.seller_id.unwrap_or(seller_id),
        name: make.name,
        app_public_key,
        app_private_key,
        alipay_private_key,
        sign_type: make.sign_type.as_str().to_owned(),
        profile: make.profile,
        settings,
    };
    insert(cx, app).await
}

/// An application's number, which no other world of the process has, and its seller's.
fn numbers(cx: &Context, name: &str) -> (String, String) {
    let rng = cx.app_rng(name);
    let mut app_id = format!("9021000{}", digits(&*rng, 9));
    let seller_id = format!("2088721{}", digits(&*rng, 9));
    while !cx.claim_app(&app_id) {
        app_id = format!("9021000{}", digits(&*rng, 9));
    }
    (app_id, seller_id)
}

/// Only old applications, of SHA-1, have keys as short as 1024 bits.
pub(super) fn check_length(
    app_public_key: &str,
    sign_type: SignType,
) -> Result<(), RegisterAppError> {
    let key = PublicKey::parse(app_public_key).map_err(key_error("app_public_key"))?;
    if sign_type == SignType::Rsa2 && key.bits() < MIN_BITS {
        let source = KeyError::TooShort { bits: key.bits() };
        return Err(key_error("app_public_key")(source));
    }
    Ok(())
}

/// What a setting must be.
pub(super) fn check_settings(settings: &AppSettings) -> Result<(), RegisterAppError> {
    if let Some(text) = &settings.aes_key {
        ContentKey::parse(text).map_err(|_| RegisterAppError::AesKey)?;
    }
    let is_address = |text: &String| {
        url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
            && text.len() <= 256
    };
    if settings
        .app_gateway_url
        .as_ref()
        .is_some_and(|text| !is_address(text))
    {
        return Err(RegisterAppError::Address);
    }
    Ok(())
}

/// A new key for encrypted content: 16 bytes in base64.
#[must_use]
pub fn aes_key(rng: &dyn Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    STANDARD.encode(bytes)
}

/// Public key and private key of the application, private key of Alipay, each as PEM.
type MadeKeys = (String, Option<String>, String);

fn make_keys(own_key: Option<&str>) -> Result<MadeKeys, RegisterAppError> {
    let generate = |which| PrivateKey::generate(KEY_BITS).map_err(key_error(which));
    let alipay = generate("alipay_private_key")?.to_pkcs8_pem().to_string();
    if let Some(text) = own_key {
        let public = PublicKey::parse(text).map_err(key_error("app_public_key"))?;
        return Ok((public.to_pem(), None, alipay));
    }
    let private = generate("app_private_key")?;
    let public = private.public_key().to_pem();
    Ok((public, Some(private.to_pkcs8_pem().to_string()), alipay))
}

/// Registers an application with given numbers and keys; the same again is harmless.
///
/// # Errors
/// When the database fails, a key or number is none, or the name, id or seller is another's.
pub async fn register_app(cx: &Context, spec: AppSpec) -> Result<App, RegisterAppError> {
    check_name(&spec.name)?;
    let is_number = |text: &str| text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(&spec.app_id) || !is_number(&spec.seller_id) {
        return Err(RegisterAppError::Number);
    }
    let public = PublicKey::parse(&spec.app_public_key).map_err(key_error("app_public_key"))?;
    let alipay =
        PrivateKey::parse(&spec.alipay_private_key).map_err(key_error("alipay_private_key"))?;
    let private = match &spec.app_private_key {
        Some(text) => Some(PrivateKey::parse(text).map_err(key_error("app_private_key"))?),
        None => None,
    };
    let app = App {
        app_id: spec.app_id,
        seller_id: spec.seller_id,
        name: spec.name,
        app_public_key: public.to_pem(),
        app_private_key: private.map(|key| key.to_pkcs8_pem().to_string()),
        alipay_private_key: alipay.to_pkcs8_pem().to_string(),
        sign_type: "RSA2".to_owned(),
        profile: spec.profile,
        settings: AppSettings::default(),
    };
    insert(cx, app).await
}

fn check_name(name: &str) -> Result<(), RegisterAppError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if (1..=32).contains(&name.len()) && name.bytes().all(plain) {
        Ok(())
    } else {
        Err(RegisterAppError::Name)
    }
}

/// Adds the application and opens its seller's account; gives back the one that is there when it
/// is the same.
async fn insert(cx: &Context, app: App) -> Result<App, RegisterAppError> {
    if !cx.claim_app(&app.app_id) {
        return Err(RegisterAppError::Taken(app.app_id));
    }
    let now = cx.now();
    let wanted = app.clone();
    let there = cx
        .db()
        .write(move |tx| {
            let app = app.clone();
            Box::pin(async move {
                if apps::insert(tx, &app, now).await? {
                    let account = NewAccount {
                        account_id: seller_account(&app.app_id),
                        kind: "seller".to_owned(),
                        limit: Limit::DebitsWithinCredits,
                        owner: app.seller_id.clone(),
                    };
                    let _ = ledger::open(tx, &account, now).await?;
                    return Ok(Some(app));
                }
                match apps::find(tx, &app.app_id).await? {
                    Some(there) => Ok(Some(there)),
                    None => apps::find_by_name(tx, &app.name).await,
                }
            })
        })
        .await;
    let there: Result<Option<App>, StoreError> = there;
    match there? {
        Some(there)
            if there.app_id == wanted.app_id
                && there.name == wanted.name
                && there.seller_id == wanted.seller_id =>
        {
            Ok(there)
        }
        _ => Err(RegisterAppError::Taken(wanted.name)),
    }
}

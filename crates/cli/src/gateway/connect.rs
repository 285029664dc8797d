//! From what is configured to an application and a client that calls for it.

use super::heard::{Heard, Watching};
use super::settings::{Place, Settings};
use crate::args::GatewayArgs;
use alipay::cert::{CertFiles, Trust};
use alipay::content::ContentKey;
use alipay::keys::{PrivateKey, PublicKey};
use alipay::transport::HttpTransport;
use alipay::{App, CertMode, Client, Gateway, Retry, Secret};
use anyhow::{Context as _, bail};
use std::sync::Arc;

/// The client, and what it hears.
///
/// # Errors
/// When something is missing or not what it should be; says what and where.
pub(super) fn client(args: &GatewayArgs) -> anyhow::Result<(Client, Arc<Heard>)> {
    let settings = Settings::read(args)?;
    let app = app(args, &settings)?;
    let network = match settings.find(|layer| layer.proxy.as_ref()) {
        Some(proxy) => HttpTransport::through_proxy(&proxy)
            .with_context(|| format!("the proxy `{proxy}` cannot be used"))?,
        None => HttpTransport::new()?,
    };
    let heard = Arc::new(Heard::new(network));
    let mut client = Client::new(app, heard.clone());
    if let Some(timeout_ms) = args.timeout_ms {
        client = client.with_timeout_ms(timeout_ms);
    }
    if let Some(attempts) = args.attempts {
        client = client.with_retry(Retry::attempts(attempts));
    }
    if args.v3 {
        client = client.with_gateway(Gateway::V3);
    }
    if args.verbose {
        client = client.with_hook(Arc::new(Watching));
    }
    Ok((client, heard))
}

fn app(args: &GatewayArgs, settings: &Settings) -> anyhow::Result<App> {
    let app_id = settings.need("app_id", |layer| layer.app_id.as_ref())?;
    let gateway = settings.need("gateway", |layer| layer.gateway_url.as_ref())?;
    check_gateway(&gateway)?;
    let place = settings.need("app_private_key", |layer| layer.app_private_key.as_ref())?;
    let private = PrivateKey::parse(&place.read()?)
        .with_context(|| format!("app_private_key, {place}, cannot be used"))?;
    let mut app = if settings.in_cert_mode() {
        let mode = cert_mode(args, settings)?;
        App::in_cert_mode(&app_id, &gateway, Arc::new(private), mode)
    } else {
        let place = settings.need("alipay_public_key", |layer| {
            layer.alipay_public_key.as_ref()
        })?;
        let public = PublicKey::parse(&place.read()?)
            .with_context(|| format!("alipay_public_key, {place}, cannot be used"))?;
        if private.pairs_with(&public) {
            bail!(
                "alipay_public_key, {place}, is the application's own public key; copy Alipay's from its console"
            );
        }
        App::new(&app_id, &gateway, private, public)
    };
    if let Some(place) = settings.find(|layer| layer.content_key.as_ref()) {
        let key = ContentKey::parse(&place.read()?);
        app.content_key =
            Some(key.with_context(|| format!("content_key, {place}, cannot be used"))?);
    }
    if let Some(place) = settings.find(|layer| layer.app_auth_token.as_ref()) {
        app.app_auth_token = Some(Secret::new(place.read()?.trim()));
    }
    Ok(app)
}

fn check_gateway(gateway: &str) -> anyhow::Result<()> {
    let url = url::Url::parse(gateway).with_context(|| {
        format!("the gateway `{gateway}` is no address; it begins with https://")
    })?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        bail!("the gateway `{gateway}` must begin with https:// (or http:// for a sandbox)");
    }
    Ok(())
}

fn cert_mode(args: &GatewayArgs, settings: &Settings) -> anyhow::Result<CertMode> {
    let read = |place: Place| place.read();
    let app = settings.need("app_cert", |layer| layer.app_cert.as_ref())?;
    let alipay = settings.need("alipay_cert", |layer| layer.alipay_cert.as_ref())?;
    let root = settings.need("alipay_root_cert", |layer| layer.alipay_root_cert.as_ref())?;
    let trust = if args.trust_sandbox_issuer {
        Trust::SandboxIssuer
    } else {
        Trust::Roots
    };
    let shown = format!("{app}, {alipay}, {root}");
    let files = [read(app)?, read(alipay)?, read(root)?];
    let files = CertFiles {
        app: &files[0],
        alipay: &files[1],
        root: &files[2],
    };
    CertMode::open(files, trust).with_context(|| {
        format!("the certificates {shown} cannot be used; --trust-sandbox-issuer is for Alipay's remote sandbox")
    })
}

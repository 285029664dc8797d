//! `tongbao sign`: the signature that a request must carry.

use super::keys;
use crate::args::SignArgs;
use crate::exit::Failure;
use crate::{input, message, printer};
use alipay::sign::{SignType, request_text, sign};
use alipay::{Charset, Params, form};
use anyhow::{Context as _, bail};

/// Prints the base64 signature, or with `--url` the whole signed link.
pub(crate) fn run(args: &SignArgs) -> Result<(), Failure> {
    let key = keys::private(&args.app_private_key)?;
    let params = message::parameters(&input::message(args.parameters.as_deref())?)?;
    let signed = signed(&key, &params)?;
    match &args.url {
        None => printer::data(signed.get("sign").unwrap_or_default()),
        Some(gateway) => printer::data(link(gateway, &signed)?),
    }
    Ok(())
}

/// The parameters with their signature; what has no value and an old `sign` are left out, nothing
/// else is added.
fn signed(key: &alipay::keys::PrivateKey, params: &Params) -> anyhow::Result<Params> {
    let mut kept = Params::new();
    for (name, value) in params
        .iter()
        .filter(|(name, value)| *name != "sign" && !value.is_empty())
    {
        kept.push(name, value)?;
    }
    if kept.is_empty() {
        bail!("there is nothing to sign: every parameter is empty");
    }
    let sign_type = match kept.get("sign_type") {
        Some(label) => SignType::parse(label)
            .with_context(|| format!("sign_type `{label}` is unknown; RSA2 and RSA are"))?,
        None => SignType::Rsa2,
    };
    let charset = charset(&kept)?;
    let text = request_text(&kept);
    let signature = sign(key, sign_type, &charset.encode(&text)?)?;
    kept.push("sign", &signature)?;
    Ok(kept)
}

fn charset(params: &Params) -> anyhow::Result<Charset> {
    match params.get("charset") {
        Some(label) => Charset::parse(label)
            .with_context(|| format!("charset `{label}` is unknown; utf-8 and gbk are")),
        None => Ok(Charset::Utf8),
    }
}

fn link(gateway: &str, signed: &Params) -> anyhow::Result<String> {
    url::Url::parse(gateway).with_context(|| format!("`{gateway}` is no address"))?;
    let separator = if gateway.contains('?') { '&' } else { '?' };
    Ok(format!(
        "{gateway}{separator}{}",
        form::encode(signed, charset(signed)?)?
    ))
}

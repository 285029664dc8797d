//! Tells that an agreement was signed or ended.

use crate::app::fresh::Fresh;
use crate::app::tell::{Told, freeze as keep};
use crate::domain::About;
use crate::domain::agreement::Agreement;
use crate::store::apps;
use store::{StoreError, Tx};

/// Where a notice goes.
#[derive(Clone, Debug)]
pub(super) enum To {
    /// To the address that the request named, to the application's own without one.
    Request(Option<String>),
    /// To the application's own.
    App,
}

/// Writes a notice.
pub(super) async fn tell_agreement(
    tx: &mut Tx<'_>,
    to: To,
    notify_type: &str,
    agreement: &Agreement,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let url = match to {
        To::Request(Some(url)) => Some(url),
        To::Request(None) | To::App => {
            let app = apps::find(tx, &agreement.app_id).await?;
            app.and_then(|app| app.settings.app_gateway_url)
        }
    };
    let Some(url) = url else {
        return Ok(());
    };
    let told = Told {
        about: About::Agreement(agreement.agreement_no.clone()),
        notify_type: notify_type.to_owned(),
        app_id: agreement.app_id.clone(),
        number: agreement.number().to_owned(),
        status: agreement.state.as_str().to_owned(),
        url,
        charset: agreement.charset.clone(),
        fields: fields(notify_type, agreement, &fresh.notify_id),
        at_once: 0,
    };
    keep(tx, told, fresh).await
}

fn fields(notify_type: &str, agreement: &Agreement, notify_id: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::with_capacity(24);
    let mut add = |name: &str, value: &str| {
        // Only what each delivery fills in stands there without a value.
        if !value.is_empty() || matches!(name, "notify_time" | "sign") {
            fields.push((name.to_owned(), value.to_owned()));
        }
    };
    let terms = &agreement.terms;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    add("charset", &agreement.charset);
    add("notify_time", "");
    add("sign", "");
    if let Some(signer) = &agreement.signer {
        add("alipay_user_id", &signer.user_id);
        add("alipay_logon_id", &signer.logon_id);
    }
    add("external_agreement_no", &text(&terms.external_agreement_no));
    add("external_logon_id", &text(&terms.external_logon_id));
    add("version", "1.0");
    if let Some(at) = agreement.signed_at {
        add("sign_time", &at.china());
        add("valid_time", &at.china());
    }
    if notify_type == "dut_user_unsign"
        && let Some(at) = agreement.ended_at
    {
        add("unsign_time", &at.china());
    }
    add("invalid_time", &agreement.invalid_time());
    add("notify_type", notify_type);
    add("notify_id", notify_id);
    add("agreement_no", &agreement.agreement_no);
    add("auth_app_id", &agreement.app_id);
    add("personal_product_code", terms.product.as_str());
    add("app_id", &agreement.app_id);
    add("sign_type", "RSA2");
    add("sign_scene", &terms.sign_scene);
    add("status", agreement.state.as_str());
    fields
}

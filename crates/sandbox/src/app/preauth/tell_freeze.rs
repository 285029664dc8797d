//! Tells what happened to a hold: to the address of the request, or to the application's own.

use crate::app::fresh::Fresh;
use crate::app::tell::{Told, freeze as keep};
use crate::domain::About;
use crate::domain::freeze::{Freeze, Operation};
use crate::store::apps;
use money::Fen;
use store::{StoreError, Tx};

/// Where a notice about a hold goes.
#[derive(Clone, Debug)]
pub(super) enum To {
    /// To the address that the request named; nobody is told without one.
    Request(Option<String>),
    /// To the application's own address.
    App,
}

/// Writes a notice about an operation.
pub(super) async fn tell_freeze(
    tx: &mut Tx<'_>,
    to: To,
    notify_type: &str,
    (freeze, operation): (&Freeze, &Operation),
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let url = match to {
        To::Request(url) => url,
        To::App => {
            let app = apps::find(tx, &freeze.app_id).await?;
            app.and_then(|app| app.settings.app_gateway_url)
        }
    };
    let Some(url) = url else {
        return Ok(());
    };
    let told = Told {
        about: About::Freeze(freeze.auth_no.clone()),
        notify_type: notify_type.to_owned(),
        app_id: freeze.app_id.clone(),
        number: freeze.out_order_no.clone(),
        status: operation.status.as_str().to_owned(),
        url,
        charset: freeze.charset.clone(),
        fields: fields(notify_type, freeze, operation, &fresh.notify_id),
        at_once: 0,
    };
    keep(tx, told, fresh).await
}

fn fields(
    notify_type: &str,
    freeze: &Freeze,
    operation: &Operation,
    notify_id: &str,
) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::with_capacity(36);
    let mut add = |name: &str, value: &str| {
        // Only what each delivery fills in stands there without a value.
        if !value.is_empty() || matches!(name, "notify_time" | "sign") {
            fields.push((name.to_owned(), value.to_owned()));
        }
    };
    let done_at = operation.done_at.map(kernel::Timestamp::china);
    add("gmt_create", &operation.created_at.china());
    add("charset", &freeze.charset);
    add("gmt_trans", done_at.as_deref().unwrap_or_default());
    add("notify_time", "");
    add("sign", "");
    add("operation_type", operation.kind.as_str());
    if let Some(payer) = &freeze.payer {
        add("payer_user_id", &payer.user_id);
        add("payer_logon_id", &payer.logon_id);
    }
    add("version", "1.0");
    add("notify_id", notify_id);
    add("notify_type", notify_type);
    add("out_order_no", &freeze.out_order_no);
    add("out_request_no", &operation.out_request_no);
    add("auth_no", &freeze.auth_no);
    add("operation_id", &operation.operation_id);
    add("amount", &operation.amount.to_string());
    add("status", operation.status.as_str());
    add("payee_user_id", &freeze.seller_id);
    for (kind, amount) in [
        ("total_freeze", freeze.frozen()),
        ("total_unfreeze", freeze.unfrozen),
        ("total_pay", freeze.paid),
        ("rest", freeze.rest),
    ] {
        // All of it is the payer's own money, none of it credit.
        add(&format!("{kind}_amount"), &amount.to_string());
        add(&format!("{kind}_fund_amount"), &amount.to_string());
        add(&format!("{kind}_credit_amount"), &Fen::ZERO.to_string());
    }
    add("pre_auth_type", "FUND");
    add("auth_app_id", &freeze.app_id);
    add("app_id", &freeze.app_id);
    add("sign_type", "RSA2");
    fields
}

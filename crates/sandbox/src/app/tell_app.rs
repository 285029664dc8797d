//! Tells an application what belongs to no order's own address: a message to its gateway.

use super::fresh::Fresh;
use super::tell::{Told, freeze};
use crate::domain::About;
use crate::store::apps;
use serde_json::Value;
use store::{StoreError, Tx};

/// Messages are written in it.
const CHARSET: &str = "UTF-8";

/// What is to be told.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// Whose.
    pub app_id: &'a str,
    /// What it is about.
    pub about: About,
    /// The merchant's number of it.
    pub number: &'a str,
    /// `alipay.fund.trans.order.changed`, `alipay.trade.order.settle.notify`.
    pub method: &'a str,
    /// The status it tells.
    pub status: &'a str,
    /// What happened.
    pub biz_content: Value,
}

/// Writes a message, if the application takes any.
///
/// # Errors
/// What the engine said.
pub async fn tell_app(
    tx: &mut Tx<'_>,
    message: Message<'_>,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let app = apps::find(tx, message.app_id).await?;
    let Some(url) = app.and_then(|app| app.settings.app_gateway_url) else {
        return Ok(());
    };
    let biz_content = message.biz_content.to_string();
    let fields = [
        ("charset", CHARSET),
        ("biz_content", &biz_content),
        // Each delivery has its own time and signature.
        ("utc_timestamp", ""),
        ("sign", ""),
        ("app_id", message.app_id),
        ("version", "1.1"),
        ("sign_type", "RSA2"),
        ("notify_id", &fresh.notify_id),
        ("msg_method", message.method),
    ];
    let told = Told {
        about: message.about,
        notify_type: message.method.to_owned(),
        app_id: message.app_id.to_owned(),
        number: message.number.to_owned(),
        status: message.status.to_owned(),
        fields: fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        url,
        at_once: 0,
        charset: CHARSET.to_owned(),
    };
    freeze(tx, told, fresh).await
}

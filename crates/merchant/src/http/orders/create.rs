//! `POST /v1/orders`: places an order and says what the buyer is sent to.

use crate::app::{PlaceOrder, place_order};
use crate::context::Merchant;
use crate::domain::Product;
use crate::http::auth::Caller;
use crate::http::body::{Keyed, amount};
use crate::http::problems::invalid;
use crate::views::PlacedView;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use service::problem::Problem;

/// What is to be paid.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateOrder {
    /// Your number, 1 to 60 letters, digits or `_`; also the number at Alipay.
    merchant_order_no: String,
    /// What the buyer reads, 1 to 256 characters.
    subject: String,
    /// Yuan as a string or number with at most two decimals.
    #[schema(value_type = String)]
    total_amount: Box<RawValue>,
    /// `page`, `wap` or `qr`.
    product: String,
    /// `alipay`.
    channel: Option<String>,
    /// One of your applications; your first when it is not given.
    app_id: Option<String>,
    /// For products of later versions.
    auth_code: Option<String>,
    /// Where the buyer's browser goes afterwards.
    return_url: Option<String>,
    /// Where our own pages send the buyer after success.
    success_url: Option<String>,
    /// Where our own pages send the buyer after failure.
    failure_url: Option<String>,
    /// Where Alipay's notices go, when not to us.
    notify_url: Option<String>,
    /// 60 to 1296000; 1800 when it is not given.
    expires_in_s: Option<i64>,
    /// Your own words, kept as they are.
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Place an order.
///
/// Repeating the call with the same `Idempotency-Key` and body gives the first answer.
#[utoipa::path(post, path = "/v1/orders", operation_id = "create_order", tag = "orders",
    params(("Idempotency-Key" = String, Header, description = "Yours, the same on a repeat")),
    request_body = CreateOrder,
    responses((status = 201, body = PlacedView), (status = 409, description = "The number or the key stands for something else")),
    security(("api_key" = [])))]
pub(crate) async fn create_order(
    State(merchant): State<Merchant>,
    caller: Caller,
    Keyed { key, body }: Keyed<CreateOrder>,
) -> Result<(StatusCode, Json<PlacedView>), Problem> {
    let wish = PlaceOrder {
        merchant: caller.name().to_owned(),
        amount: amount("total_amount", &body.total_amount)?,
        product: product(&body.product, body.channel.as_deref())?,
        return_url: url("return_url", body.return_url)?,
        notify_url: url("notify_url", body.notify_url)?,
        success_url: url("success_url", body.success_url)?,
        failure_url: url("failure_url", body.failure_url)?,
        app_id: body.app_id,
        merchant_order_no: Some(body.merchant_order_no),
        subject: body.subject,
        expires_in_s: body.expires_in_s,
        metadata: metadata(body.metadata)?,
        key: Some(key),
    };
    let _ = body.auth_code;
    let placed = place_order(&merchant, wish).await?;
    Ok((StatusCode::CREATED, Json(placed)))
}

/// The product, or a problem that lists what there is.
pub(super) fn product(word: &str, channel: Option<&str>) -> Result<Product, Problem> {
    let supported: Vec<&str> = Product::ALL
        .iter()
        .map(|product| product.as_str())
        .collect();
    let known = word.parse::<Product>();
    match (known, channel.unwrap_or("alipay")) {
        (Ok(product), "alipay") => Ok(product),
        (Ok(_) | Err(_), channel) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unsupported-product",
            "The product is not supported",
        )
        .detail(format!(
            "`{word}` through `{channel}` is not supported; there are {} through `alipay`.",
            supported.join(", ")
        ))
        .with("supported", supported)),
    }
}

/// An address of the web, or a problem.
pub(super) fn url(field: &'static str, text: Option<String>) -> Result<Option<String>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let web = url::Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let plain = !text.chars().any(char::is_control);
    if web && plain && text.len() <= MAX_URL_LEN {
        Ok(Some(text))
    } else {
        let what = "an address begins with http:// or https:// and has at most 256 characters, none of \
                    them a control character";
        Err(invalid(field, what))
    }
}

fn metadata(
    map: Option<serde_json::Map<String, serde_json::Value>>,
) -> Result<Option<serde_json::Value>, Problem> {
    let value = map.map(serde_json::Value::Object);
    let long = value
        .as_ref()
        .is_some_and(|v| v.to_string().len() > MAX_METADATA_LEN);
    if long {
        return Err(invalid("metadata", "it has at most 4096 bytes"));
    }
    Ok(value)
}

/// Alipay's own limit for the addresses that it gets.
const MAX_URL_LEN: usize = 256;
const MAX_METADATA_LEN: usize = 4096;

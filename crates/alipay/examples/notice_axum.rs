//! A shop's notify address with axum, on one page.
//!
//! `cargo run -p tongbao-alipay --features axum --example notice_axum -- APP_ID SELLER_ID app_private_key.pem alipay_public_key.pem`
//!
//! The handler is called for notices that Alipay signed, and nothing else. What it answers is
//! `success` only after the order is stored as paid.

use alipay::{
    App,
    keys::{PrivateKey, PublicKey},
    notice::{Expectation, Verified},
    web::{Apps, NoticeAnswer, VerifiedNotice},
};
use axum::{Router, extract::FromRef, extract::State, routing::post};
use money::Fen;
use std::{
    collections::HashMap,
    error::Error,
    fs::read_to_string,
    sync::{Arc, Mutex},
};

/// What this server knows. A real shop has a database where this has a map.
#[derive(Clone)]
pub(crate) struct Shop {
    apps: Apps,
    app_id: String,
    seller_id: String,
    /// What each order is over, and whether it is paid.
    pub(crate) orders: Arc<Mutex<HashMap<String, (Fen, bool)>>>,
}

impl Shop {
    /// A shop that waits for one payment.
    pub(crate) fn new(app: App, seller_id: &str) -> Self {
        let orders = HashMap::from([("20260821001".to_owned(), (Fen::new(8_880), false))]);
        Self {
            app_id: app.app_id.clone(),
            apps: Apps::new([app]),
            seller_id: seller_id.to_owned(),
            orders: Arc::new(Mutex::new(orders)),
        }
    }
}

impl FromRef<Shop> for Apps {
    fn from_ref(shop: &Shop) -> Self {
        shop.apps.clone()
    }
}

/// Compares, stores, and only then says `success`. The lock is what a transaction with the order's
/// row locked is in a real shop: two deliveries of one notice come after each other.
async fn notify(State(shop): State<Shop>, VerifiedNotice(notice): VerifiedNotice) -> NoticeAnswer {
    take(&shop, &notice).unwrap_or(NoticeAnswer::refused())
}

fn take(shop: &Shop, notice: &Verified) -> Option<NoticeAnswer> {
    let number = notice.out_trade_no()?;
    let Ok(mut orders) = shop.orders.lock() else {
        return Some(NoticeAnswer::not_now());
    };
    let (total_amount, paid) = orders.get_mut(number)?;
    let expected = Expectation {
        out_trade_no: number,
        total_amount: *total_amount,
        app_id: &shop.app_id,
        seller_id: &shop.seller_id,
    };
    let checked = notice.check(&expected).ok()?;
    if checked.says_paid() {
        *paid = true;
    }
    // The commit stands here.
    Some(NoticeAnswer::committed(checked))
}

/// The address that goes into `notify_url`.
pub(crate) fn router(shop: Shop) -> Router {
    Router::new()
        .route("/notify", post(notify))
        .with_state(shop)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = std::env::args().skip(1).collect::<Vec<_>>();
    let [app_id, seller_id, private, public] = arguments.as_slice() else {
        return Err("APP_ID SELLER_ID app_private_key.pem alipay_public_key.pem".into());
    };
    let app = App::new(
        app_id,
        "https://openapi.alipay.com/gateway.do",
        PrivateKey::parse(&read_to_string(private)?)?,
        PublicKey::parse(&read_to_string(public)?)?,
    );
    let router = router(Shop::new(app, seller_id));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8700").await?;
    axum::serve(listener, router).await?;
    Ok(())
}

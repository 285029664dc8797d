//! A shop's notify address with actix-web, on one page.
//!
//! `cargo run -- APP_ID SELLER_ID app_private_key.pem alipay_public_key.pem`
//!
//! The body is taken raw: actix's form extractor refuses Alipay's content type. `success` is
//! answered only after the order is stored as paid.

use actix_web::{
    App as Server, HttpRequest, HttpResponse, HttpServer,
    http::StatusCode,
    web::{Bytes, Data, PayloadConfig, ServiceConfig, post},
};
use alipay::{
    App,
    keys::{PrivateKey, PublicKey},
    notice::{Expectation, MAX_NOTICE_BYTES, Verified},
    web::{Apps, NoticeAnswer},
};
use money::Fen;
use std::{collections::HashMap, error::Error, fs::read_to_string, sync::Mutex};

/// What this server knows. A real shop has a database where this has a map.
struct Shop {
    apps: Apps,
    app_id: String,
    seller_id: String,
    /// What each order is over, and whether it is paid.
    orders: Mutex<HashMap<String, (Fen, bool)>>,
}

async fn notify(shop: Data<Shop>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let content_type = request.headers().get("content-type");
    let content_type = content_type.and_then(|kind| kind.to_str().ok());
    let answer = match shop.apps.receive(&body, content_type) {
        Ok(notice) => take(&shop, &notice).unwrap_or(NoticeAnswer::refused()),
        Err(_) => NoticeAnswer::refused(),
    };
    let status = StatusCode::from_u16(answer.status());
    HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .content_type(NoticeAnswer::CONTENT_TYPE)
        .body(answer.body())
}

/// Compares, stores, and only then says `success`. The lock is what a transaction with the order's
/// row locked is in a real shop: two deliveries of one notice come after each other.
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

fn routes(config: &mut ServiceConfig) {
    config
        .app_data(PayloadConfig::new(MAX_NOTICE_BYTES))
        .route("/notify", post().to(notify));
}

#[actix_web::main]
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
    let orders = HashMap::from([("20260821001".to_owned(), (Fen::new(8_880), false))]);
    let shop = Data::new(Shop {
        apps: Apps::new([app]),
        app_id: app_id.clone(),
        seller_id: seller_id.clone(),
        orders: Mutex::new(orders),
    });
    let server = HttpServer::new(move || Server::new().app_data(shop.clone()).configure(routes));
    server.bind("127.0.0.1:8700")?.run().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use alipay::testing::{NOTICE_CONTENT_TYPE, TestGateway, paid_notice, signed_notice};

    #[actix_web::test]
    async fn success_is_answered_to_what_alipay_signed_about_the_order_and_nothing_else() {
        let gateway = TestGateway::new();
        let (app_id, seller_id, number) = ("2021000000000001", "2088000000000001", "20260821001");
        let shop = Data::new(Shop {
            apps: Apps::new([gateway.app()]),
            app_id: app_id.to_owned(),
            seller_id: seller_id.to_owned(),
            orders: Mutex::new(HashMap::from([(
                number.to_owned(),
                (Fen::new(8_880), false),
            )])),
        });
        let server = Server::new().app_data(shop.clone()).configure(routes);
        let server = init_service(server).await;
        let genuine = |yuan| {
            let fields = paid_notice(app_id, seller_id, number, yuan);
            signed_notice(gateway.alipay_key(), &fields)
        };
        let forged = {
            let mut bytes = genuine("88.80");
            bytes[3] ^= 1;
            bytes
        };
        let is_paid = || shop.orders.lock().expect("one thread")[number].1;
        for (body, answer, paid) in [
            (forged, "failure", false),
            (genuine("0.01"), "failure", false),
            (Vec::new(), "failure", false),
            (genuine("88.80"), "success", true),
            (genuine("88.80"), "success", true),
        ] {
            let request = TestRequest::post()
                .uri("/notify")
                .insert_header(("content-type", NOTICE_CONTENT_TYPE))
                .set_payload(body)
                .to_request();
            let answered = read_body(call_service(&server, request).await).await;
            assert_eq!((&answered[..], is_paid()), (answer.as_bytes(), paid));
        }
    }
}

//! A shop's notify address with plain hyper, on one page.
//!
//! `cargo run -p tongbao-alipay --example notice_hyper -- APP_ID SELLER_ID app_private_key.pem alipay_public_key.pem`

use alipay::{
    App,
    keys::{PrivateKey, PublicKey},
    notice::{Expectation, MAX_NOTICE_BYTES, Verified},
    web::{Apps, NoticeAnswer},
};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::CONTENT_TYPE,
    http,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use money::Fen;
use std::{error::Error, fs::read_to_string, sync::Arc};
use tokio::net::TcpListener;

/// What this server knows: one order. A real shop looks it up.
pub(crate) struct Shop {
    apps: Apps,
    app_id: String,
    seller_id: String,
}

impl Shop {
    /// A shop that waits for one payment.
    pub(crate) fn new(app: App, seller_id: &str) -> Self {
        Self {
            app_id: app.app_id.clone(),
            apps: Apps::new([app]),
            seller_id: seller_id.to_owned(),
        }
    }
}

async fn serve(
    shop: Arc<Shop>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, http::Error> {
    if request.method() != Method::POST || request.uri().path() != "/notify" {
        return Response::builder()
            .status(StatusCode::NOT_FOUND)
            .body(Full::default());
    }
    let answer = receive(&shop, request).await;
    Response::builder()
        .status(answer.status())
        .header(CONTENT_TYPE, NoticeAnswer::CONTENT_TYPE)
        .body(Full::from(answer.body()))
}

async fn receive(shop: &Shop, request: Request<Incoming>) -> NoticeAnswer {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    let Ok(body) = Limited::new(body, MAX_NOTICE_BYTES).collect().await else {
        return NoticeAnswer::refused();
    };
    match shop.apps.receive(&body.to_bytes(), kind) {
        Ok(notice) => take(shop, &notice),
        Err(_) => NoticeAnswer::refused(),
    }
}

fn take(shop: &Shop, notice: &Verified) -> NoticeAnswer {
    let expected = Expectation {
        out_trade_no: "20260821001",
        total_amount: Fen::new(8_880),
        app_id: &shop.app_id,
        seller_id: &shop.seller_id,
    };
    match notice.check(&expected) {
        // Store that it is paid, commit, and only then:
        Ok(checked) => NoticeAnswer::committed(checked),
        Err(_) => NoticeAnswer::refused(),
    }
}

/// Answers what arrives, for as long as it can listen.
pub(crate) async fn answer(listener: TcpListener, shop: Shop) -> std::io::Result<()> {
    let shop = Arc::new(shop);
    loop {
        let (socket, _) = listener.accept().await?;
        let shop = shop.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| serve(shop.clone(), request));
            // A line that breaks is the other side's; Alipay delivers again.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(socket), service)
                .await;
        });
    }
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
    let listener = TcpListener::bind("127.0.0.1:8700").await?;
    answer(listener, Shop::new(app, seller_id)).await?;
    Ok(())
}

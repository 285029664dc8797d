//! Receiving notices in a web server: from the body to a verified notice, and back to the one
//! word that Alipay waits for.
//!
//! Whatever the framework, four things go wrong again and again: parameters of the query are mixed
//! into the form, the strict form parser of the framework refuses Alipay's odd content type, the
//! answer is JSON or has a line's end, and `success` is answered before anything is stored. Here
//! [`Apps::receive`] takes the raw body, and a [`NoticeAnswer`] that says `success` is made from a
//! [`Checked`](crate::notice::Checked) notice only.
//!
//! With the feature `axum` there are an extractor, `VerifiedNotice`, and an `IntoResponse` for the
//! answer. The examples `notice_axum` and `notice_hyper` are one page each; actix-web needs no more:
//!
//! ```text
//! async fn notify(
//!     apps: web::Data<Apps>, shop: web::Data<Shop>, request: HttpRequest, body: web::Bytes,
//! ) -> HttpResponse {
//!     let content_type = request.headers().get("content-type").and_then(|kind| kind.to_str().ok());
//!     let answer = match apps.receive(&body, content_type) {
//!         Ok(notice) => shop.take(&notice).await, // commits, then NoticeAnswer::committed(checked)
//!         Err(_) => NoticeAnswer::refused(),
//!     };
//!     HttpResponse::build(StatusCode::from_u16(answer.status()).expect("200 or 500"))
//!         .content_type(NoticeAnswer::CONTENT_TYPE)
//!         .body(answer.body())
//! }
//! // … App::new().app_data(web::PayloadConfig::new(MAX_NOTICE_BYTES))
//! //       .route("/notify", web::post().to(notify))
//! ```

mod answer;
mod apps;
#[cfg(feature = "axum")]
mod extract;

pub use answer::NoticeAnswer;
pub use apps::{Apps, ReceiveError};
#[cfg(feature = "axum")]
pub use extract::{NoticeRejection, VerifiedNotice};

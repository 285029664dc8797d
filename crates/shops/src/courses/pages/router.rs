//! Every page of the shop, in reading order.

use crate::courses::context::Context;
use crate::courses::pages::{
    account, assets, buy, cart, catalogue, checkout, course, library, orders, result, staff,
};
use axum::Router;
use axum::routing::{get, post};

/// The pages and what they show.
pub(in crate::courses) fn router() -> Router<Context> {
    Router::new()
        .route("/", get(catalogue::list))
        .route("/search", get(catalogue::search))
        .route("/courses/{id}", get(course::show))
        .route("/covers/{file}", get(assets::cover))
        .route(assets::css_href(), get(assets::css))
        .route("/buy", post(buy::buy))
        .route("/cart", get(cart::show))
        .route("/cart/add", post(cart::add))
        .route("/cart/remove", post(cart::remove))
        .route("/checkout", get(checkout::show).post(checkout::confirm))
        .route("/pay/success", get(result::show))
        .route("/pay/success/", get(result::show))
        .route("/orders", get(orders::list))
        .route("/orders/{out_trade_no}", get(orders::show))
        .route("/orders/{out_trade_no}/pay", post(orders::pay))
        .route("/orders/{out_trade_no}/cancel", post(orders::cancel))
        .route("/my/courses", get(library::list))
        .route("/learn/{course}", get(library::begin))
        .route("/learn/{course}/{lesson}", get(library::lesson))
        .route("/login", get(account::login_form).post(account::login))
        .route(
            "/register",
            get(account::register_form).post(account::register),
        )
        .route("/logout", post(account::logout))
        .route("/staff", get(staff::home))
        .route("/staff/orders", get(staff::orders::list))
        .route("/staff/orders/{out_trade_no}", get(staff::orders::show))
        .route(
            "/staff/orders/{out_trade_no}/refund",
            post(staff::orders::refund),
        )
        .route("/staff/courses", get(staff::courses::list))
        .route("/staff/courses/{id}", post(staff::courses::change))
}

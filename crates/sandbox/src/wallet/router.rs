//! Every address of the wallet.

use super::{
    agreements, cards, claim, give, inbox, money, overview, payment_code, permits, scan, settings,
};
use crate::cashier::{Counter, as_page};
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

/// The wallet's pages. A login here is a login at the cashier too.
pub(crate) fn router(counter: &Counter) -> Router {
    Router::new()
        .route("/wallet", get(overview::page))
        .route("/wallet/login", post(overview::log_in))
        .route("/wallet/logout", post(overview::log_out))
        .route("/wallet/scan", post(scan::submit))
        .route(
            "/wallet/code",
            get(payment_code::page).post(payment_code::answer),
        )
        .route("/wallet/code/state/{seen}", get(payment_code::state))
        .merge(cards_and_money())
        .merge(between_people())
        .route("/wallet/agreements", get(agreements::page))
        .route(
            "/wallet/agreements/{agreement_no}/end",
            post(agreements::end),
        )
        .route("/wallet/permits", get(permits::page))
        .route("/wallet/permits/{app_id}/end", post(permits::end))
        .route("/inbox", get(inbox::page))
        .layer(from_fn(as_page))
        .with_state(counter.clone())
}

fn cards_and_money() -> Router<Counter> {
    Router::new()
        .route("/wallet/cards", get(cards::page))
        .route("/wallet/cards/issue", post(cards::issue))
        .route("/wallet/cards/bind", post(cards::bind))
        .route("/wallet/cards/confirm", post(cards::confirm))
        .route("/wallet/cards/unbind", post(cards::unbind))
        .route(
            "/wallet/top-up",
            get(money::top_up_page).post(money::top_up),
        )
        .route(
            "/wallet/withdraw",
            get(money::withdraw_page).post(money::withdraw),
        )
}

fn between_people() -> Router<Counter> {
    Router::new()
        .route("/wallet/give", get(give::page).post(give::submit))
        .route(
            "/wallet/claim/{gift_id}",
            get(claim::page).post(claim::take),
        )
        .route("/wallet/claim/{gift_id}/code", post(claim::code))
        .route("/wallet/claim/{gift_id}/open", post(claim::open))
        .route("/wallet/settings", get(settings::page))
        .route(
            "/wallet/settings/login-password",
            post(settings::login_password),
        )
        .route(
            "/wallet/settings/pay-password",
            post(settings::pay_password),
        )
        .route("/wallet/settings/limit", post(settings::limit))
}

//! Every route of the shop. Each API path answers with and without its trailing slash, and never
//! redirects from one to the other: Alipay would take a redirect for a refusal.

use crate::courses::context::Context;
use crate::courses::http::{cors, course, order, user};
use crate::courses::pages;
use axum::Router;
use axum::routing::{MethodRouter, get, post};

/// The API and the pages.
pub(in crate::courses) fn router(ctx: Context) -> Router {
    let api = Router::new()
        .both("/user/login", post(user::login::login))
        .both("/user/register", post(user::register::register))
        .both("/order", get(order::list::list))
        .both("/order/pay", post(order::pay::pay))
        .both(
            "/order/{out_trade_no}/pay",
            post(order::pay_again::pay_again),
        )
        .both("/order/{out_trade_no}/cancel", post(order::cancel::cancel))
        .both(
            "/order/success",
            get(order::success::success).post(order::notice::notice),
        )
        .both("/course/free", get(course::list::list))
        .both("/course/free/{id}", get(course::detail::detail))
        .both("/course/search", get(course::search::search))
        .layer(cors::layer(&ctx.cors_origins));
    api.merge(pages::router())
        .merge(service::assets::router())
        .fallback(pages::missing)
        .with_state(ctx)
}

/// A route on a path and on the same path with a slash at its end.
trait Both {
    fn both(self, path: &str, methods: MethodRouter<Context>) -> Self;
}

impl Both for Router<Context> {
    fn both(self, path: &str, methods: MethodRouter<Context>) -> Self {
        // A browser's preflight is answered by the layer around; a route must be there for it.
        let methods = methods.options(async || http::StatusCode::NO_CONTENT);
        self.route(path, methods.clone())
            .route(&format!("{path}/"), methods)
    }
}

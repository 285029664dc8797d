//! A form's body, or a problem that says what is wrong with it.

use crate::problem::Problem;
use axum::body::Body;
use axum::extract::{Form, FromRequest, Request};
use http::StatusCode;
use serde::de::DeserializeOwned;

/// An `application/x-www-form-urlencoded` body (or a query, for GET) read into `T`, within the
/// router's limits.
#[derive(Clone, Debug)]
pub struct FormBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for FormBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let method = request.method().clone();
        let uri = request.uri().clone();
        let headers = request.headers().clone();
        let body = crate::limits::read_body(request).await?;
        let mut again = Request::new(Body::from(body));
        *again.method_mut() = method;
        *again.uri_mut() = uri;
        *again.headers_mut() = headers;
        let form = Form::<T>::from_request(again, state).await;
        form.map(|Form(value)| Self(value)).map_err(|rejection| {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "wrong-form",
                "The form does not have the fields that are asked for",
            )
            .detail(format!("{}.", rejection.body_text()))
        })
    }
}

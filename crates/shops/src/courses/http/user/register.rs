//! `POST /user/register/`: a new user, logged in at once.

use crate::courses::app::accounts::{self, RegisterError};
use crate::courses::context::Context;
use crate::courses::http::error::ApiError;
use crate::courses::http::given::Given;
use crate::courses::http::user::login::LoggedIn;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use service::client_ip::ClientIp;

/// Register.
pub(in crate::courses::http) async fn register(
    State(ctx): State<Context>,
    ip: ClientIp,
    Given(given): Given,
) -> Result<(StatusCode, Json<LoggedIn>), ApiError> {
    let user = accounts::register(&ctx, &given, &ip.rate_key()).await?;
    Ok((StatusCode::CREATED, Json(LoggedIn::new(&ctx, &user)?)))
}

impl From<RegisterError> for ApiError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Refused(refusal) => Self::field(refusal.field(), refusal.message().0),
            RegisterError::Taken => Self::field("username", "用户名已存在"),
            RegisterError::TooMany(refusal) => refusal.into(),
            RegisterError::Password(error) => Self::internal(&error),
            RegisterError::Store(error) => error.into(),
        }
    }
}

//! `POST /user/login/`: a name and a password for a JWT.

use crate::courses::app::accounts::{self, LogInError};
use crate::courses::context::Context;
use crate::courses::domain::User;
use crate::courses::http::error::ApiError;
use crate::courses::http::given::Given;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service::client_ip::ClientIp;

/// A JWT and whose it is.
#[derive(Serialize)]
pub(in crate::courses::http) struct LoggedIn {
    token: String,
    username: String,
}

impl LoggedIn {
    pub(super) fn new(ctx: &Context, user: &User) -> Result<Self, ApiError> {
        let token = ctx.tokens.issue(user);
        Ok(Self {
            token: token.map_err(|error| ApiError::internal(&error))?,
            username: user.username.clone(),
        })
    }
}

/// Log in.
pub(in crate::courses::http) async fn login(
    State(ctx): State<Context>,
    ip: ClientIp,
    Given(given): Given,
) -> Result<Json<LoggedIn>, ApiError> {
    let user = accounts::log_in(&ctx, &given, &ip.rate_key()).await?;
    Ok(Json(LoggedIn::new(&ctx, &user)?))
}

impl From<LogInError> for ApiError {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::Refused(refusal) => Self::field(refusal.field(), refusal.message().0),
            LogInError::Wrong => Self::whole("用户名或密码错误"),
            LogInError::TooMany(refusal) => refusal.into(),
            LogInError::Store(error) => error.into(),
        }
    }
}

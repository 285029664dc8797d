//! `alipay.open.auth.token.app`: a merchant's code for a token, or a token for a newer one.

use crate::app::app_auth::{AppAuthError, exchange_code, renew_token};
use crate::context::Context;
use crate::domain::app_auth::{REFRESH_S, TOKEN_S};
use crate::domain::{AppAuth, AuthState};
use crate::gateway::errors::open::{
    APP_ID_NOT_CONSISTENT, APP_NOT_ISV, AUTH_CODE_NOT_EXIST, AUTH_CODE_NOT_VALID,
    AUTH_TOKEN_NOT_FOUND, GRANT_TYPE_INVALID, REFRESH_TOKEN_NOT_EXIST, REFRESH_TOKEN_TIME_OUT,
};
use crate::gateway::errors::{Fault, SubCode};
use crate::gateway::methods::{Answered, Call};
use serde_json::{Map, Value, json};

pub(super) async fn token_app(call: Call<'_>) -> Answered {
    let app = &call.caller.app;
    if !app.settings.third_party {
        return Err(Fault::new(
            APP_NOT_ISV,
            "这个应用不是第三方应用。用 PATCH /sandbox/v1/apps/{app_id} 设置 third_party 为 true。",
            "This is no third-party application. Set third_party with PATCH /sandbox/v1/apps/{app_id}.",
        ));
    }
    let found = match call.biz.required("grant_type", 20)?.as_str() {
        "authorization_code" => {
            let code = call.biz.required("code", 40)?;
            exchange_code(call.cx, &app.app_id, &code).await
        }
        "refresh_token" => {
            let token = call.biz.required("refresh_token", 40)?;
            let renewed = renew_token(call.cx, &app.app_id, &token).await;
            return answered(call, renewed.map_err(|error| of_renewal(&error))?).await;
        }
        _ => {
            return Err(Fault::new(
                GRANT_TYPE_INVALID,
                "grant_type 只能是 authorization_code 或 refresh_token。",
                "grant_type is authorization_code or refresh_token.",
            ));
        }
    };
    let auth = found.map_err(|error| of_exchange(&error))?;
    answered(call, auth).await
}

async fn answered(call: Call<'_>, auth: AppAuth) -> Answered {
    let mut node = fields(call.cx, &auth).await?;
    let one = Value::from(node.clone());
    node.insert("tokens".to_owned(), json!([one]));
    Ok((node, call.biz.warnings))
}

async fn fields(cx: &Context, auth: &AppAuth) -> Result<Map<String, Value>, Fault> {
    let mut node = Map::new();
    let mut add = |name: &str, value: &str| node.insert(name.to_owned(), value.into());
    if let Some(token) = &auth.token {
        add("app_auth_token", &token.token);
        add("app_refresh_token", &token.refresh_token);
    }
    add("auth_app_id", &auth.app_id);
    add("expires_in", &TOKEN_S.to_string());
    add("re_expires_in", &REFRESH_S.to_string());
    if let Some(caller) = cx.caller(&auth.app_id).await? {
        add("user_id", &caller.app.seller_id);
    }
    Ok(node)
}

fn of_exchange(error: &AppAuthError) -> Fault {
    match error {
        AppAuthError::OtherApp => plain(APP_ID_NOT_CONSISTENT, error),
        AppAuthError::TimedOut => plain(AUTH_CODE_NOT_VALID, error),
        AppAuthError::Store(error) => Fault::broken(error),
        _ => plain(AUTH_CODE_NOT_EXIST, error),
    }
}

fn of_renewal(error: &AppAuthError) -> Fault {
    match error {
        AppAuthError::OtherApp => plain(APP_ID_NOT_CONSISTENT, error),
        AppAuthError::TimedOut => plain(REFRESH_TOKEN_TIME_OUT, error),
        AppAuthError::Store(error) => Fault::broken(error),
        _ => plain(REFRESH_TOKEN_NOT_EXIST, error),
    }
}

/// The answer to a token that nobody has.
pub(super) fn not_found(error: &AppAuthError) -> Fault {
    match error {
        AppAuthError::OtherApp => plain(APP_ID_NOT_CONSISTENT, error),
        AppAuthError::Store(error) => Fault::broken(error),
        _ => plain(AUTH_TOKEN_NOT_FOUND, error),
    }
}

fn plain(what: SubCode, error: &AppAuthError) -> Fault {
    let zh = format!(
        "{}。授权码一天内只能换一次令牌，且只能由被授权的应用来换。",
        what.sub_msg
    );
    let en = format!(
        "{error}. A code can be exchanged once within a day, by the application that it was granted to."
    );
    Fault::new(what, zh, en)
}

/// The word for what a token is worth.
pub(super) const fn state_word(state: AuthState) -> &'static str {
    match state {
        AuthState::Valid => "valid",
        AuthState::TimedOut | AuthState::Cancelled => "invalid",
    }
}

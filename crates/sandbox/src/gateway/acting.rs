//! On whose behalf a call is made: the caller's own, or with `app_auth_token` another merchant's.

use super::errors::Fault;
use super::errors::gateway::{
    APP_AUTH_TOKEN_TIME_OUT, INSUFFICIENT_ISV_PERMISSIONS, INVALID_APP_AUTH_TOKEN,
    NOT_SUPPORT_APP_AUTH,
};
use super::methods::Method;
use super::params::Read;
use crate::app::app_auth::{AppAuthError, find_token};
use crate::context::{Caller, Context};
use crate::domain::AuthState;
use std::sync::Arc;

/// What an application does for itself, whoever it acts for otherwise.
const OWN: [&str; 3] = [
    "alipay.open.auth.token.app",
    "alipay.open.app.",
    "alipay.system.oauth.",
];

/// The application that owns what the call makes or looks for.
pub(super) async fn principal(
    cx: &Context,
    method: &Method,
    caller: &Arc<Caller>,
    read: &mut Read,
) -> Result<Arc<Caller>, Fault> {
    let is_own = OWN.iter().any(|prefix| method.name.starts_with(prefix));
    let Some(token) = read.params.non_empty("app_auth_token") else {
        if caller.app.settings.third_party && !is_own {
            return Err(Fault::new(
                INSUFFICIENT_ISV_PERMISSIONS,
                "第三方应用代商户调用须带 app_auth_token（商户授权后用 alipay.open.auth.token.app 换取）。",
                "A third-party application calls for a merchant with app_auth_token; alipay.open.auth.token.app gives it after the merchant agreed.",
            ));
        }
        return Ok(Arc::clone(caller));
    };
    if is_own {
        return Err(Fault::new(
            NOT_SUPPORT_APP_AUTH,
            "这个接口由应用自己调用，不要带 app_auth_token。",
            "An application calls this for itself; leave app_auth_token out.",
        ));
    }
    let (auth, state) = match find_token(cx, &caller.app.app_id, token).await {
        Ok(found) => found,
        Err(AppAuthError::Store(error)) => return Err(error.into()),
        Err(_) => return Err(invalid_token()),
    };
    match state {
        AuthState::Valid => {}
        AuthState::Cancelled => return Err(invalid_token()),
        AuthState::TimedOut => {
            return Err(Fault::new(
                APP_AUTH_TOKEN_TIME_OUT,
                "app_auth_token 已过期（按业务时钟），请用 app_refresh_token 换新的。",
                "app_auth_token has run out by the business clock; renew it with app_refresh_token.",
            ));
        }
    }
    let principal = cx.caller(&auth.app_id).await?.ok_or_else(invalid_token)?;
    read.by_app_id = Some(caller.app.app_id.clone());
    Ok(principal)
}

fn invalid_token() -> Fault {
    Fault::new(
        INVALID_APP_AUTH_TOKEN,
        "app_auth_token 无效：不是授权给这个应用的，或者商户已取消授权。",
        "app_auth_token is none: it was not granted to this application, or the merchant took it back.",
    )
}

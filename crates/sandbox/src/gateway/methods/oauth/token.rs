//! `alipay.system.oauth.token`: a code for a token, or a token renewed. Its fields stand among the
//! common parameters, and its node has neither code nor msg.

use crate::app::oauth::exchange::{Grant, exchange};
use crate::domain::oauth::{OauthRefusal, REFRESH_MS, TOKEN_MS};
use crate::gateway::errors::Fault;
use crate::gateway::errors::oauth::{
    CODE_INVALID, GRANT_TYPE_INVALID, REFRESH_TOKEN_INVALID, REFRESH_TOKEN_TIME_OUT,
    REFRESHED_TOKEN_INVALID, UNMATCHED_APP_ID,
};
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use kernel::time::SECOND_MS;
use serde_json::Map;

pub(super) async fn token(call: Call<'_>) -> Answered {
    let grant = grant(&call)?;
    let app_id = &call.caller.app.app_id;
    let token = match exchange(call.cx, app_id, grant).await? {
        Ok(token) => token,
        Err(refusal) => return Err(refused(refusal)),
    };
    let mut node = Map::new();
    put(&mut node, "access_token", token.access_token);
    put(&mut node, "refresh_token", token.refresh_token);
    put(&mut node, "alipay_user_id", token.user_id.clone());
    put(&mut node, "user_id", token.user_id);
    put(&mut node, "auth_start", token.began_at.china());
    // Bare numbers, the only ones that Alipay writes.
    node.insert("expires_in".to_owned(), (TOKEN_MS / SECOND_MS).into());
    node.insert("re_expires_in".to_owned(), (REFRESH_MS / SECOND_MS).into());
    Ok((node, call.biz.warnings))
}

fn grant(call: &Call<'_>) -> Result<Grant, Fault> {
    let param = |name: &str| call.read.params.non_empty(name).map(str::to_owned);
    let misplaced = call.read.params.non_empty("biz_content").is_some();
    match param("grant_type").as_deref() {
        Some("authorization_code") => param("code").map(Grant::Code).ok_or_else(|| {
            Fault::new(
                CODE_INVALID,
                "缺少 code：用户同意授权后，浏览器带着 auth_code 回到 redirect_uri，把它作为 code 传入（顶层参数，不在 biz_content 里）。",
                "There is no code: it is the auth_code with which the browser came back to redirect_uri, a parameter of its own, not in biz_content.",
            )
        }),
        Some("refresh_token") => param("refresh_token").map(Grant::Refresh).ok_or_else(|| {
            Fault::new(
                REFRESH_TOKEN_INVALID,
                "缺少 refresh_token（顶层参数）。",
                "There is no refresh_token, a parameter of its own.",
            )
        }),
        _ if misplaced => Err(Fault::new(
            GRANT_TYPE_INVALID,
            "grant_type、code、refresh_token 是顶层参数，不能放在 biz_content 里。",
            "grant_type, code and refresh_token are parameters of their own; they do not go into biz_content.",
        )),
        _ => Err(Fault::new(
            GRANT_TYPE_INVALID,
            "grant_type 应为 authorization_code 或 refresh_token。",
            "grant_type is authorization_code or refresh_token.",
        )),
    }
}

fn refused(refusal: OauthRefusal) -> Fault {
    match refusal {
        OauthRefusal::Code => Fault::new(
            CODE_INVALID,
            "code 不存在、已用过、已过期（3 分钟）或属于别的应用；请让用户重新授权。",
            "The code is none, was used, is older than three minutes, or is another application's; ask the user again.",
        ),
        OauthRefusal::Refresh => Fault::new(
            REFRESH_TOKEN_INVALID,
            "没有这个 refresh_token。",
            "There is no such refresh_token.",
        ),
        OauthRefusal::Refreshed => Fault::new(
            REFRESHED_TOKEN_INVALID,
            "这个 refresh_token 已经用过；请用上一次应答里的新令牌。",
            "The refresh_token was used; take the one of the last answer.",
        ),
        OauthRefusal::RefreshExpired => Fault::new(
            REFRESH_TOKEN_TIME_OUT,
            "refresh_token 已过期，请让用户重新授权。",
            "The refresh_token is too old; ask the user again.",
        ),
        OauthRefusal::OtherApp => Fault::new(
            UNMATCHED_APP_ID,
            "这个 refresh_token 属于别的应用。",
            "The refresh_token is another application's.",
        ),
    }
}

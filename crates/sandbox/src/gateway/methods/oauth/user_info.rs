//! `alipay.user.info.share`: who agreed to a token, as far as they agreed.

use crate::app::oauth::who_is::who_is;
use crate::domain::oauth::tells_all;
use crate::gateway::errors::Fault;
use crate::gateway::errors::oauth::{
    AUTH_TOKEN_TIME_OUT, INSUFFICIENT_USER_PERMISSIONS, INVALID_AUTH_TOKEN,
};
use crate::gateway::methods::words::{put, put_some};
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn user_info(call: Call<'_>) -> Answered {
    let app_id = &call.caller.app.app_id;
    let found = match call.read.params.non_empty("auth_token") {
        Some(token) => who_is(call.cx, token).await?,
        None => None,
    };
    // Another application's token is as good as none.
    let found = found.filter(|(token, _)| token.app_id == *app_id);
    let Some((token, person)) = found else {
        return Err(Fault::new(
            INVALID_AUTH_TOKEN,
            "缺少 auth_token（顶层参数，值为 alipay.system.oauth.token 返回的 access_token），或它不存在、已被刷新、已被用户取消授权、属于别的应用。",
            "There is no auth_token (a parameter of its own: the access_token of alipay.system.oauth.token), or it is none, was renewed, was taken back by its user, or is another application's.",
        ));
    };
    if call.cx.now() >= token.expires_at {
        return Err(Fault::new(
            AUTH_TOKEN_TIME_OUT,
            "access_token 已过期（15 天），请用 refresh_token 刷新。",
            "The access_token is older than fifteen days; renew it with its refresh_token.",
        ));
    }
    if !tells_all(&token.scope) {
        return Err(Fault::new(
            INSUFFICIENT_USER_PERMISSIONS,
            "用户只同意了 auth_base；需要会员信息请用 scope=auth_user 授权。",
            "The user agreed to auth_base only; ask with scope=auth_user.",
        ));
    }
    let mut node = Map::new();
    put(&mut node, "user_id", token.user_id);
    put(&mut node, "gender", person.gender);
    put(&mut node, "is_certified", "T");
    put(&mut node, "user_status", "T");
    put(&mut node, "user_type", "2");
    put_some(&mut node, "nick_name", Some(&person.nick_name));
    put_some(&mut node, "province", Some(&person.province));
    put_some(&mut node, "city", Some(&person.city));
    Ok((node, call.biz.warnings))
}

//! `alipay.open.auth.token.app.query`: whose a token is, and whether it works.

use super::token_app::{not_found, state_word};
use crate::app::app_auth::find_token;
use crate::domain::app_auth::TOKEN_S;
use crate::gateway::methods::{Answered, Call, Method, Run};
use kernel::time::SECOND_MS;
use serde_json::{Map, Value};

pub(super) async fn token_query(call: Call<'_>) -> Answered {
    let token = call.biz.required("app_auth_token", 40)?;
    let found = find_token(call.cx, &call.caller.app.app_id, &token).await;
    let (auth, state) = found.map_err(|error| not_found(&error))?;
    let mut node = Map::new();
    let mut add = |name: &str, value: &str| node.insert(name.to_owned(), value.into());
    add("auth_app_id", &auth.app_id);
    add("status", state_word(state));
    if let Some(caller) = call.cx.caller(&auth.app_id).await? {
        add("user_id", &caller.app.seller_id);
    }
    if let Some(token) = &auth.token {
        let end = token.at.plus_ms(TOKEN_S * SECOND_MS);
        let left = end.since_ms(call.cx.now()) / SECOND_MS;
        add("auth_start", &token.at.china());
        add("auth_end", &end.china());
        add("expires_in", &left.max(0).to_string());
    }
    let methods = Method::all().filter(|method| matches!(method.run, Run::Answer(_)));
    let names: Vec<Value> = methods.map(|method| method.name.into()).collect();
    node.insert("auth_methods".to_owned(), names.into());
    Ok((node, call.biz.warnings))
}

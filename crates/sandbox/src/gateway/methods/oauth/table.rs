//! The methods of logins: a line for each.

use super::{token, user_info};
use crate::gateway::methods::table::{Method, Verb};

pub(in crate::gateway::methods) const METHODS: &[Method] = &[
    Method::answer("alipay.system.oauth.token", |call| {
        Box::pin(token::token(call))
    })
    .top_level()
    .uncoded()
    .v3(Verb::Post),
    Method::answer("alipay.user.info.share", |call| {
        Box::pin(user_info::user_info(call))
    })
    .top_level()
    .v3(Verb::Post),
];

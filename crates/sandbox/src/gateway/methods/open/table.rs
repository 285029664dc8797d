//! The methods of the open platform: a line for each.

use super::{cert_download, token_app, token_query};
use crate::gateway::methods::table::{Method, Verb};
use std::future::ready;

pub(in crate::gateway::methods) const METHODS: &[Method] = &[
    Method::answer("alipay.open.app.alipaycert.download", |call| {
        Box::pin(ready(cert_download::cert_download(&call)))
    })
    .v3(Verb::Get),
    Method::answer("alipay.open.auth.token.app", |call| {
        Box::pin(token_app::token_app(call))
    })
    .v3(Verb::Post),
    Method::answer("alipay.open.auth.token.app.query", |call| {
        Box::pin(token_query::token_query(call))
    })
    .v3(Verb::Post),
];

//! The methods of holds: a line for each.

use super::{app_freeze, cancel, code_freeze, detail, unfreeze, voucher};
use crate::gateway::errors::preauth::ILLEGAL_ARGUMENT;
use crate::gateway::methods::table::{Method, Verb};
use crate::gateway::methods::words::{in_family, of_family};

pub(in crate::gateway::methods) const METHODS: &[Method] = &[
    Method::order_string("alipay.fund.auth.order.app.freeze", |call| {
        Box::pin(async move {
            let led = app_freeze::app_freeze(call).await;
            led.map_err(|fault| in_family(fault, ILLEGAL_ARGUMENT))
        })
    }),
    Method::answer("alipay.fund.auth.order.freeze", |call| {
        Box::pin(of_family(ILLEGAL_ARGUMENT, code_freeze::code_freeze(call)))
    })
    .v3(Verb::Post),
    Method::answer("alipay.fund.auth.order.voucher.create", |call| {
        Box::pin(of_family(ILLEGAL_ARGUMENT, voucher::voucher(call)))
    })
    .v3(Verb::Post),
    Method::answer("alipay.fund.auth.order.unfreeze", |call| {
        Box::pin(of_family(ILLEGAL_ARGUMENT, unfreeze::unfreeze(call)))
    })
    .v3(Verb::Post),
    Method::answer("alipay.fund.auth.operation.cancel", |call| {
        Box::pin(of_family(ILLEGAL_ARGUMENT, cancel::cancel(call)))
    })
    .v3(Verb::Post),
    Method::answer("alipay.fund.auth.operation.detail.query", |call| {
        Box::pin(of_family(ILLEGAL_ARGUMENT, detail::detail(call)))
    })
    .v3(Verb::Post),
];

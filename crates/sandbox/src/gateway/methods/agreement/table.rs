//! The methods of agreements: a line for each.

use super::{modify, page_sign, query, transfer, unsign};
use crate::gateway::errors::agreement::AGREEMENT_INVALID_PARAMETER;
use crate::gateway::methods::table::{Method, Verb};
use crate::gateway::methods::words::{in_family, of_family};

pub(in crate::gateway::methods) const METHODS: &[Method] = &[
    Method::page("alipay.user.agreement.page.sign", |call| {
        Box::pin(async move {
            let led = page_sign::page_sign(call).await;
            led.map_err(|fault| in_family(fault, AGREEMENT_INVALID_PARAMETER))
        })
    }),
    Method::answer("alipay.user.agreement.query", |call| {
        Box::pin(of_family(AGREEMENT_INVALID_PARAMETER, query::query(call)))
    })
    .v3(Verb::Get),
    Method::answer("alipay.user.agreement.unsign", |call| {
        Box::pin(of_family(AGREEMENT_INVALID_PARAMETER, unsign::unsign(call)))
    })
    .v3(Verb::Post),
    Method::answer("alipay.user.agreement.transfer", |call| {
        Box::pin(of_family(
            AGREEMENT_INVALID_PARAMETER,
            transfer::transfer(call),
        ))
    })
    .v3(Verb::Post),
    Method::answer("alipay.user.agreement.executionplan.modify", |call| {
        Box::pin(of_family(AGREEMENT_INVALID_PARAMETER, modify::modify(call)))
    })
    .v3(Verb::Post),
];

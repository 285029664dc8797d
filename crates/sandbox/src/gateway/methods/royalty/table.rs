//! The methods of shares: a line for each.

use super::{rate, relation, settle, settle_query};
use crate::gateway::errors::royalty::ROYALTY_INVALID_PARAMETER;
use crate::gateway::methods::table::{Method, Verb};
use crate::gateway::methods::words::{in_family, of_family};

pub(in crate::gateway::methods) const METHODS: &[Method] = &[
    Method::answer("alipay.trade.royalty.relation.bind", |call| {
        Box::pin(of_family(ROYALTY_INVALID_PARAMETER, relation::bind(call)))
    })
    .v3(Verb::Post),
    Method::answer("alipay.trade.royalty.relation.unbind", |call| {
        Box::pin(of_family(ROYALTY_INVALID_PARAMETER, relation::unbind(call)))
    })
    .v3(Verb::Post),
    Method::answer("alipay.trade.royalty.relation.batchquery", |call| {
        Box::pin(of_family(ROYALTY_INVALID_PARAMETER, relation::list(call)))
    })
    .v3(Verb::Post),
    Method::answer("alipay.trade.royalty.rate.query", |call| {
        Box::pin(async move {
            rate::rate(call).map_err(|fault| in_family(fault, ROYALTY_INVALID_PARAMETER))
        })
    })
    .v3(Verb::Get),
    Method::answer("alipay.trade.order.settle", |call| {
        Box::pin(settle::settle(call))
    })
    .v3(Verb::Post),
    Method::answer("alipay.trade.order.settle.query", |call| {
        Box::pin(of_family(
            ROYALTY_INVALID_PARAMETER,
            settle_query::settle_query(call),
        ))
    })
    .v3(Verb::Get),
];

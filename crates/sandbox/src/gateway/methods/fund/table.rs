//! The methods of transfers: a line for each.

use super::{account_query, old_transfer, transfer, transfer_query};
use crate::gateway::errors::fund::FUND_INVALID_PARAMETER;
use crate::gateway::methods::table::{Method, Verb};
use crate::gateway::methods::words::of_family;

pub(in crate::gateway::methods) const METHODS: &[Method] = &[
    Method::answer("alipay.fund.trans.uni.transfer", |call| {
        Box::pin(of_family(FUND_INVALID_PARAMETER, transfer::transfer(call)))
    })
    .v3(Verb::Post),
    Method::answer("alipay.fund.trans.common.query", |call| {
        Box::pin(of_family(
            FUND_INVALID_PARAMETER,
            transfer_query::common_query(call),
        ))
    })
    .v3(Verb::Get),
    Method::answer("alipay.fund.account.query", |call| {
        Box::pin(of_family(
            FUND_INVALID_PARAMETER,
            account_query::account_query(call),
        ))
    })
    .v3(Verb::Get),
    Method::answer("alipay.fund.trans.toaccount.transfer", |call| {
        Box::pin(of_family(
            FUND_INVALID_PARAMETER,
            old_transfer::old_transfer(call),
        ))
    }),
    Method::answer("alipay.fund.trans.order.query", |call| {
        Box::pin(of_family(
            FUND_INVALID_PARAMETER,
            transfer_query::order_query(call),
        ))
    })
    .v3(Verb::Get),
];

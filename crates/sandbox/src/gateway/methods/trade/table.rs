//! The trade methods: a line for each.

use super::{
    cancel, close, create, order_sync, page_pay, pay, precreate, query, refund, refund_query,
};
use crate::domain::Product;
use crate::gateway::methods::table::{Method, Verb};

pub(in crate::gateway::methods) const METHODS: &[Method] = &[
    Method::page("alipay.trade.page.pay", |call| {
        Box::pin(page_pay::page_pay(call, Product::Page))
    }),
    Method::page("alipay.trade.wap.pay", |call| {
        Box::pin(page_pay::page_pay(call, Product::Wap))
    }),
    Method::order_string("alipay.trade.app.pay", |call| {
        Box::pin(page_pay::page_pay(call, Product::App))
    }),
    Method::answer("alipay.trade.precreate", |call| {
        Box::pin(precreate::precreate(call))
    })
    .v3(Verb::Post),
    Method::answer("alipay.trade.pay", |call| Box::pin(pay::pay(call))).v3(Verb::Post),
    Method::answer("alipay.trade.create", |call| Box::pin(create::create(call))).v3(Verb::Post),
    Method::answer("alipay.trade.cancel", |call| Box::pin(cancel::cancel(call))).v3(Verb::Post),
    Method::answer("alipay.trade.query", |call| Box::pin(query::query(call))).v3(Verb::Post),
    Method::answer("alipay.trade.close", |call| Box::pin(close::close(call))).v3(Verb::Post),
    Method::answer("alipay.trade.refund", |call| Box::pin(refund::refund(call))).v3(Verb::Post),
    Method::answer("alipay.trade.refund.apply", |call| {
        Box::pin(refund::apply(call))
    })
    .v3(Verb::Post),
    Method::answer("alipay.trade.orderinfo.sync", |call| {
        Box::pin(order_sync::order_sync(call))
    })
    .v3(Verb::Post),
    Method::answer("alipay.trade.fastpay.refund.query", |call| {
        Box::pin(refund_query::refund_query(call))
    })
    .v3(Verb::Post),
];

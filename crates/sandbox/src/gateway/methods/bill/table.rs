//! The methods of bills: a line for each.

use super::{account_log, balance, download_url};
use crate::gateway::errors::bill::{BILL_INVALID_PARAMETER, INVAILID_ARGUMENTS};
use crate::gateway::methods::table::{Method, Verb};
use crate::gateway::methods::words::of_family;

pub(in crate::gateway::methods) const METHODS: &[Method] = &[
    Method::answer("alipay.data.dataservice.bill.downloadurl.query", |call| {
        Box::pin(of_family(
            INVAILID_ARGUMENTS,
            download_url::download_url(call),
        ))
    })
    .v3(Verb::Get),
    Method::answer("alipay.data.bill.accountlog.query", |call| {
        Box::pin(of_family(
            BILL_INVALID_PARAMETER,
            account_log::account_log(call),
        ))
    })
    .v3(Verb::Get),
    Method::answer("alipay.data.bill.balance.query", |call| {
        Box::pin(of_family(BILL_INVALID_PARAMETER, balance::balance(call)))
    })
    .v3(Verb::Get),
];

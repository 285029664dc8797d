//! The fields of the methods of holds (4.15).

use super::field::{ANY, Document, Field, MANY, any_object, each, one_of, own, text, words};
use crate::domain::PayChannels;
use crate::gateway::errors::preauth::ILLEGAL_ARGUMENT;

const fn of(method: &'static str, parts: &'static [&'static [Field]]) -> Document {
    Document {
        method,
        invalid: ILLEGAL_ARGUMENT,
        parts,
    }
}

const CHANNEL: &[Field] = &[one_of("payChannelType", &PayChannels::OF_HOLDS)];

const POST_PAYMENT: &[Field] = &[
    text("name", 64),
    text("amount", 64),
    text("description", 64),
];

const HOLD: &[Field] = &[
    own("out_order_no"),
    own("out_request_no"),
    own("order_title"),
    own("amount"),
    own("product_code"),
    own("payee_user_id"),
    own("payee_logon_id"),
    own("pay_timeout"),
    own("timeout_express"),
    any_object("extra_param"),
    each("enable_pay_channels", MANY, CHANNEL),
    each("disable_pay_channels", MANY, CHANNEL),
    text("deposit_product_mode", 64),
    each("post_payments", MANY, POST_PAYMENT),
    any_object("identity_params"),
    any_object("business_params"),
    text("scene_code", 64),
    text("trans_currency", 8),
    text("settle_currency", 8),
    text("store_id", ANY),
    text("terminal_params", ANY),
];

const WHICH: &[Field] = &[
    own("auth_no"),
    own("out_order_no"),
    own("operation_id"),
    own("out_request_no"),
];

pub(super) const ALL: &[Document] = &[
    of("alipay.fund.auth.order.app.freeze", &[HOLD]),
    of(
        "alipay.fund.auth.order.freeze",
        &[HOLD, &[own("auth_code"), own("auth_code_type")]],
    ),
    of("alipay.fund.auth.order.voucher.create", &[HOLD]),
    of(
        "alipay.fund.auth.order.unfreeze",
        &[&[
            own("auth_no"),
            own("out_request_no"),
            own("amount"),
            own("remark"),
            any_object("extra_param"),
        ]],
    ),
    of(
        "alipay.fund.auth.operation.cancel",
        &[WHICH, &[own("remark")]],
    ),
    of(
        "alipay.fund.auth.operation.detail.query",
        &[WHICH, &[own("operation_type"), words("query_options")]],
    ),
];

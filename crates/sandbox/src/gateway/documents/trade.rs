//! The fields of the trade methods (4.1 to 4.10).

use super::agreement::SIGN_WITH_PAYMENT;
use super::field::{
    ANY, Document, Field, MANY, any_object, each, object, one_of, own, price, text, truth, whole,
    words,
};
use super::shapes::{DISCOUNT, GOODS, ORDER, WHICH};
use crate::gateway::errors::trade::INVALID_PARAMETER;

const fn of(method: &'static str, parts: &'static [&'static [Field]]) -> Document {
    Document {
        method,
        invalid: INVALID_PARAMETER,
        parts,
    }
}

const PAGE: &[Field] = &[
    one_of("qr_pay_mode", &["0", "1", "2", "3", "4"]),
    whole("qrcode_width", 1, 9_999),
    one_of("integration_type", &["PCWEB", "ALIAPP"]),
    text("request_from_url", 256),
    any_object("invoice_info"),
    object("agreement_sign_params", SIGN_WITH_PAYMENT),
];

const PHONE: &[Field] = &[
    own("quit_url"),
    text("auth_token", 40),
    text("specified_channel", 128),
];

const PRECREATE: &[Field] = &[
    text("alipay_store_id", 32),
    text("buyer_logon_id", 100),
    own("qr_code_timeout_express"),
    own("code_type"),
];

const AGREEMENT: &[Field] = &[
    own("agreement_no"),
    text("apply_token", ANY),
    text("auth_confirm_no", 64),
    text("deduct_permission", ANY),
];

const PAY_PARAMS: &[Field] = &[
    one_of("async_type", &["NORMAL_ASYNC", "NEAR_REAL_TIME_ASYNC"]),
    one_of("retry_type", &["NONE_AND_CLOSETRADE", "NONE", "RETY"]),
];

const PAY: &[Field] = &[
    own("scene"),
    own("auth_code"),
    own("buyer_id"),
    text("buyer_open_id", 128),
    own("auth_no"),
    own("auth_confirm_mode"),
    object("agreement_params", AGREEMENT),
    truth("is_async_pay"),
    object("pay_params", PAY_PARAMS),
    text("trans_currency", 8),
    text("settle_currency", 8),
    text("alipay_store_id", 32),
    text("terminal_params", 2_048),
    text("advance_payment_type", ANY),
];

const LOGISTICS: &[Field] = &[text("logistics_type", 32)];

const RECEIVER: &[Field] = &[
    text("name", 512),
    text("address", 512),
    text("mobile", 60),
    text("zip", 40),
    text("division_code", 16),
];

const CREATE: &[Field] = &[
    own("buyer_id"),
    own("buyer_open_id"),
    own("buyer_logon_id"),
    own("op_app_id"),
    own("op_buyer_open_id"),
    text("alipay_store_id", 32),
    object("logistics_detail", LOGISTICS),
    object("receiver_address_info", RECEIVER),
    object("agreement_sign_params", SIGN_WITH_PAYMENT),
];

const ASK: &[Field] = &[text("org_pid", 16), words("query_options")];

const CLOSE: &[Field] = &[
    text("operator_id", 28),
    object("extend_params", &[truth("is_fulfilled")]),
];

const REFUND_GOODS: &[Field] = &[
    text("goods_id", 64),
    price("refund_amount"),
    words("out_certificate_no_list"),
    text("out_item_id", ANY),
    text("out_sku_id", ANY),
];

const REFUND_SHARE: &[Field] = &[
    text("royalty_type", 150),
    own("trans_out"),
    own("trans_out_type"),
    text("trans_in", 128),
    text("trans_in_type", 64),
    own("amount"),
    whole("amount_percentage", 1, 100),
    own("desc"),
    text("royalty_scene", ANY),
    text("trans_in_name", ANY),
];

const REFUND: &[Field] = &[
    own("refund_amount"),
    own("out_request_no"),
    own("refund_reason"),
    text("refund_currency", 8),
    text("operator_id", 30),
    text("store_id", 32),
    text("terminal_id", 32),
    each("goods_detail", MANY, GOODS),
    each("refund_goods_detail", MANY, REFUND_GOODS),
    each("refund_royalty_parameters", MANY, REFUND_SHARE),
    text("refund_trans_out", ANY),
    text("refund_trans_out_type", ANY),
    text("related_settle_confirm_no", ANY),
];

const SYNC: &[Field] = &[
    own("trade_no"),
    own("out_request_no"),
    own("biz_type"),
    own("order_biz_info"),
    text("orig_request_no", 64),
];

pub(super) const ALL: &[Document] = &[
    of("alipay.trade.page.pay", &[ORDER, PAGE]),
    of("alipay.trade.wap.pay", &[ORDER, PAGE, PHONE]),
    of("alipay.trade.app.pay", &[ORDER, PAGE, PHONE]),
    of("alipay.trade.precreate", &[ORDER, DISCOUNT, PRECREATE]),
    of("alipay.trade.pay", &[ORDER, DISCOUNT, PAY]),
    of("alipay.trade.create", &[ORDER, DISCOUNT, CREATE]),
    of("alipay.trade.query", &[WHICH, ASK]),
    of("alipay.trade.cancel", &[WHICH]),
    of("alipay.trade.close", &[WHICH, CLOSE]),
    of("alipay.trade.refund", &[WHICH, ASK, REFUND]),
    of("alipay.trade.refund.apply", &[WHICH, ASK, REFUND]),
    of(
        "alipay.trade.fastpay.refund.query",
        &[WHICH, ASK, &[own("out_request_no")]],
    ),
    of("alipay.trade.orderinfo.sync", &[SYNC]),
];

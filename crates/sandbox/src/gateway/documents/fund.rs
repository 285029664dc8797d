//! The fields of the methods of transfers (4.13, 4.14).

use super::field::{ANY, Document, Field, MANY, any_object, each, object, own, text};
use crate::gateway::errors::fund::FUND_INVALID_PARAMETER;

const fn of(method: &'static str, parts: &'static [&'static [Field]]) -> Document {
    Document {
        method,
        invalid: FUND_INVALID_PARAMETER,
        parts,
    }
}

const PARTY: &[Field] = &[
    own("identity"),
    own("identity_type"),
    own("name"),
    text("cert_no", 64),
    text("cert_type", 32),
    any_object("bankcard_ext_info"),
];

const REPORT: &[Field] = &[text("info_type", ANY), text("info_content", ANY)];

const TRANSFER: &[Field] = &[
    own("out_biz_no"),
    own("trans_amount"),
    own("product_code"),
    own("biz_scene"),
    own("order_title"),
    object("payee_info", PARTY),
    object("payer_info", PARTY),
    own("remark"),
    any_object("business_params"),
    own("passback_params"),
    text("original_order_id", 64),
    text("transfer_scene_name", 64),
    each("transfer_scene_report_infos", MANY, REPORT),
];

const ACCOUNT: &[Field] = &[
    own("account_type"),
    own("alipay_user_id"),
    text("alipay_open_id", 128),
    text("account_product_code", 64),
    text("account_scene_code", 64),
    text("merchant_user_id", 64),
    any_object("ext_info"),
];

const OLD: &[Field] = &[
    own("out_biz_no"),
    own("payee_type"),
    own("payee_account"),
    own("amount"),
    own("payer_show_name"),
    own("payee_real_name"),
    text("payer_real_name", 100),
    own("remark"),
    text("ext_param", ANY),
];

pub(super) const ALL: &[Document] = &[
    of("alipay.fund.trans.uni.transfer", &[TRANSFER]),
    of(
        "alipay.fund.trans.common.query",
        &[&[
            own("product_code"),
            own("biz_scene"),
            own("out_biz_no"),
            own("order_id"),
            own("pay_fund_order_id"),
        ]],
    ),
    of("alipay.fund.account.query", &[ACCOUNT]),
    of("alipay.fund.trans.toaccount.transfer", &[OLD]),
    of(
        "alipay.fund.trans.order.query",
        &[&[own("order_id"), own("out_biz_no")]],
    ),
];

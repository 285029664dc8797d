//! The fields of the methods of agreements (4.16).

use super::field::{
    ANY, Document, Field, MANY, each, object, one_of, own, price, text, truth, whole,
};
use crate::gateway::errors::agreement::AGREEMENT_INVALID_PARAMETER;

const fn of(method: &'static str, parts: &'static [&'static [Field]]) -> Document {
    Document {
        method,
        invalid: AGREEMENT_INVALID_PARAMETER,
        parts,
    }
}

const RULE: &[Field] = &[
    own("period_type"),
    own("period"),
    own("execute_time"),
    own("single_amount"),
    own("total_amount"),
    own("total_payments"),
];

/// The merchant in whose name it is signed: `SignMerchantParams` of the official SDKs.
const SIGN_MERCHANT: &[Field] = &[
    text("sub_merchant_id", ANY),
    text("sub_merchant_name", ANY),
    text("sub_merchant_service_name", ANY),
    text("sub_merchant_service_description", ANY),
];

/// In which order channels are tried: `OpenApiSpecifiedChannelParamsPojo`.
const SORTED: &[Field] = &[text("asset_type_code", ANY), text("inst_id", ANY)];

const SIGN: &[Field] = &[
    own("product_code"),
    own("personal_product_code"),
    own("sign_scene"),
    own("external_agreement_no"),
    object("access_params", &[own("channel")]),
    object("period_rule_params", RULE),
    own("sign_validity_period"),
    own("external_logon_id"),
    text("effect_time", 32),
    own("third_party_type"),
    object("sub_merchant", SIGN_MERCHANT),
];

/// What an order holds that is to be signed with its payment.
pub(super) const SIGN_WITH_PAYMENT: &[Field] = &[
    text("product_code", 64),
    text("personal_product_code", 64),
    text("sign_scene", 64),
    text("external_agreement_no", 32),
    object(
        "access_params",
        &[one_of("channel", &["ALIPAYAPP", "QRCODE", "QRCODEORSMS"])],
    ),
    object(
        "period_rule_params",
        &[
            one_of("period_type", &["DAY", "MONTH"]),
            whole("period", 1, 9_999),
            text("execute_time", 10),
            price("single_amount"),
            price("total_amount"),
            whole("total_payments", 1, 9_999),
        ],
    ),
    text("sign_validity_period", 8),
    text("external_logon_id", 100),
    text("effect_time", 32),
    text("third_party_type", 32),
    object("sub_merchant", SIGN_MERCHANT),
    text("sign_notify_url", 256),
    truth("allow_huazhi_degrade"),
    each("recommend_sort_channel_params", MANY, SORTED),
];

const WHICH: &[Field] = &[
    own("agreement_no"),
    own("external_agreement_no"),
    own("sign_scene"),
    own("personal_product_code"),
    own("alipay_user_id"),
    own("alipay_open_id"),
    own("alipay_logon_id"),
    text("third_party_type", 32),
];

pub(super) const ALL: &[Document] = &[
    of("alipay.user.agreement.page.sign", &[SIGN]),
    of("alipay.user.agreement.query", &[WHICH]),
    of(
        "alipay.user.agreement.unsign",
        &[
            WHICH,
            &[text("extend_params", ANY), text("operate_type", 64)],
        ],
    ),
    of(
        "alipay.user.agreement.transfer",
        &[&[
            own("agreement_no"),
            own("target_product_code"),
            object("period_rule_params", RULE),
        ]],
    ),
    of(
        "alipay.user.agreement.executionplan.modify",
        &[&[own("agreement_no"), own("deduct_time"), own("memo")]],
    ),
];

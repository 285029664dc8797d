//! The fields of the methods of agreements (4.16).

use super::field::{ANY, Document, Field, object, own, text};
use super::shapes::SUB_MERCHANT;
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

/// What is signed; an order that is paid and signed at once holds it too.
pub(super) const SIGN: &[Field] = &[
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
    object("sub_merchant", SUB_MERCHANT),
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
        "alipay.user.agreement.executionplan.modify",
        &[&[own("agreement_no"), own("deduct_time"), own("memo")]],
    ),
];

//! The shapes that the trade methods share (4.0).

use super::field::{
    ANY, Field, MANY, any_object, channels, days, each, object, one_of, own, price, text, truth,
    whole, words,
};

/// One of the goods of an order.
pub(super) const GOODS: &[Field] = &[
    text("goods_id", 32).required(),
    text("goods_name", 256).required(),
    whole("quantity", 1, 9_999_999_999).required(),
    price("price").required(),
    text("alipay_goods_id", 32),
    text("goods_category", 24),
    text("categories_tree", 128),
    text("body", 1_000),
    text("show_url", 400),
];

const EXTEND: &[Field] = &[
    text("sys_service_provider_id", 64),
    text("hb_fq_num", 5),
    text("hb_fq_seller_percent", 3),
    text("industry_reflux_info", 512),
    text("card_type", 32),
    truth("royalty_freeze"),
    text("specified_seller_name", ANY),
    text("credit_ext_info", ANY),
    text("trade_component_order_id", ANY),
    text("tc_installment_order_id", ANY),
];

const EXT_USER: &[Field] = &[
    text("name", 16),
    text("mobile", 20),
    one_of(
        "cert_type",
        &[
            "IDENTITY_CARD",
            "PASSPORT",
            "OFFICER_CARD",
            "SOLDIER_CARD",
            "HOKOU",
            "PERMANENT_RESIDENCE_FOREIGNER",
        ],
    ),
    text("cert_no", 64),
    whole("min_age", 0, 999),
    one_of("fix_buyer", &["T", "F"]),
    one_of("need_check_info", &["T", "F"]),
    text("identity_hash", ANY),
];

const SETTLE_DETAIL: &[Field] = &[
    one_of(
        "trans_in_type",
        &["cardAliasNo", "userId", "loginName", "defaultSettle"],
    ),
    text("trans_in", 64),
    text("summary_dimension", 64),
    text("settle_entity_id", 64),
    text("settle_entity_type", 32),
    price("amount"),
];

const SETTLE: &[Field] = &[
    each("settle_detail_infos", 10, SETTLE_DETAIL),
    days("settle_period_time", 365),
];

/// A share that stands in the order itself. The documents name no lengths here.
const ROYALTY_DETAIL: &[Field] = &[
    text("serial_no", ANY),
    text("trans_in_type", ANY),
    text("batch_no", ANY),
    text("out_relation_id", ANY),
    text("trans_out_type", ANY),
    text("trans_out", ANY),
    text("trans_in", ANY),
    price("amount"),
    text("desc", 1_000),
    whole("amount_percentage", 1, 100),
];

const ROYALTY: &[Field] = &[
    one_of("royalty_type", &["ROYALTY"]),
    each("royalty_detail_infos", MANY, ROYALTY_DETAIL),
];

/// Who really sells, when it is not whose application it is.
pub(super) const SUB_MERCHANT: &[Field] = &[
    text("merchant_id", 16),
    one_of("merchant_type", &["alipay", "merchant"]),
];

/// What every way to ask for money knows; the first ones are read with the order.
pub(super) const ORDER: &[Field] = &[
    own("out_trade_no"),
    own("product_code"),
    own("total_amount"),
    own("subject"),
    own("body"),
    own("timeout_express"),
    own("time_expire"),
    own("seller_id"),
    own("passback_params"),
    own("store_id"),
    own("terminal_id"),
    each("goods_detail", MANY, GOODS),
    one_of("goods_type", &["0", "1"]),
    object("extend_params", EXTEND),
    object("ext_user_info", EXT_USER),
    object("settle_info", SETTLE),
    object("royalty_info", ROYALTY),
    object("sub_merchant", SUB_MERCHANT),
    any_object("business_params"),
    text("promo_params", ANY),
    channels("enable_pay_channels"),
    channels("disable_pay_channels"),
    text("operator_id", 28),
    text("merchant_order_no", 64),
    words("query_options"),
];

/// The two parts of an amount, for which discounts ask.
pub(super) const DISCOUNT: &[Field] =
    &[price("discountable_amount"), price("undiscountable_amount")];

/// Which trade is meant.
pub(super) const WHICH: &[Field] = &[own("out_trade_no"), own("trade_no")];

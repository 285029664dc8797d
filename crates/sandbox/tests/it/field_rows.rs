//! The fields that the documents give an order, a row for each value, and what the value is.

use serde_json::{Value, json};

/// What a value is to the gateway.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum As {
    /// Taken without a word.
    Good,
    /// Taken with a note, and refused where an application is treated strictly.
    Odd,
    /// Refused.
    Bad,
}
use As::{Bad, Good, Odd};

fn long(length: usize) -> Value {
    "x".repeat(length).into()
}

pub(crate) fn goods(name: &str, value: Value) -> Value {
    let mut one = json!({"goods_id": "g1", "goods_name": "课本", "quantity": 1, "price": "1.00"});
    one[name] = value;
    json!([one])
}

type Row = (&'static str, Value, As);

/// Fields of every order, each with values and what they are.
pub(crate) fn order_fields() -> Vec<Row> {
    let mut rows = goods_fields();
    rows.extend(people_fields());
    rows.extend(money_fields());
    rows.extend(plain_fields());
    rows.extend(lengths());
    rows
}

fn goods_fields() -> Vec<Row> {
    vec![
        ("goods_detail", goods("quantity", json!("2")), Good),
        ("goods_detail", goods("price", json!(2000)), Good),
        (
            "goods_detail",
            goods("goods_name", "书".repeat(256).into()),
            Good,
        ),
        ("goods_detail", goods("quantity", json!("9999999999")), Good),
        (
            "goods_detail",
            Value::from(goods("quantity", json!(3)).to_string()),
            Good,
        ),
        ("goods_detail", json!([]), Good),
        ("goods_detail", Value::Null, Good),
        ("goods_detail", goods("quantity", json!(0)), Bad),
        ("goods_detail", goods("quantity", json!("2.5")), Bad),
        ("goods_detail", goods("quantity", json!("10000000000")), Bad),
        ("goods_detail", goods("quantity", json!([1])), Bad),
        ("goods_detail", goods("price", "1.005".into()), Bad),
        ("goods_detail", goods("price", "dear".into()), Bad),
        ("goods_detail", goods("price", "0.00".into()), Odd),
        ("goods_detail", goods("goods_id", Value::Null), Bad),
        ("goods_detail", goods("goods_name", "".into()), Bad),
        ("goods_detail", json!([{"goods_id": "g1"}]), Bad),
        ("goods_detail", json!({"goods_id": "g1"}), Bad),
        ("goods_detail", json!("goods"), Bad),
        ("goods_type", json!(1), Good),
        ("goods_type", "2".into(), Odd),
        ("goods_type", json!(["1"]), Bad),
    ]
}

fn people_fields() -> Vec<Row> {
    vec![
        (
            "extend_params",
            json!({"sys_service_provider_id": "2088511833207846"}),
            Good,
        ),
        (
            "extend_params",
            json!({"royalty_freeze": true, "hb_fq_num": 3}),
            Good,
        ),
        (
            "extend_params",
            Value::from("{\"card_type\":\"S0JP0000\"}"),
            Good,
        ),
        ("extend_params", json!({"royalty_freeze": "yes"}), Odd),
        ("extend_params", json!([1]), Bad),
        ("extend_params", json!("text"), Bad),
        (
            "ext_user_info",
            json!({"name": "李明", "cert_type": "PASSPORT", "min_age": "18", "fix_buyer": "F"}),
            Good,
        ),
        ("ext_user_info", json!({"cert_type": "LIBRARY_CARD"}), Odd),
        ("ext_user_info", json!({"fix_buyer": "yes"}), Odd),
        ("ext_user_info", json!({"min_age": "grown"}), Bad),
        ("ext_user_info", json!("李明"), Bad),
    ]
}

fn money_fields() -> Vec<Row> {
    vec![
        (
            "settle_info",
            json!({"settle_detail_infos": [{"trans_in_type": "defaultSettle", "amount": 0.5}], "settle_period_time": "7d"}),
            Good,
        ),
        (
            "settle_info",
            json!({"settle_detail_infos": [{"trans_in_type": "cardSerialNo"}]}),
            Odd,
        ),
        ("settle_info", json!({"settle_period_time": "366d"}), Odd),
        ("settle_info", json!({"settle_period_time": "7"}), Odd),
        (
            "settle_info",
            json!({"settle_detail_infos": vec![json!({"amount": "1.00"}); 11]}),
            Bad,
        ),
        (
            "settle_info",
            json!({"settle_detail_infos": [{"amount": "half"}]}),
            Bad,
        ),
        ("settle_info", json!({"settle_detail_infos": {}}), Bad),
        (
            "royalty_info",
            json!({"royalty_type": "ROYALTY", "royalty_detail_infos": [{"trans_in": "2088721000000002", "amount": "0.10"}]}),
            Good,
        ),
        ("royalty_info", json!({"royalty_type": "SHARE"}), Odd),
        (
            "royalty_info",
            json!({"royalty_detail_infos": [{"amount_percentage": "101"}]}),
            Bad,
        ),
        (
            "royalty_info",
            json!({"royalty_detail_infos": ["all"]}),
            Bad,
        ),
        (
            "sub_merchant",
            json!({"merchant_id": "2088721000000002", "merchant_type": "alipay"}),
            Good,
        ),
        ("sub_merchant", json!({"merchant_type": "shop"}), Odd),
    ]
}

fn plain_fields() -> Vec<Row> {
    vec![
        (
            "business_params",
            json!({"campus_card": "0000306634"}),
            Good,
        ),
        (
            "business_params",
            Value::from("{\"campus_card\":\"0000306634\"}"),
            Good,
        ),
        ("business_params", json!("campus_card"), Bad),
        ("business_params", json!([1]), Bad),
        (
            "passback_params",
            "merchantBizType%3d3C%26merchantBizNo%3d2016010101111".into(),
            Good,
        ),
        ("passback_params", json!({"a": 1}), Bad),
        (
            "enable_pay_channels",
            "balance, debitCardExpress".into(),
            Good,
        ),
        ("disable_pay_channels", "pcredit,credit_group".into(), Good),
        ("enable_pay_channels", "balance,gold".into(), Odd),
        ("enable_pay_channels", json!(["balance"]), Bad),
        ("query_options", json!(["fund_bill_list"]), Good),
        ("query_options", Value::from("[\"fund_bill_list\"]"), Good),
        ("query_options", json!("fund_bill_list"), Bad),
        ("query_options", json!({"fund_bill_list": true}), Bad),
    ]
}

/// Texts as long as they may be, and longer.
fn lengths() -> Vec<Row> {
    let mut rows = Vec::new();
    let lengths: [(&str, &[(&str, usize)]); 5] = [
        (
            "",
            &[
                ("passback_params", 512),
                ("operator_id", 28),
                ("store_id", 32),
                ("terminal_id", 32),
                ("merchant_order_no", 64),
            ],
        ),
        (
            "goods_detail",
            &[
                ("goods_id", 32),
                ("goods_name", 256),
                ("alipay_goods_id", 32),
                ("goods_category", 24),
                ("categories_tree", 128),
                ("body", 1_000),
                ("show_url", 400),
            ],
        ),
        (
            "extend_params",
            &[
                ("sys_service_provider_id", 64),
                ("hb_fq_num", 5),
                ("hb_fq_seller_percent", 3),
                ("industry_reflux_info", 512),
                ("card_type", 32),
            ],
        ),
        (
            "ext_user_info",
            &[("name", 16), ("mobile", 20), ("cert_no", 64)],
        ),
        ("sub_merchant", &[("merchant_id", 16)]),
    ];
    for (shape, fields) in lengths {
        for (name, most) in fields {
            for (value, is) in [
                (long(*most), Good),
                (long(most + 1), Bad),
                (json!({"a": 1}), Bad),
            ] {
                rows.push(match shape {
                    "" => (*name, value, is),
                    "goods_detail" => (shape, goods(name, value), is),
                    _ => (shape, json!({ *name: value }), is),
                });
            }
        }
    }
    rows
}

/// Fields of one method.
pub(crate) fn own_fields(method: &str) -> Vec<Row> {
    match method {
        "alipay.trade.page.pay" | "alipay.trade.wap.pay" => vec![
            ("qr_pay_mode", json!(2), Good),
            ("qr_pay_mode", "5".into(), Odd),
            ("qrcode_width", "100".into(), Good),
            ("qrcode_width", "wide".into(), Bad),
            ("integration_type", "ALIAPP".into(), Good),
            ("integration_type", "DESK".into(), Odd),
            ("passback_params", "a=1&b=2".into(), Odd),
        ],
        "alipay.trade.precreate" => vec![
            ("alipay_store_id", long(32), Good),
            ("alipay_store_id", long(33), Bad),
            ("discountable_amount", "0.40".into(), Good),
            ("discountable_amount", "".into(), Good),
            ("discountable_amount", "some".into(), Bad),
            ("passback_params", "a=1&b=2".into(), Good),
        ],
        _ => vec![
            (
                "logistics_detail",
                json!({"logistics_type": "EXPRESS"}),
                Good,
            ),
            (
                "logistics_detail",
                json!({"logistics_type": "x".repeat(33)}),
                Bad,
            ),
            ("logistics_detail", json!("EXPRESS"), Bad),
            (
                "receiver_address_info",
                json!({"name": "李明", "zip": "100000", "division_code": "110100"}),
                Good,
            ),
            (
                "receiver_address_info",
                json!({"mobile": "1".repeat(61)}),
                Bad,
            ),
            ("undiscountable_amount", json!([]), Bad),
        ],
    }
}

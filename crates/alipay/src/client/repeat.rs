//! Which calls may be sent again, and by what rule.

use crate::response::parse_strict;

/// Whether a call may be sent again after nobody knows what came of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Repeat {
    /// It only reads: always.
    Reads,
    /// It does something once for each value of one of these fields, however often it is sent.
    /// Without any of them it may not be repeated.
    ByKey(&'static [&'static str]),
    /// It may do its work twice, or what it needs can be used once: never.
    Never,
}

impl Repeat {
    /// The rule of a method. Methods that are not known here are never repeated.
    #[must_use]
    pub fn of(method: &str) -> Self {
        METHODS
            .iter()
            .find(|(known, _)| *known == method)
            .map_or(Self::Never, |(_, repeat)| *repeat)
    }

    /// Returns `true` when a call with this content may be sent again.
    #[must_use]
    pub fn allows(self, biz_content: &str) -> bool {
        match self {
            Self::Reads => true,
            Self::Never => false,
            Self::ByKey(keys) => parse_strict(biz_content).is_some_and(|fields| {
                let given = |key: &&str| fields.get(*key).and_then(|value| value.as_str());
                keys.iter().filter_map(given).any(|value| !value.is_empty())
            }),
        }
    }
}

/// `trade.pay` is not here: after an unknown outcome Alipay wants a query, then a cancel. Neither
/// is `system.oauth.token`, whose code works once.
const METHODS: &[(&str, Repeat)] = &[
    ("alipay.trade.query", Repeat::Reads),
    ("alipay.trade.fastpay.refund.query", Repeat::Reads),
    ("alipay.trade.order.settle.query", Repeat::Reads),
    ("alipay.trade.royalty.relation.batchquery", Repeat::Reads),
    ("alipay.trade.royalty.rate.query", Repeat::Reads),
    (
        "alipay.data.dataservice.bill.downloadurl.query",
        Repeat::Reads,
    ),
    ("alipay.data.bill.accountlog.query", Repeat::Reads),
    ("alipay.data.bill.balance.query", Repeat::Reads),
    ("alipay.fund.trans.common.query", Repeat::Reads),
    ("alipay.fund.trans.order.query", Repeat::Reads),
    ("alipay.fund.account.query", Repeat::Reads),
    ("alipay.fund.auth.operation.detail.query", Repeat::Reads),
    ("alipay.user.agreement.query", Repeat::Reads),
    ("alipay.user.info.share", Repeat::Reads),
    ("alipay.open.auth.token.app.query", Repeat::Reads),
    ("alipay.open.app.alipaycert.download", Repeat::Reads),
    ("alipay.trade.precreate", Repeat::ByKey(&["out_trade_no"])),
    ("alipay.trade.create", Repeat::ByKey(&["out_trade_no"])),
    ("alipay.trade.refund", Repeat::ByKey(&["out_request_no"])),
    (
        "alipay.trade.refund.apply",
        Repeat::ByKey(&["out_request_no"]),
    ),
    (
        "alipay.trade.order.settle",
        Repeat::ByKey(&["out_request_no"]),
    ),
    (
        "alipay.trade.royalty.relation.bind",
        Repeat::ByKey(&["out_request_no"]),
    ),
    (
        "alipay.trade.royalty.relation.unbind",
        Repeat::ByKey(&["out_request_no"]),
    ),
    (
        "alipay.fund.trans.uni.transfer",
        Repeat::ByKey(&["out_biz_no"]),
    ),
    (
        "alipay.fund.trans.toaccount.transfer",
        Repeat::ByKey(&["out_biz_no"]),
    ),
    (
        "alipay.fund.auth.order.unfreeze",
        Repeat::ByKey(&["out_request_no"]),
    ),
    // Closing and cancelling end one trade: a second time finds it ended.
    (
        "alipay.trade.close",
        Repeat::ByKey(&["out_trade_no", "trade_no"]),
    ),
    (
        "alipay.trade.cancel",
        Repeat::ByKey(&["out_trade_no", "trade_no"]),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reads_and_keyed_calls_may_be_repeated() {
        let may = |method, content| Repeat::of(method).allows(content);
        assert!(may("alipay.trade.query", "{}"));
        assert!(may("alipay.trade.refund", r#"{"out_request_no":"R1"}"#));
        assert!(may("alipay.trade.close", r#"{"trade_no":"2"}"#));
        for content in [
            "{}",
            "",
            r#"{"out_request_no":""}"#,
            r#"{"out_request_no":7}"#,
            r#"{"out_trade_no":"1"}"#,
        ] {
            assert!(!may("alipay.trade.refund", content), "{content}");
        }
        for method in [
            "alipay.trade.pay",
            "alipay.system.oauth.token",
            "alipay.something.of.2030",
            "",
        ] {
            assert!(!may(method, r#"{"out_trade_no":"1"}"#), "{method}");
        }
    }

    #[test]
    fn no_method_has_two_rules() {
        for (index, (method, _)) in METHODS.iter().enumerate() {
            let twice = METHODS[index + 1..]
                .iter()
                .any(|(other, _)| other == method);
            assert!(!twice, "{method}");
        }
    }
}

//! Which methods v3 has, and how.

use super::Verb;

/// How v3 has a method.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Rest {
    /// With which HTTP method.
    pub verb: Verb,
    /// Whether what stands beside `biz_content` in v2 stands in the query, even of a `POST`.
    pub params_in_query: bool,
}

impl Rest {
    /// A `GET`, all of whose fields stand in the query.
    pub const GET: Self = Self {
        verb: Verb::Get,
        params_in_query: true,
    };
    /// A `POST`, all of whose fields stand in the body.
    pub const POST: Self = Self {
        verb: Verb::Post,
        params_in_query: false,
    };
    /// A `POST` whose fields stand in the body, and whose further parameters in the query.
    pub const POST_WITH_QUERY: Self = Self {
        verb: Verb::Post,
        params_in_query: true,
    };
}

/// How v3 has that method, or `None` when it has not, or is not known to have it. Pages, and texts
/// for apps, have no v3.
#[must_use]
pub const fn rest_of(method: &str) -> Option<Rest> {
    let mut at = 0;
    while at < METHODS.len() {
        let (known, rest) = METHODS[at];
        if equal(known.as_bytes(), method.as_bytes()) {
            return Some(rest);
        }
        at += 1;
    }
    None
}

/// `==`, which constants cannot use yet.
const fn equal(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}

const METHODS: &[(&str, Rest)] = &[
    ("alipay.trade.pay", Rest::POST),
    ("alipay.trade.query", Rest::POST),
    ("alipay.trade.create", Rest::POST),
    ("alipay.trade.precreate", Rest::POST),
    ("alipay.trade.refund", Rest::POST),
    ("alipay.trade.cancel", Rest::POST),
    ("alipay.trade.close", Rest::POST),
    ("alipay.trade.fastpay.refund.query", Rest::POST),
    ("alipay.trade.refund.apply", Rest::POST),
    ("alipay.trade.order.settle", Rest::POST),
    ("alipay.trade.order.settle.query", Rest::GET),
    ("alipay.trade.orderinfo.sync", Rest::POST),
    ("alipay.trade.royalty.relation.bind", Rest::POST),
    ("alipay.trade.royalty.relation.unbind", Rest::POST),
    ("alipay.trade.royalty.relation.batchquery", Rest::POST),
    ("alipay.trade.royalty.rate.query", Rest::GET),
    ("alipay.data.dataservice.bill.downloadurl.query", Rest::GET),
    ("alipay.data.bill.accountlog.query", Rest::GET),
    ("alipay.data.bill.balance.query", Rest::GET),
    ("alipay.fund.trans.uni.transfer", Rest::POST),
    ("alipay.fund.trans.common.query", Rest::GET),
    ("alipay.fund.trans.order.query", Rest::GET),
    ("alipay.fund.account.query", Rest::GET),
    ("alipay.fund.auth.order.freeze", Rest::POST),
    ("alipay.fund.auth.order.unfreeze", Rest::POST),
    ("alipay.fund.auth.order.voucher.create", Rest::POST),
    ("alipay.fund.auth.operation.cancel", Rest::POST),
    ("alipay.fund.auth.operation.detail.query", Rest::POST),
    ("alipay.user.agreement.query", Rest::GET),
    ("alipay.user.agreement.unsign", Rest::POST),
    ("alipay.user.agreement.transfer", Rest::POST),
    ("alipay.user.agreement.executionplan.modify", Rest::POST),
    ("alipay.system.oauth.token", Rest::POST),
    ("alipay.user.info.share", Rest::POST_WITH_QUERY),
    ("alipay.open.auth.token.app", Rest::POST),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_method_is_there_twice_and_unknown_ones_are_not_there() {
        for (index, (method, rest)) in METHODS.iter().enumerate() {
            assert_eq!(rest_of(method), Some(*rest));
            let twice = METHODS[index + 1..]
                .iter()
                .any(|(other, _)| other == method);
            assert!(!twice, "{method}");
        }
        for method in [
            "",
            "alipay.trade.page.pay",
            "alipay.trade.quer",
            "alipay.trade.querY",
        ] {
            assert_eq!(rest_of(method), None, "{method}");
        }
    }
}

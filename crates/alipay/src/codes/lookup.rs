//! A code: what it is called, and how to find it.

use super::{SubCode, gateway, of_others, of_payments, others, trades};

/// Codes of the gateway itself: raised before or beside the business, so money never moved.
///
/// `40004` (business failed) is not one of them; neither is `20000` (nobody knows).
pub const GATEWAY_CODES: &[&str] = &["20001", "40001", "40002", "40003", "40005", "40006"];

/// The word that stands in `msg` beside each code.
pub const MESSAGES: &[(&str, &str)] = &[
    ("10000", "Success"),
    // The space in front is Alipay's.
    ("10003", " order success pay inprocess"),
    ("20000", "Service Currently Unavailable"),
    ("20001", "Insufficient Token Permissions"),
    ("40001", "Missing Required Arguments"),
    ("40002", "Invalid Arguments"),
    ("40003", "Insufficient Conditions"),
    ("40004", "Business Failed"),
    ("40005", "Call Limited"),
    ("40006", "Permission Denied"),
];

/// What stands in `msg` beside a code; empty for an unknown one.
#[must_use]
pub fn message(code: &str) -> &'static str {
    MESSAGES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or("", |(_, msg)| msg)
}

/// The sub code of that name; the same with another family in front, or none as in v3, when the
/// table has it so only.
#[must_use]
pub fn find(sub_code: &str) -> Option<&'static SubCode> {
    let exact = sub_codes().find(|known| known.sub_code == sub_code);
    exact.or_else(|| sub_codes().find(|known| stem(known.sub_code) == stem(sub_code)))
}

/// A sub code without the family in front. `AQC.` is Alipay's own misspelling.
pub(crate) fn stem(sub_code: &str) -> &str {
    let families = ["ACQ.", "AQC.", "isv.", "isp.", "aop."];
    let family = families
        .iter()
        .find(|family| sub_code.starts_with(**family));
    family.map_or(sub_code, |family| &sub_code[family.len()..])
}

/// Every sub code of the table: the gateway's own first, then those of trades, then those without
/// a family. Every one that [`of_method`] names is among them.
pub fn sub_codes() -> impl Iterator<Item = &'static SubCode> {
    let business = trades::SUB_CODES.iter().chain(others::SUB_CODES);
    gateway::SUB_CODES.iter().chain(business)
}

/// The sub codes that Alipay documents for a method, spelled as it spells them; none for a method
/// that this crate has no list of. The lists are long and still not whole: Alipay adds codes
/// without notice.
#[must_use]
pub fn of_method(method: &str) -> &'static [&'static str] {
    let mut lists = of_payments::METHODS.iter().chain(of_others::METHODS);
    lists
        .find(|(name, _)| *name == method)
        .map_or(&[], |(_, codes)| codes)
}

/// The methods for which [`of_method`] has a list.
pub fn methods() -> impl Iterator<Item = &'static str> {
    let lists = of_payments::METHODS.iter().chain(of_others::METHODS);
    lists.map(|(method, _)| *method)
}

/// Returns `true` for sub codes that mean: Alipay does not know what came of it. `AQC.` is
/// Alipay's own misspelling.
#[must_use]
pub fn is_unclear(sub_code: &str) -> bool {
    matches!(
        sub_code,
        "ACQ.SYSTEM_ERROR"
            | "AQC.SYSTEM_ERROR"
            | "SYSTEM_ERROR"
            | "SYSTEM_BUSY"
            // A transfer that is under way.
            | "REQUEST_PROCESSING"
            // Of bills, in both spellings.
            | "UNKNOWN_ERROR"
            | "UNKNOW_ERROR"
            | "aop.SYSTEM_ERROR"
            | "aop.unknow-error"
            | "isp.unknow-error"
            | "aop.ACQ.SYSTEM_ERROR"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        for (index, row) in sub_codes().enumerate() {
            assert!(!row.msg().is_empty(), "{}", row.sub_code);
            assert!(!row.meaning.is_empty(), "{}", row.sub_code);
            let twice = sub_codes()
                .take(index)
                .any(|other| other.sub_code == row.sub_code);
            assert!(!twice, "{} stands twice", row.sub_code);
            assert!(
                row.code != "20000" || is_unclear(row.sub_code),
                "{}",
                row.sub_code
            );
        }
        assert_eq!(
            find("ACQ.TRADE_NOT_EXIST").map(SubCode::msg),
            Some("Business Failed")
        );
        for (method, codes) in of_payments::METHODS.iter().chain(of_others::METHODS) {
            assert_eq!(of_method(method), *codes, "{method} stands twice");
            for (index, code) in codes.iter().enumerate() {
                assert!(
                    !codes[..index].contains(code),
                    "{method}: {code} stands twice"
                );
            }
        }
        assert!(of_method("alipay.trade.cancel").contains(&"AQC.SYSTEM_ERROR"));
        assert!(of_method("alipay.something.else").is_empty());
        // As v3 writes it, and as methods do that write no family.
        for (bare, whole) in [
            ("invalid-signature", "isv.invalid-signature"),
            ("TRADE_NOT_EXIST", "ACQ.TRADE_NOT_EXIST"),
        ] {
            assert_eq!(find(bare), find(whole), "{bare}");
        }
        assert_eq!(find("of-2030"), None);
        assert!(is_unclear("AQC.SYSTEM_ERROR") && !is_unclear("ACQ.TRADE_NOT_EXIST"));
    }
}

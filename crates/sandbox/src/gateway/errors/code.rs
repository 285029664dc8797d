//! What an error of Alipay's consists of, and how a family of them is written down.

/// One error of the gateway or of the business behind it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SubCode {
    /// The gateway's code, five digits.
    pub code: &'static str,
    /// What went wrong exactly.
    pub sub_code: &'static str,
    /// The same in Alipay's words.
    pub sub_msg: &'static str,
}

impl SubCode {
    /// The words that go with the code.
    #[must_use]
    pub fn msg(self) -> &'static str {
        match self.code {
            "20000" => "Service Currently Unavailable",
            "20001" => "Insufficient Token Permissions",
            "40001" => "Missing Required Arguments",
            "40002" => "Invalid Arguments",
            "40003" => "Insufficient Conditions",
            "40004" => "Business Failed",
            "40005" => "Call Limited",
            "40006" => "Permission Denied",
            _ => "Success",
        }
    }
}

/// A family of errors: a constant for each, and the list of them.
macro_rules! family {
    ($($name:ident = $code:literal $sub_code:literal $sub_msg:literal;)+) => {
        $(pub(crate) const $name: $crate::gateway::SubCode = $crate::gateway::SubCode {
            code: $code,
            sub_code: $sub_code,
            sub_msg: $sub_msg,
        };)+

        /// Every error of this family.
        pub(super) const ALL: &[$crate::gateway::SubCode] = &[$($name),+];
    };
}
pub(super) use family;

/// Every error that the sandbox answers, for documents and tests. A family, a line.
pub fn sub_codes() -> impl Iterator<Item = SubCode> {
    FAMILIES.iter().copied().flatten().copied()
}

const FAMILIES: &[&[SubCode]] = &[
    super::gateway::ALL,
    super::open::ALL,
    super::royalty::ALL,
    super::trade::ALL,
    super::bill::ALL,
    super::fund::ALL,
    super::oauth::ALL,
    super::preauth::ALL,
    super::agreement::ALL,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_error_stands_once_in_its_family() {
        for family in FAMILIES {
            let names: HashSet<_> = family.iter().map(|code| code.sub_code).collect();
            assert_eq!(names.len(), family.len());
        }
        assert!(sub_codes().all(|code| code.msg() != "Success"));
    }

    #[test]
    fn the_sdk_knows_every_error_by_the_same_code_and_words() {
        for ours in sub_codes() {
            let Some(known) = alipay::codes::find(ours.sub_code) else {
                panic!("{} is not explained", ours.sub_code);
            };
            assert_eq!(known.sub_code, ours.sub_code);
            assert_eq!(known.code, ours.code, "{}", ours.sub_code);
        }
    }
}

//! What an agreement says: the product, what for, and for how long.

use super::plan::PeriodRule;
use crate::domain::day::Day;
use kernel::Timestamp;
use kernel::time::DAY_MS;

/// How long a page waits for its signer unless the request says otherwise.
pub const ASK_MS: i64 = DAY_MS;
/// The scenes that stand for none.
const DEFAULT_SCENES: [&str; 2] = ["DEFAULT|DEFAULT", "INDUSTRY|DEFAULT_SCENE"];

/// Whether a scene is the default one, which an agreement with a number of the merchant's cannot
/// have.
#[must_use]
pub fn is_default_scene(scene: &str) -> bool {
    DEFAULT_SCENES.contains(&scene)
}

/// What is signed: `personal_product_code`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AgreementProduct {
    /// By a plan: `CYCLE_PAY_AUTH_P`.
    Cycle,
    /// Whenever the merchant wants: `GENERAL_WITHHOLDING_P`.
    General,
}

impl AgreementProduct {
    /// The word on the wire and in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cycle => "CYCLE_PAY_AUTH_P",
            Self::General => "GENERAL_WITHHOLDING_P",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Cycle, Self::General]
            .into_iter()
            .find(|product| product.as_str() == text)
    }

    /// The `product_code` of a request that names none.
    #[must_use]
    pub const fn product_code(self) -> &'static str {
        match self {
            Self::Cycle => "CYCLE_PAY_AUTH",
            Self::General => "GENERAL_WITHHOLDING",
        }
    }
}

/// For how long an agreement holds: `2m`, `30d`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Validity {
    /// So many days.
    Days(i64),
    /// So many months.
    Months(i64),
}

impl Validity {
    /// Reads a whole number and `d` or `m`; none for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        if count.is_empty() || !count.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let count = count
            .parse()
            .ok()
            .filter(|count| (1..=9_999).contains(count))?;
        match unit {
            "d" => Some(Self::Days(count)),
            "m" => Some(Self::Months(count)),
            _ => None,
        }
    }

    /// As it was written.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Days(count) => format!("{count}d"),
            Self::Months(count) => format!("{count}m"),
        }
    }

    /// Until when an agreement holds that was asked for at that instant.
    #[must_use]
    pub fn until(self, asked_at: Timestamp) -> Timestamp {
        match self {
            Self::Days(count) => asked_at.plus_ms(count.saturating_mul(DAY_MS)),
            Self::Months(count) => {
                let day = Day::of(asked_at);
                let since = asked_at.since_ms(day.begins());
                day.plus_months(count).begins().plus_ms(since)
            }
        }
    }
}

/// What is to be signed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Terms {
    /// `CYCLE_PAY_AUTH` or `GENERAL_WITHHOLDING`; a deduction names the same.
    pub product_code: String,
    /// What is signed.
    pub product: AgreementProduct,
    /// What for.
    pub sign_scene: String,
    /// The merchant's number.
    pub external_agreement_no: Option<String>,
    /// The signer's login at the merchant.
    pub external_logon_id: Option<String>,
    /// `PARTNER` or `MERCHANT`.
    pub third_party_type: Option<String>,
    /// `ALIPAYAPP`, `QRCODE` or `QRCODEORSMS`.
    pub channel: String,
    /// How often and how much at most.
    pub rule: Option<PeriodRule>,
    /// For how long; for ever without.
    pub validity: Option<Validity>,
}

impl Terms {
    /// In what two wishes under one number differ.
    #[must_use]
    pub fn differs_in(&self, other: &Self) -> Option<&'static str> {
        if self.product != other.product || self.product_code != other.product_code {
            Some("product_code")
        } else if self.sign_scene != other.sign_scene {
            Some("sign_scene")
        } else if self.rule != other.rule {
            Some("period_rule_params")
        } else if self.validity != other.validity {
            Some("sign_validity_period")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validity_is_a_number_of_days_or_months() {
        let at = Timestamp::parse_china("2026-01-31 09:30:00").unwrap();
        for (text, until) in [
            ("2m", "2026-03-31 09:30:00"),
            ("1m", "2026-02-28 09:30:00"),
            ("30d", "2026-03-02 09:30:00"),
        ] {
            let validity = Validity::parse(text).unwrap();
            assert_eq!(
                (validity.until(at).china(), validity.text()),
                (until.to_owned(), text.to_owned())
            );
        }
        for text in ["", "m", "0d", "1y", "-1d", "1.5m", "+1d", "99999d", "一m"] {
            assert_eq!(Validity::parse(text), None, "{text}");
        }
    }
}

//! Money that an application sends: how, to whom, and within which limits.

use super::app::Profile;
use kernel::Timestamp;
use kernel::time::HOUR_MS;
use money::Fen;

/// How long a bank takes to put money onto a card.
pub const CARD_MS: i64 = 2 * HOUR_MS;

/// A person gets at most this much at once.
pub const PERSON_MAX: Fen = Fen::new(5_000_000);
/// A company gets at most this much at once.
pub const COMPANY_MAX: Fen = Fen::new(10_000_000);
/// An application sends at most this much on a day of China.
pub const DAY_MAX: Fen = Fen::new(100_000_000);
/// An application sends at most this much in a month of China.
pub const MONTH_MAX: Fen = Fen::new(1_000_000_000);
/// From this much on a remark is required.
pub const REMARK_FROM: Fen = Fen::new(5_000_000);

/// How money is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TransferProduct {
    /// To an account, `TRANS_ACCOUNT_NO_PWD`.
    Account,
    /// As a red packet, `STD_RED_PACKET`.
    RedPacket,
    /// To a bank card, `TRANS_BANKCARD_NO_PWD`.
    Card,
    /// By the method from before 2020, which named no product.
    Old,
}

impl TransferProduct {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "TRANS_ACCOUNT_NO_PWD",
            Self::RedPacket => "STD_RED_PACKET",
            Self::Card => "TRANS_BANKCARD_NO_PWD",
            Self::Old => "TO_ACCOUNT",
        }
    }

    /// What a word says, of the rows or of the wire.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Account, Self::RedPacket, Self::Card, Self::Old]
            .into_iter()
            .find(|product| product.as_str() == text)
    }

    /// The word of its transfers in the ledger.
    #[must_use]
    pub const fn ledger_code(self) -> &'static str {
        match self {
            Self::RedPacket => "red_packet",
            Self::Account | Self::Card | Self::Old => "transfer",
        }
    }

    /// The least that is sent. Alipay's own sandbox sends a fen.
    #[must_use]
    pub fn least(self, profile: Profile) -> Fen {
        match self {
            Self::RedPacket => Fen::MIN_PAYABLE,
            _ if profile == Profile::AlipaySandbox => Fen::MIN_PAYABLE,
            Self::Account | Self::Card | Self::Old => Fen::new(10),
        }
    }
}

/// Where a transfer stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TransferState {
    /// A bank has it: `DEALING`.
    Dealing,
    /// It arrived.
    Success,
}

impl TransferState {
    /// The word in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dealing => "dealing",
            Self::Success => "success",
        }
    }

    /// The word on the wire.
    #[must_use]
    pub const fn on_the_wire(self) -> &'static str {
        match self {
            Self::Dealing => "DEALING",
            Self::Success => "SUCCESS",
        }
    }

    /// What a word of a row says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Dealing, Self::Success]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// Money that was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Transfer {
    /// Alipay's number, 32 digits.
    pub order_id: String,
    /// Alipay's number of the movement, 32 digits.
    pub pay_fund_order_id: String,
    /// Who sent it.
    pub app_id: String,
    /// What was asked for.
    pub wish: TransferWish,
    /// The ledger account that got it.
    pub payee_account: String,
    /// Whose account that is; none for a card.
    pub payee_user_id: Option<String>,
    /// Where it stands.
    pub state: TransferState,
    /// When it was asked for.
    pub made_at: Timestamp,
    /// When it arrived.
    pub ended_at: Option<Timestamp>,
}

/// A wish to send money.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TransferWish {
    /// The merchant's number.
    pub out_biz_no: String,
    /// How.
    pub product: TransferProduct,
    /// `DIRECT_TRANSFER`.
    pub biz_scene: String,
    /// How much.
    pub amount: Fen,
    /// What `payee` is: `ALIPAY_USER_ID`, `ALIPAY_LOGON_ID`, `BANKCARD_ACCOUNT`.
    pub payee_type: String,
    /// Who gets it, as it was sent.
    pub payee: String,
    /// Their name, empty when none was sent.
    pub payee_name: String,
    /// What the payee reads.
    pub title: String,
    /// A remark, empty when none was sent.
    pub remark: String,
    /// Comes back unchanged.
    pub passback_params: Option<String>,
}

/// Why no money is sent. Each has its own code on the wire.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TransferRefusal {
    /// Less than the least.
    TooLittle(Fen),
    /// More than one transfer may have, to a person or to a company.
    TooMuch {
        /// The limit.
        most: Fen,
        /// Whether the payee is a company.
        company: bool,
    },
    /// More than a day or a month may have.
    OverLimit {
        /// The limit.
        most: Fen,
        /// What is left of it.
        left: Fen,
        /// A month's, not a day's.
        month: bool,
    },
    /// A large amount without a remark.
    NeedsRemark,
    /// Nobody has that account.
    NoPayee,
    /// The card's number is none.
    NoCard,
    /// The account is another's than the name says.
    WrongName,
    /// Whoever sends would get it.
    ToSelf,
    /// Too little money.
    BalanceNotEnough(Fen),
    /// The number was used with something else.
    Differs(&'static str),
}

impl TransferWish {
    /// What differs from another wish of the same number.
    #[must_use]
    pub fn differs(&self, other: &Self) -> Option<&'static str> {
        if self.amount != other.amount {
            Some("trans_amount")
        } else if self.product != other.product {
            Some("product_code")
        } else if self.biz_scene != other.biz_scene {
            Some("biz_scene")
        } else if (&self.payee_type, &self.payee) != (&other.payee_type, &other.payee) {
            Some("payee_info")
        } else if self.title != other.title {
            Some("order_title")
        } else if self.remark != other.remark {
            Some("remark")
        } else {
            None
        }
    }

    /// Whether one transfer of that much, to a person or to a company, is allowed at all.
    ///
    /// # Errors
    /// Why not.
    pub fn fits(&self, profile: Profile, company: bool) -> Result<(), TransferRefusal> {
        let least = self.product.least(profile);
        if self.amount < least {
            return Err(TransferRefusal::TooLittle(least));
        }
        let most = if company { COMPANY_MAX } else { PERSON_MAX };
        if self.amount > most {
            return Err(TransferRefusal::TooMuch { most, company });
        }
        if self.amount >= REMARK_FROM && self.remark.is_empty() {
            return Err(TransferRefusal::NeedsRemark);
        }
        Ok(())
    }

    /// Whether it fits into what the day and the month have left.
    ///
    /// # Errors
    /// Why not.
    pub fn fits_into(&self, sent_today: Fen, sent_this_month: Fen) -> Result<(), TransferRefusal> {
        for (most, sent, month) in [
            (DAY_MAX, sent_today, false),
            (MONTH_MAX, sent_this_month, true),
        ] {
            let left = most.checked_sub(sent).unwrap_or(Fen::ZERO);
            if self.amount > left {
                return Err(TransferRefusal::OverLimit { most, left, month });
            }
        }
        Ok(())
    }
}

/// Whether a text can be a bank card's number: 15 to 19 digits whose last one fits the others.
#[must_use]
pub fn is_card_no(text: &str) -> bool {
    if !(15..=19).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, twice) if twice > 9 => twice - 9,
                (_, twice) => twice,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(fen: i64, remark: &str) -> TransferWish {
        TransferWish {
            out_biz_no: "T1".to_owned(),
            product: TransferProduct::Account,
            biz_scene: "DIRECT_TRANSFER".to_owned(),
            amount: Fen::new(fen),
            payee_type: "ALIPAY_USER_ID".to_owned(),
            payee: "2088722000000001".to_owned(),
            payee_name: String::new(),
            title: "佣金".to_owned(),
            remark: remark.to_owned(),
            passback_params: None,
        }
    }

    #[test]
    fn one_transfer_has_its_limits() {
        let fits = |fen, remark, profile, company| wish(fen, remark).fits(profile, company);
        let production = Profile::Production;
        assert!(matches!(
            fits(9, "", production, false),
            Err(TransferRefusal::TooLittle(_))
        ));
        assert_eq!(fits(10, "", production, false), Ok(()));
        assert_eq!(fits(1, "", Profile::AlipaySandbox, false), Ok(()));
        assert_eq!(
            fits(5_000_000, "", production, false),
            Err(TransferRefusal::NeedsRemark)
        );
        assert_eq!(fits(5_000_000, "r", production, false), Ok(()));
        assert!(matches!(
            fits(5_000_001, "r", production, false),
            Err(TransferRefusal::TooMuch { company: false, .. })
        ));
        assert_eq!(fits(10_000_000, "r", production, true), Ok(()));
        assert!(fits(10_000_001, "r", production, true).is_err());
    }

    #[test]
    fn a_day_and_a_month_have_theirs() {
        let day = wish(100, "").fits_into(Fen::new(99_999_950), Fen::ZERO);
        assert!(matches!(
            day,
            Err(TransferRefusal::OverLimit { month: false, left, .. }) if left == Fen::new(50)
        ));
        let month = wish(100, "").fits_into(Fen::ZERO, Fen::new(1_000_000_000));
        assert!(matches!(
            month,
            Err(TransferRefusal::OverLimit { month: true, .. })
        ));
        assert_eq!(
            wish(100, "").fits_into(Fen::new(99_999_900), Fen::ZERO),
            Ok(())
        );
    }

    #[test]
    fn a_card_has_a_digit_that_checks_the_others() {
        assert!(is_card_no("4111111111111111"));
        for text in [
            "4111111111111112",
            "",
            "411111111111111x",
            "0",
            "41111111111111111111",
        ] {
            assert!(!is_card_no(text), "{text}");
        }
    }
}

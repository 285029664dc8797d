//! Which payment channels a merchant leaves to the buyer: `enable_pay_channels` and
//! `disable_pay_channels` (4.0).

/// The channels that may pay an order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum PayChannels {
    /// The merchant says nothing.
    #[default]
    Any,
    /// These and no other, by their names with commas between.
    Only(String),
    /// All but these, by their names with commas between.
    Without(String),
}

impl PayChannels {
    /// Every channel that the documents name.
    pub const KNOWN: [&str; 18] = [
        "balance",
        "moneyFund",
        "coupon",
        "pcredit",
        "pcreditpayInstallment",
        "creditCard",
        "creditCardExpress",
        "creditCardCartoon",
        "credit_group",
        "debitCardExpress",
        "mcard",
        "pcard",
        "promotion",
        "voucher",
        "point",
        "mdiscount",
        "bankPay",
        "honeyPay",
    ];

    /// Every channel that the documents of a hold name: three that may hold, two that may be left
    /// out.
    pub const OF_HOLDS: [&str; 5] = [
        "MONEY_FUND",
        "PCREDIT_PAY",
        "CREDITZHIMA",
        "OPTIMIZED_MOTO",
        "BIGAMOUNT_CREDIT_CARTOON",
    ];

    /// The pocket that a hold lies in, by its name on the wire: the balance, or Huabei where the
    /// merchant leaves that and not the balance, for which the documents of holds have no word.
    /// None where only pockets are left that nobody has here.
    #[must_use]
    pub fn pocket_of_hold(&self) -> Option<&'static str> {
        match self {
            // What can be left out are cards, which hold nothing here.
            Self::Any | Self::Without(_) => Some("ALIPAYACCOUNT"),
            Self::Only(list) => Self::names(list)
                .any(|name| name == "PCREDIT_PAY")
                .then_some("PCREDIT"),
        }
    }

    /// The names in a list.
    pub fn names(list: &str) -> impl Iterator<Item = &str> {
        list.split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
    }

    /// Whether a pocket, by its name on the wire, may pay.
    #[must_use]
    pub fn allow(&self, fund_channel: &str) -> bool {
        let of_pocket = channels_of(fund_channel);
        let listed = |list: &str| Self::names(list).any(|name| of_pocket.contains(&name));
        match self {
            Self::Any => true,
            Self::Only(list) => listed(list),
            Self::Without(list) => !listed(list),
        }
    }

    /// As a column keeps it: `only:balance`, `without:pcredit`; none for any.
    #[must_use]
    pub fn column(&self) -> Option<String> {
        match self {
            Self::Any => None,
            Self::Only(list) => Some(format!("only:{list}")),
            Self::Without(list) => Some(format!("without:{list}")),
        }
    }

    /// Reads a column; none when it holds anything else.
    #[must_use]
    pub fn of_column(text: Option<&str>) -> Option<Self> {
        let Some(text) = text else {
            return Some(Self::Any);
        };
        let (how, list) = text.split_once(':')?;
        match how {
            "only" => Some(Self::Only(list.to_owned())),
            "without" => Some(Self::Without(list.to_owned())),
            _ => None,
        }
    }
}

/// The channels through which a pocket pays. The sandbox's cards are debit cards.
const fn channels_of(fund_channel: &str) -> &'static [&'static str] {
    match fund_channel.as_bytes() {
        b"ALIPAYACCOUNT" => &["balance"],
        b"BANKCARD" => &["debitCardExpress", "bankPay"],
        b"PCREDIT" => &["pcredit", "credit_group"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_lets_its_pockets_pay_or_keeps_them_from_it() {
        for (channels, balance, card, credit) in [
            (PayChannels::Any, true, true, true),
            (PayChannels::Only("balance".to_owned()), true, false, false),
            (
                PayChannels::Only(" pcredit , bankPay".to_owned()),
                false,
                true,
                true,
            ),
            (
                PayChannels::Only("moneyFund".to_owned()),
                false,
                false,
                false,
            ),
            (
                PayChannels::Without("balance,moneyFund".to_owned()),
                false,
                true,
                true,
            ),
            (
                PayChannels::Without("credit_group".to_owned()),
                true,
                true,
                false,
            ),
            (
                PayChannels::Without("debitCardExpress".to_owned()),
                true,
                false,
                true,
            ),
        ] {
            let allowed = ["ALIPAYACCOUNT", "BANKCARD", "PCREDIT"].map(|name| channels.allow(name));
            assert_eq!(allowed, [balance, card, credit], "{channels:?}");
            let column = channels.column();
            assert_eq!(PayChannels::of_column(column.as_deref()), Some(channels));
        }
        for (channels, pocket) in [
            (PayChannels::Any, Some("ALIPAYACCOUNT")),
            (
                PayChannels::Without("OPTIMIZED_MOTO".to_owned()),
                Some("ALIPAYACCOUNT"),
            ),
            (
                PayChannels::Only("MONEY_FUND,PCREDIT_PAY".to_owned()),
                Some("PCREDIT"),
            ),
            (PayChannels::Only("MONEY_FUND,CREDITZHIMA".to_owned()), None),
        ] {
            assert_eq!(channels.pocket_of_hold(), pocket, "{channels:?}");
        }
        assert_eq!(PayChannels::of_column(Some("balance")), None);
        assert_eq!(PayChannels::of_column(Some("never:balance")), None);
    }
}

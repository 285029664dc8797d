//! Comparing what Alipay signed with what is expected.

use super::Verified;
use crate::Params;
use money::Fen;
use std::{fmt, ops::Deref};

/// What a message about one order must say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Expectation<'a> {
    /// The merchant's number of the order.
    pub out_trade_no: &'a str,
    /// What the order is over.
    pub total_amount: Fen,
    /// The application that the order was opened with.
    pub app_id: &'a str,
    /// The account that its money goes to.
    pub seller_id: &'a str,
}

/// One thing that differs, or is not there.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Difference {
    /// `out_trade_no` is another order's.
    OutTradeNo,
    /// `total_amount` is another amount, or none.
    TotalAmount,
    /// `app_id` is another application's.
    AppId,
    /// `seller_id` is another account's, or absent.
    SellerId,
    /// There is no `trade_status`: Alipay signed this, but not as a notice of a trade. A browser's
    /// return, which its buyer can read and post anywhere, is signed by the same rule.
    TradeStatus,
}

impl Difference {
    /// The name of the field.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OutTradeNo => "out_trade_no",
            Self::TotalAmount => "total_amount",
            Self::AppId => "app_id",
            Self::SellerId => "seller_id",
            Self::TradeStatus => "trade_status",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A genuine message that is not about what was expected: somebody should look at it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mismatch {
    /// Everything that differs, in the order of Alipay's own list; never empty.
    pub differences: Vec<Difference>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("genuine, but not as expected:")?;
        for (index, difference) in self.differences.iter().enumerate() {
            let joint = if index == 0 { "" } else { "," };
            write!(f, "{joint} {difference}")?;
        }
        f.write_str(if self.differences.len() == 1 {
            " differs"
        } else {
            " differ"
        })
    }
}

impl std::error::Error for Mismatch {}

impl Expectation<'_> {
    pub(crate) fn differences(&self, params: &Params) -> Vec<Difference> {
        let amount = params
            .get("total_amount")
            .and_then(|text| Fen::parse_yuan(text).ok());
        let same = |name, value| params.non_empty(name) == Some(value);
        [
            (
                Difference::OutTradeNo,
                same("out_trade_no", self.out_trade_no),
            ),
            (Difference::TotalAmount, amount == Some(self.total_amount)),
            (Difference::AppId, same("app_id", self.app_id)),
            (Difference::SellerId, same("seller_id", self.seller_id)),
        ]
        .into_iter()
        .filter_map(|(difference, same)| (!same).then_some(difference))
        .collect()
    }
}

/// A notice that Alipay signed and that is about the order, amount, application and account that
/// were expected. The only thing that can be acknowledged.
///
/// Everything a [`Verified`] can be asked, this can be asked too.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    notice: &'a Verified,
}

impl<'a> Checked<'a> {
    pub(crate) fn new(notice: &'a Verified) -> Self {
        Self { notice }
    }

    /// What to answer **after** everything that follows from the notice is durably stored, and to
    /// every repeat of it: HTTP 200 with exactly these seven bytes.
    #[must_use]
    pub const fn acknowledge(self) -> &'static str {
        ACKNOWLEDGEMENT
    }

    /// The notice itself, for as long as the caller keeps it.
    #[must_use]
    pub const fn notice(self) -> &'a Verified {
        self.notice
    }
}

impl Deref for Checked<'_> {
    type Target = Verified;

    fn deref(&self) -> &Verified {
        self.notice
    }
}

/// Anything else makes Alipay send the notice again.
const ACKNOWLEDGEMENT: &str = "success";

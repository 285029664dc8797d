//! The products that the sandbox sells: how a trade of each begins, ends and is told about.

use super::notice::TradeStatus;
use kernel::time::{DAY_MS, HOUR_MS};
use std::fmt;
use std::str::FromStr;

/// A way to pay.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Product {
    /// The cashier page on a desktop, `alipay.trade.page.pay`.
    Page,
    /// The cashier page on a phone, `alipay.trade.wap.pay`.
    Wap,
    /// A QR code that the shop shows, `alipay.trade.precreate`.
    Precreate,
}

impl Product {
    /// All of them, for tables and tests.
    pub const ALL: [Self; 3] = [Self::Page, Self::Wap, Self::Precreate];

    /// The name in our rows and on our control API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Wap => "wap",
            Self::Precreate => "precreate",
        }
    }

    /// The gateway method that asks for it.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Page => "alipay.trade.page.pay",
            Self::Wap => "alipay.trade.wap.pay",
            Self::Precreate => "alipay.trade.precreate",
        }
    }

    /// The `method` of the signed return; a QR code has no page to return from.
    #[must_use]
    pub const fn return_method(self) -> Option<&'static str> {
        match self {
            Self::Page => Some("alipay.trade.page.pay.return"),
            Self::Wap => Some("alipay.trade.wap.pay.return"),
            Self::Precreate => None,
        }
    }

    /// The `product_code`s that a request for it may carry. The first is the documented one;
    /// `QUICK_WAP_PAY` is what python-alipay-sdk sends.
    #[must_use]
    pub const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Page => &["FAST_INSTANT_TRADE_PAY"],
            Self::Wap => &["QUICK_WAP_WAY", "QUICK_WAP_PAY"],
            Self::Precreate => &["FACE_TO_FACE_PAYMENT", "QR_CODE_OFFLINE", "OFFLINE_PAYMENT"],
        }
    }

    /// Whether a request for it must carry a `product_code`.
    #[must_use]
    pub const fn needs_code(self) -> bool {
        matches!(self, Self::Page | Self::Wap)
    }

    /// How long a trade waits for its buyer when the request does not say, in milliseconds.
    #[must_use]
    pub const fn default_timeout_ms(self) -> i64 {
        match self {
            Self::Page | Self::Wap => 15 * DAY_MS,
            Self::Precreate => 3 * HOUR_MS,
        }
    }

    /// Whether Alipay sends a notice when a trade of it reaches that status. Nobody is told about
    /// a page or QR trade that closed or finished; a phone's cashier tells both.
    #[must_use]
    pub const fn tells(self, status: TradeStatus) -> bool {
        match status {
            TradeStatus::WaitBuyerPay => false,
            TradeStatus::Success => true,
            TradeStatus::Closed | TradeStatus::Finished => matches!(self, Self::Wap),
        }
    }

    /// Whether its notices name the buyer's (masked) logon id. The page's do not.
    #[must_use]
    pub const fn notice_names_buyer(self) -> bool {
        !matches!(self, Self::Page)
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that no product has.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a product is page, wap or precreate")]
pub struct UnknownProduct;

impl FromStr for Product {
    type Err = UnknownProduct;

    fn from_str(text: &str) -> Result<Self, UnknownProduct> {
        Self::ALL
            .into_iter()
            .find(|product| product.as_str() == text)
            .ok_or(UnknownProduct)
    }
}

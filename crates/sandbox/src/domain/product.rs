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
    /// An order string that an app hands to the wallet, `alipay.trade.app.pay`.
    App,
    /// A QR code that the shop shows, `alipay.trade.precreate`.
    Precreate,
    /// A payment code that the buyer shows, `alipay.trade.pay`.
    Pay,
    /// An order for a known buyer, face to face, `alipay.trade.create`.
    Create,
    /// An order for a known buyer of a mini program, `alipay.trade.create`.
    Jsapi,
    /// A capture of money that was frozen before, `alipay.trade.pay`.
    Capture,
    /// A deduction by agreement, `alipay.trade.pay`.
    Deduct,
}

/// When a trade comes into being for the merchant too.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Begins {
    /// With the call, or when a browser opens the link.
    AtOnce,
    /// When the buyer confirms in the cashier.
    OnConfirm,
    /// When a wallet scans the code.
    OnScan,
}

impl Product {
    /// All of them, for tables and tests.
    pub const ALL: [Self; 9] = [
        Self::Page,
        Self::Wap,
        Self::App,
        Self::Precreate,
        Self::Pay,
        Self::Create,
        Self::Jsapi,
        Self::Capture,
        Self::Deduct,
    ];

    /// The name in our rows and on our control API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Wap => "wap",
            Self::App => "app",
            Self::Precreate => "precreate",
            Self::Pay => "pay",
            Self::Create => "create",
            Self::Jsapi => "jsapi",
            Self::Capture => "capture",
            Self::Deduct => "deduct",
        }
    }

    /// The gateway method that asks for it.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Page => "alipay.trade.page.pay",
            Self::Wap => "alipay.trade.wap.pay",
            Self::App => "alipay.trade.app.pay",
            Self::Precreate => "alipay.trade.precreate",
            Self::Pay | Self::Capture | Self::Deduct => "alipay.trade.pay",
            Self::Create | Self::Jsapi => "alipay.trade.create",
        }
    }

    /// The `method` of the signed return; only links of a browser have a page to return to.
    #[must_use]
    pub const fn return_method(self) -> Option<&'static str> {
        match self {
            Self::Page => Some("alipay.trade.page.pay.return"),
            Self::Wap => Some("alipay.trade.wap.pay.return"),
            Self::App
            | Self::Precreate
            | Self::Pay
            | Self::Create
            | Self::Jsapi
            | Self::Capture
            | Self::Deduct => None,
        }
    }

    /// The `product_code`s that a request for it may carry. The first is the documented one;
    /// `QUICK_WAP_PAY` is what python-alipay-sdk sends.
    #[must_use]
    pub const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Page => &["FAST_INSTANT_TRADE_PAY"],
            Self::Wap => &["QUICK_WAP_WAY", "QUICK_WAP_PAY"],
            Self::App => &["QUICK_MSECURITY_PAY", "CYCLE_PAY_AUTH"],
            Self::Precreate => &["FACE_TO_FACE_PAYMENT", "QR_CODE_OFFLINE", "OFFLINE_PAYMENT"],
            Self::Pay => &["FACE_TO_FACE_PAYMENT", "OFFLINE_PAYMENT"],
            Self::Create => &["FACE_TO_FACE_PAYMENT"],
            Self::Jsapi => &["JSAPI_PAY"],
            Self::Capture => &["PRE_AUTH_ONLINE", "PRE_AUTH"],
            Self::Deduct => &["CYCLE_PAY_AUTH", "GENERAL_WITHHOLDING"],
        }
    }

    /// Whether a request for it must carry a `product_code`.
    #[must_use]
    pub const fn needs_code(self) -> bool {
        matches!(self, Self::Page | Self::Capture | Self::Deduct)
    }

    /// When a trade of it comes into being.
    #[must_use]
    pub const fn begins(self) -> Begins {
        match self {
            Self::Wap | Self::App => Begins::OnConfirm,
            Self::Precreate => Begins::OnScan,
            Self::Page | Self::Pay | Self::Create | Self::Jsapi | Self::Capture | Self::Deduct => {
                Begins::AtOnce
            }
        }
    }

    /// How long a trade waits for its buyer when the request does not say, in milliseconds.
    #[must_use]
    pub const fn default_timeout_ms(self) -> i64 {
        if self.is_face_to_face() {
            3 * HOUR_MS
        } else {
            15 * DAY_MS
        }
    }

    /// Whether an order of it may ask for an agreement that is signed with its payment: the methods
    /// whose documents list `agreement_sign_params` (4.1 to 4.3, 4.6).
    #[must_use]
    pub const fn signs(self) -> bool {
        matches!(
            self,
            Self::Page | Self::Wap | Self::App | Self::Create | Self::Jsapi
        )
    }

    /// Whether buyer and seller stand before each other.
    #[must_use]
    pub const fn is_face_to_face(self) -> bool {
        matches!(self, Self::Precreate | Self::Pay | Self::Create)
    }

    /// Whether Alipay sends a notice when a trade of it reaches that status. A phone's cashier and
    /// an app are told when it closed or finished, nobody else is.
    #[must_use]
    pub const fn tells(self, status: TradeStatus) -> bool {
        match status {
            TradeStatus::WaitBuyerPay => false,
            TradeStatus::Success => true,
            TradeStatus::Closed | TradeStatus::Finished => matches!(self, Self::Wap | Self::App),
        }
    }

    /// Whether its notices name the buyer's (masked) logon id and the seller's. The page's do not.
    #[must_use]
    pub const fn notice_names_people(self) -> bool {
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
#[error("a product is page, wap, app, precreate, pay, create, jsapi, capture or deduct")]
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

//! Making a QR code, asking about a trade, closing one.

use super::check::{self, MAX_SUBJECT, MAX_TRADE_NO, Method, RequestError};
use money::Fen;
use serde::Serialize;
use serde_json::{Map, Value};

/// `alipay.trade.precreate`: an order as a QR code, which the merchant shows and the buyer scans.
///
/// The answer has no `trade_no`: the trade exists once a wallet has scanned the code.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Precreate {
    /// The merchant's number of the order: letters, digits and `_`, at most 64, unique for ever.
    pub out_trade_no: String,
    /// What is to be paid.
    #[serde(serialize_with = "check::yuan")]
    pub total_amount: Fen,
    /// What is bought, at most 256 characters. Alipay's documents forbid `/`, `=` and `&`.
    pub subject: String,
    /// `FACE_TO_FACE_PAYMENT` when absent; `QR_CODE_OFFLINE` for the "order code" product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_code: Option<String>,
    /// More about it, at most 128 characters; comes back in the notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Until when it can be paid, `yyyy-MM-dd HH:mm:ss` in +08:00; wins over `timeout_express`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_expire: Option<String>,
    /// How long it can be paid: `1m` to `15d`; 3 hours when absent. The QR code itself lives for
    /// 2 hours at most, whatever this says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_express: Option<String>,
    /// Comes back unchanged in the notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passback_params: Option<String>,
    /// Further fields of `biz_content`.
    #[serde(skip)]
    pub extra: Map<String, Value>,
}

impl Precreate {
    /// A QR code over `total_amount` for `subject`.
    #[must_use]
    pub fn new(out_trade_no: &str, subject: &str, total_amount: Fen) -> Self {
        Self {
            out_trade_no: out_trade_no.to_owned(),
            total_amount,
            subject: subject.to_owned(),
            product_code: None,
            body: None,
            time_expire: None,
            timeout_express: None,
            passback_params: None,
            extra: Map::new(),
        }
    }
}

impl Method for Precreate {
    const METHOD: &'static str = "alipay.trade.precreate";

    fn biz_content(&self) -> Result<String, RequestError> {
        check::required("out_trade_no", &self.out_trade_no, MAX_TRADE_NO)?;
        check::required("subject", &self.subject, MAX_SUBJECT)?;
        check::payable("total_amount", self.total_amount)?;
        check::json(self, &self.extra)
    }

    fn echoes(&self) -> Vec<(&'static str, &str)> {
        vec![("out_trade_no", &self.out_trade_no)]
    }
}

/// `alipay.trade.query`: what Alipay knows about a trade.
///
/// `ACQ.TRADE_NOT_EXIST` is normal before the buyer has opened the cashier.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Query {
    /// The merchant's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_trade_no: Option<String>,
    /// Alipay's number; wins when both are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trade_no: Option<String>,
    /// What else to tell: `fund_bill_list`, `trade_settle_info`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub query_options: Vec<String>,
    /// Further fields of `biz_content`.
    #[serde(skip)]
    pub extra: Map<String, Value>,
}

impl Query {
    /// By the merchant's number.
    #[must_use]
    pub fn by_out_trade_no(out_trade_no: &str) -> Self {
        Self {
            out_trade_no: Some(out_trade_no.to_owned()),
            ..Self::default()
        }
    }

    /// By Alipay's number.
    #[must_use]
    pub fn by_trade_no(trade_no: &str) -> Self {
        Self {
            trade_no: Some(trade_no.to_owned()),
            ..Self::default()
        }
    }
}

impl Method for Query {
    const METHOD: &'static str = "alipay.trade.query";

    fn biz_content(&self) -> Result<String, RequestError> {
        check::trade(self.out_trade_no.as_deref(), self.trade_no.as_deref())?;
        check::json(self, &self.extra)
    }

    fn echoes(&self) -> Vec<(&'static str, &str)> {
        check::trade_echo(self.out_trade_no.as_deref(), self.trade_no.as_deref())
            .into_iter()
            .collect()
    }
}

/// `alipay.trade.close`: ends a trade that waits for its buyer. A paid one is not closed
/// (`ACQ.TRADE_STATUS_ERROR` or `ACQ.REASON_TRADE_STATUS_INVALID`): ask what it is then.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Close {
    /// The merchant's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_trade_no: Option<String>,
    /// Alipay's number; wins when both are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trade_no: Option<String>,
    /// Who closes it, at most 28 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_id: Option<String>,
    /// Further fields of `biz_content`.
    #[serde(skip)]
    pub extra: Map<String, Value>,
}

impl Close {
    /// By the merchant's number.
    #[must_use]
    pub fn by_out_trade_no(out_trade_no: &str) -> Self {
        Self {
            out_trade_no: Some(out_trade_no.to_owned()),
            ..Self::default()
        }
    }

    /// By Alipay's number.
    #[must_use]
    pub fn by_trade_no(trade_no: &str) -> Self {
        Self {
            trade_no: Some(trade_no.to_owned()),
            ..Self::default()
        }
    }
}

impl Method for Close {
    const METHOD: &'static str = "alipay.trade.close";

    fn biz_content(&self) -> Result<String, RequestError> {
        check::trade(self.out_trade_no.as_deref(), self.trade_no.as_deref())?;
        check::json(self, &self.extra)
    }

    fn echoes(&self) -> Vec<(&'static str, &str)> {
        check::trade_echo(self.out_trade_no.as_deref(), self.trade_no.as_deref())
            .into_iter()
            .collect()
    }
}

//! Payments in the buyer's browser: on a computer and on a phone.

use super::check::{self, MAX_SUBJECT, MAX_TRADE_NO, Method, PageMethod, RequestError};
use money::Fen;
use serde::Serialize;
use serde_json::{Map, Value};

/// `alipay.trade.page.pay`: the cashier on a computer.
///
/// Making the link makes no trade: the trade exists once the buyer has opened the link, so a query
/// before that is answered `ACQ.TRADE_NOT_EXIST`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PagePay {
    /// The merchant's number of the order: letters, digits and `_`, at most 64, unique for ever.
    pub out_trade_no: String,
    /// `FAST_INSTANT_TRADE_PAY`, the only product of this method.
    pub product_code: String,
    /// What is to be paid.
    #[serde(serialize_with = "check::yuan")]
    pub total_amount: Fen,
    /// What is bought, at most 256 characters. Alipay's documents forbid `/`, `=` and `&`.
    pub subject: String,
    /// More about it, at most 128 characters; comes back in the notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Until when it can be paid, `yyyy-MM-dd HH:mm:ss` in +08:00; wins over `timeout_express`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_expire: Option<String>,
    /// How long it can be paid: `1m` to `15d`, or `1c` for "until midnight". 15 days when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_express: Option<String>,
    /// Comes back unchanged in the notice; URL-encode it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passback_params: Option<String>,
    /// `0` for virtual goods, `1` for physical ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_type: Option<String>,
    /// How the QR code is shown: `0`, `1`, `3`, `4` inside an iframe, `2` on a page of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_pay_mode: Option<String>,
    /// Further fields of `biz_content`.
    #[serde(skip)]
    pub extra: Map<String, Value>,
}

impl PagePay {
    /// A payment of `total_amount` for `subject`.
    #[must_use]
    pub fn new(out_trade_no: &str, subject: &str, total_amount: Fen) -> Self {
        Self {
            out_trade_no: out_trade_no.to_owned(),
            product_code: "FAST_INSTANT_TRADE_PAY".to_owned(),
            total_amount,
            subject: subject.to_owned(),
            body: None,
            time_expire: None,
            timeout_express: None,
            passback_params: None,
            goods_type: None,
            qr_pay_mode: None,
            extra: Map::new(),
        }
    }
}

impl Method for PagePay {
    const METHOD: &'static str = "alipay.trade.page.pay";

    fn biz_content(&self) -> Result<String, RequestError> {
        check::required("out_trade_no", &self.out_trade_no, MAX_TRADE_NO)?;
        check::required("subject", &self.subject, MAX_SUBJECT)?;
        check::payable("total_amount", self.total_amount)?;
        check::json(self, &self.extra)
    }
}

impl PageMethod for PagePay {}

/// `alipay.trade.wap.pay`: the cashier on a phone, which opens the wallet when it is installed.
///
/// The trade exists, and its timeout runs, once the buyer has confirmed in the cashier.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct WapPay {
    /// The merchant's number of the order: letters, digits and `_`, at most 64, unique for ever.
    pub out_trade_no: String,
    /// `QUICK_WAP_WAY`, the only product of this method.
    pub product_code: String,
    /// What is to be paid.
    #[serde(serialize_with = "check::yuan")]
    pub total_amount: Fen,
    /// What is bought, at most 256 characters. Alipay's documents forbid `/`, `=` and `&`.
    pub subject: String,
    /// Where a buyer goes who leaves without paying, at most 400 characters.
    pub quit_url: String,
    /// More about it, at most 128 characters; comes back in the notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Until when it can be paid, `yyyy-MM-dd HH:mm:ss` in +08:00; wins over `timeout_express`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_expire: Option<String>,
    /// How long it can be paid after the buyer confirmed: `1m` to `15d`, at least `5m` advised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_express: Option<String>,
    /// Comes back unchanged in the notice; URL-encode it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passback_params: Option<String>,
    /// `0` for virtual goods, `1` for physical ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_type: Option<String>,
    /// Further fields of `biz_content`.
    #[serde(skip)]
    pub extra: Map<String, Value>,
}

impl WapPay {
    /// A payment of `total_amount` for `subject`; `quit_url` is where a buyer goes who leaves.
    #[must_use]
    pub fn new(out_trade_no: &str, subject: &str, total_amount: Fen, quit_url: &str) -> Self {
        Self {
            out_trade_no: out_trade_no.to_owned(),
            product_code: "QUICK_WAP_WAY".to_owned(),
            total_amount,
            subject: subject.to_owned(),
            quit_url: quit_url.to_owned(),
            body: None,
            time_expire: None,
            timeout_express: None,
            passback_params: None,
            goods_type: None,
            extra: Map::new(),
        }
    }
}

impl Method for WapPay {
    const METHOD: &'static str = "alipay.trade.wap.pay";

    fn biz_content(&self) -> Result<String, RequestError> {
        check::required("out_trade_no", &self.out_trade_no, MAX_TRADE_NO)?;
        check::required("subject", &self.subject, MAX_SUBJECT)?;
        check::required("quit_url", &self.quit_url, 400)?;
        check::payable("total_amount", self.total_amount)?;
        check::json(self, &self.extra)
    }
}

impl PageMethod for WapPay {}

//! Giving money back, and asking whether it went.

use super::{
    check::{self, MAX_TRADE_NO, Method, RequestError},
    shape::{object, request},
};
use money::Fen;
use serde::Serialize;
use serde_json::{Map, Value};

/// `alipay.trade.refund`: gives back a part or all of a payment.
///
/// The request number makes it safe to repeat: the same number refunds once, however often it is
/// sent. A new number after a timeout may refund twice.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Refund {
    /// The merchant's number of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_trade_no: Option<String>,
    /// Alipay's number; wins when both are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trade_no: Option<String>,
    /// What to give back; all refunds together at most what was paid.
    #[serde(serialize_with = "check::yuan")]
    pub refund_amount: Fen,
    /// The number of this refund, unique within the trade, kept for every repeat.
    pub out_request_no: String,
    /// Why, at most 256 characters; the buyer sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_reason: Option<String>,
    /// What else to tell: `refund_detail_item_list`, `deposit_back_info`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub query_options: Vec<String>,
    /// Further fields of `biz_content`. Undocumented ones have been reported to fail or to repeat
    /// refunds.
    #[serde(skip)]
    pub extra: Map<String, Value>,
}

impl Refund {
    /// A refund of the order of that number, under a request number of its own.
    #[must_use]
    pub fn new(out_trade_no: &str, out_request_no: &str, refund_amount: Fen) -> Self {
        Self {
            out_trade_no: Some(out_trade_no.to_owned()),
            trade_no: None,
            refund_amount,
            out_request_no: out_request_no.to_owned(),
            refund_reason: None,
            query_options: Vec::new(),
            extra: Map::new(),
        }
    }
}

impl Method for Refund {
    const METHOD: &'static str = "alipay.trade.refund";

    fn biz_content(&self) -> Result<String, RequestError> {
        check::trade(self.out_trade_no.as_deref(), self.trade_no.as_deref())?;
        check::payable("refund_amount", self.refund_amount)?;
        check::required("out_request_no", &self.out_request_no, MAX_TRADE_NO)?;
        check::at_most(
            "refund_reason",
            self.refund_reason.as_deref().unwrap_or_default(),
            256,
        )?;
        check::json(self, &self.extra)
    }

    fn echoes(&self) -> Vec<(&'static str, &str)> {
        check::trade_echo(self.out_trade_no.as_deref(), self.trade_no.as_deref())
            .into_iter()
            .collect()
    }
}

/// `alipay.trade.fastpay.refund.query`: whether a refund went through.
///
/// Alipay advises to wait ten seconds after the refund before an absence is believed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct RefundQuery {
    /// The merchant's number of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_trade_no: Option<String>,
    /// Alipay's number; wins when both are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trade_no: Option<String>,
    /// The number of the refund; the `out_trade_no` when the refund was sent without one.
    pub out_request_no: String,
    /// What else to tell: `gmt_refund_pay`, `refund_detail_item_list`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub query_options: Vec<String>,
    /// Further fields of `biz_content`.
    #[serde(skip)]
    pub extra: Map<String, Value>,
}

impl RefundQuery {
    /// The refund of that request number of the order of that number.
    #[must_use]
    pub fn new(out_trade_no: &str, out_request_no: &str) -> Self {
        Self {
            out_trade_no: Some(out_trade_no.to_owned()),
            trade_no: None,
            out_request_no: out_request_no.to_owned(),
            query_options: Vec::new(),
            extra: Map::new(),
        }
    }
}

impl Method for RefundQuery {
    const METHOD: &'static str = "alipay.trade.fastpay.refund.query";

    fn biz_content(&self) -> Result<String, RequestError> {
        check::trade(self.out_trade_no.as_deref(), self.trade_no.as_deref())?;
        check::required("out_request_no", &self.out_request_no, MAX_TRADE_NO)?;
        check::json(self, &self.extra)
    }

    fn echoes(&self) -> Vec<(&'static str, &str)> {
        check::trade_echo(self.out_trade_no.as_deref(), self.trade_no.as_deref())
            .into_iter()
            .chain([("out_request_no", self.out_request_no.as_str())])
            .collect()
    }
}

request! {
    /// `alipay.trade.refund.apply`: asks for a refund that is done later; the notice or
    /// [`RefundQuery`] tells how it went.
    RefundApply: "alipay.trade.refund.apply" {
        /// The merchant's number of the order.
        out_trade_no: Option<String> [MAX_TRADE_NO],
        /// Alipay's number; wins when both are given.
        trade_no: Option<String> [MAX_TRADE_NO],
        /// What to give back; all refunds together at most what was paid.
        refund_amount: Fen,
        /// The number of this refund, unique within the trade, kept for every repeat.
        out_request_no: String [MAX_TRADE_NO],
        /// Why; the buyer sees it.
        refund_reason: Option<String> [256],
        /// The currency of the order.
        refund_currency: Option<String> [8],
        /// Who gives it back.
        operator_id: Option<String> [30],
        /// Which articles it is for.
        refund_goods_detail: Vec<RefundGoods>,
        /// Which shares are taken back.
        refund_royalty_parameters: Vec<super::Royalty>,
        /// What else to tell.
        query_options: Vec<String>,
    }
    also(request) {
        check::trade(request.out_trade_no.as_deref(), request.trade_no.as_deref())?;
    }
    echoes(request) {
        check::trade_echo(request.out_trade_no.as_deref(), request.trade_no.as_deref())
            .into_iter()
            .chain([("out_request_no", request.out_request_no.as_str())])
            .collect()
    }
}

object! {
    /// An article that a refund is for.
    RefundGoods {
        /// The merchant's number of the article.
        goods_id: Option<String> [64],
        /// How much of the refund it is.
        refund_amount: Fen,
        /// The merchant's number of the line.
        out_item_id: Option<String> [64],
        /// The merchant's number of the kind.
        out_sku_id: Option<String> [64],
        /// Numbers of vouchers that are taken back.
        out_certificate_no_list: Vec<String>,
    }
}

impl RefundApply {
    /// A refund of the order of that number, under a request number of its own.
    #[must_use]
    pub fn new(out_trade_no: &str, out_request_no: &str, refund_amount: Fen) -> Self {
        Self {
            out_trade_no: Some(out_trade_no.to_owned()),
            out_request_no: out_request_no.to_owned(),
            refund_amount,
            ..Self::default()
        }
    }
}

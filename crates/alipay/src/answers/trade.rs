//! What the oldest trade methods answer: asking, closing, QR codes, refunds.

use super::node::{Answered, ApiMethod};
use crate::{
    AlipayTime,
    requests::{Close, Precreate, Query, Refund, RefundQuery},
};
use money::Fen;

/// Where a trade stands at Alipay.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TradeStatus {
    /// It exists and waits for the buyer.
    WaitBuyerPay,
    /// Paid; can be refunded.
    Success,
    /// Paid; can no longer be refunded.
    Finished,
    /// Closed: never paid, **or fully refunded**. The status alone does not tell which.
    Closed,
}

impl TradeStatus {
    /// Reads `TRADE_SUCCESS` and the like.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "WAIT_BUYER_PAY" => Some(Self::WaitBuyerPay),
            "TRADE_SUCCESS" => Some(Self::Success),
            "TRADE_FINISHED" => Some(Self::Finished),
            "TRADE_CLOSED" => Some(Self::Closed),
            _ => None,
        }
    }

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WaitBuyerPay => "WAIT_BUYER_PAY",
            Self::Success => "TRADE_SUCCESS",
            Self::Finished => "TRADE_FINISHED",
            Self::Closed => "TRADE_CLOSED",
        }
    }

    /// Returns `true` when the money is there: `TRADE_SUCCESS` or `TRADE_FINISHED`.
    #[must_use]
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Success | Self::Finished)
    }
}

/// What `alipay.trade.query` answers.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct QueryResponse {
    /// Alipay's number.
    pub trade_no: String,
    /// The merchant's number.
    pub out_trade_no: String,
    /// Where the trade stands.
    pub trade_status: TradeStatus,
    /// What the order is over. Compare this one: the sandbox answers `0.00` for the amounts
    /// `receipt_amount` and `buyer_pay_amount` even of a paid trade.
    pub total_amount: Fen,
    /// When it was paid.
    pub send_pay_date: Option<AlipayTime>,
    /// The buyer's account with most of it starred out.
    pub buyer_logon_id: Option<String>,
    /// The buyer's number, or the newer `buyer_open_id`.
    pub buyer_id: Option<String>,
    /// Everything.
    pub node: Answered,
}

impl ApiMethod for Query {
    type Answer = QueryResponse;

    fn answer(node: Answered) -> Result<QueryResponse, &'static str> {
        let status = node.text("trade_status").and_then(TradeStatus::parse);
        Ok(QueryResponse {
            trade_no: node.owned("trade_no")?,
            out_trade_no: node.owned("out_trade_no")?,
            trade_status: status.ok_or("trade_status")?,
            total_amount: node.yuan("total_amount").ok_or("total_amount")?,
            send_pay_date: node.time("send_pay_date"),
            buyer_logon_id: node.text("buyer_logon_id").map(str::to_owned),
            buyer_id: node
                .text("buyer_user_id")
                .or_else(|| node.text("buyer_open_id"))
                .map(str::to_owned),
            node,
        })
    }
}

/// What `alipay.trade.precreate` answers.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PrecreateResponse {
    /// The merchant's number.
    pub out_trade_no: String,
    /// What the QR code says, for two hours at most.
    pub qr_code: String,
    /// The code that is passed on, when `code_type` was `share_code`.
    pub share_code: Option<String>,
    /// Alipay's number of what was prepared, in some contracts.
    pub prepay_id: Option<String>,
    /// Everything.
    pub node: Answered,
}

impl ApiMethod for Precreate {
    type Answer = PrecreateResponse;

    fn answer(node: Answered) -> Result<PrecreateResponse, &'static str> {
        Ok(PrecreateResponse {
            out_trade_no: node.owned("out_trade_no")?,
            qr_code: node.owned("qr_code")?,
            share_code: node.text("share_code").map(str::to_owned),
            prepay_id: node.text("prepay_id").map(str::to_owned),
            node,
        })
    }
}

/// What `alipay.trade.close` answers.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CloseResponse {
    /// Alipay's number.
    pub trade_no: Option<String>,
    /// The merchant's number.
    pub out_trade_no: Option<String>,
    /// Everything.
    pub node: Answered,
}

impl ApiMethod for Close {
    type Answer = CloseResponse;

    fn answer(node: Answered) -> Result<CloseResponse, &'static str> {
        let number = |name| node.text(name).map(str::to_owned);
        let (trade_no, out_trade_no) = (number("trade_no"), number("out_trade_no"));
        if trade_no.is_none() && out_trade_no.is_none() {
            return Err("out_trade_no");
        }
        Ok(CloseResponse {
            trade_no,
            out_trade_no,
            node,
        })
    }
}

/// Whether this refund call moved money.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FundChange {
    /// `fund_change=Y`: the money moved.
    Moved,
    /// `fund_change=N` or absent: this call moved nothing. An earlier one with the same number may
    /// have; ask with [`RefundQuery`].
    ToBeAsked,
}

/// What `alipay.trade.refund` answers. Code 10000 says that the request was accepted, nothing more;
/// look at `fund_change`.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RefundResponse {
    /// Alipay's number.
    pub trade_no: Option<String>,
    /// The merchant's number.
    pub out_trade_no: String,
    /// Whether money moved.
    pub fund_change: FundChange,
    /// All refunds of this trade together, this one included.
    pub refunded_total: Option<Fen>,
    /// When the money moved.
    pub gmt_refund_pay: Option<AlipayTime>,
    /// Everything.
    pub node: Answered,
}

impl ApiMethod for Refund {
    type Answer = RefundResponse;

    fn answer(node: Answered) -> Result<RefundResponse, &'static str> {
        Ok(RefundResponse {
            trade_no: node.text("trade_no").map(str::to_owned),
            out_trade_no: node.owned("out_trade_no")?,
            fund_change: match node.text("fund_change") {
                Some("Y") => FundChange::Moved,
                _ => FundChange::ToBeAsked,
            },
            refunded_total: node.yuan("refund_fee"),
            gmt_refund_pay: node.time("gmt_refund_pay"),
            node,
        })
    }
}

/// What `alipay.trade.fastpay.refund.query` answers. Code 10000 comes for refunds that do not
/// exist, too; only [`RefundQueryResponse::refunded`] says that money went back.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RefundQueryResponse {
    refunded: Option<Fen>,
    /// The merchant's number.
    pub out_trade_no: Option<String>,
    /// The number of the refund.
    pub out_request_no: Option<String>,
    /// When the money moved, if that was asked for in `query_options`.
    pub gmt_refund_pay: Option<AlipayTime>,
    /// Everything.
    pub node: Answered,
}

impl RefundQueryResponse {
    /// What this refund gave back: `Some` only for `refund_status=REFUND_SUCCESS`. `None` means
    /// not received, failed, or asked too early (Alipay says to wait ten seconds).
    #[must_use]
    pub const fn refunded(&self) -> Option<Fen> {
        self.refunded
    }
}

impl ApiMethod for RefundQuery {
    type Answer = RefundQueryResponse;

    fn answer(node: Answered) -> Result<RefundQueryResponse, &'static str> {
        let refunded = if node.text("refund_status") == Some("REFUND_SUCCESS") {
            // What is claimed has to say which refund it is; that it is the one asked about is
            // compared by the client.
            node.owned("out_trade_no")?;
            node.owned("out_request_no")?;
            Some(node.yuan("refund_amount").ok_or("refund_amount")?)
        } else {
            None
        };
        Ok(RefundQueryResponse {
            refunded,
            out_trade_no: node.text("out_trade_no").map(str::to_owned),
            out_request_no: node.text("out_request_no").map(str::to_owned),
            gmt_refund_pay: node.time("gmt_refund_pay"),
            node,
        })
    }
}

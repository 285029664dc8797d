//! Giving money back, and asking whether it went.

use super::{
    Goods, Royalty,
    check::{self, MAX_TRADE_NO},
    shape::{object, request},
};
use money::Fen;

request! {
    /// `alipay.trade.refund`: gives back a part or all of a payment.
    ///
    /// The request number makes it safe to repeat: the same number refunds once, however often it
    /// is sent. A new number after a timeout may refund twice.
    ///
    /// Undocumented fields in `extra` have been reported to fail or to repeat refunds.
    Refund: "alipay.trade.refund" {
        /// The merchant's number of the order.
        out_trade_no: Option<String>,
        /// Alipay's number; wins when both are given.
        trade_no: Option<String>,
        /// What to give back; all refunds together at most what was paid.
        refund_amount: Fen,
        /// The number of this refund, unique within the trade, kept for every repeat.
        out_request_no: String [MAX_TRADE_NO],
        /// Why, at most 256 characters; the buyer sees it.
        refund_reason: Option<String> [256],
        /// The currency of the order.
        refund_currency: Option<String> [8],
        /// Who gives it back.
        operator_id: Option<String> [30],
        /// The merchant's shop.
        store_id: Option<String> [32],
        /// The till.
        terminal_id: Option<String> [32],
        /// What was bought, line by line.
        goods_detail: Vec<Goods>,
        /// Which articles it is for.
        refund_goods_detail: Vec<RefundGoods>,
        /// Which shares are taken back.
        refund_royalty_parameters: Vec<Royalty>,
        /// The partner on whose contract the trade runs.
        org_pid: Option<String> [16],
        /// From whose account, when it is not the seller's.
        refund_trans_out: Option<String> [64],
        /// What `refund_trans_out` is.
        refund_trans_out_type: Option<String> [64],
        /// The settlement that it belongs to.
        related_settle_confirm_no: Option<String> [64],
        /// What else to tell: `refund_detail_item_list`, `deposit_back_info`,
        /// `refund_voucher_detail_list`, …
        query_options: Vec<String>,
    }
    also(request) {
        check::trade(request.out_trade_no.as_deref(), request.trade_no.as_deref())?;
    }
    echoes(request) {
        check::trade_echo(request.out_trade_no.as_deref(), request.trade_no.as_deref())
            .into_iter()
            .collect()
    }
}

impl Refund {
    /// A refund of the order of that number, under a request number of its own.
    #[must_use]
    pub fn new(out_trade_no: &str, out_request_no: &str, refund_amount: Fen) -> Self {
        Self {
            out_trade_no: Some(out_trade_no.to_owned()),
            refund_amount,
            out_request_no: out_request_no.to_owned(),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.trade.fastpay.refund.query`: whether a refund went through.
    ///
    /// Alipay advises to wait ten seconds after the refund before an absence is believed.
    RefundQuery: "alipay.trade.fastpay.refund.query" {
        /// The merchant's number of the order.
        out_trade_no: Option<String>,
        /// Alipay's number; wins when both are given.
        trade_no: Option<String>,
        /// The number of the refund; the `out_trade_no` when the refund was sent without one.
        out_request_no: String [MAX_TRADE_NO],
        /// The partner on whose contract the trade runs.
        org_pid: Option<String> [16],
        /// What else to tell: `gmt_refund_pay`, `refund_detail_item_list`, `deposit_back_info`, …
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

impl RefundQuery {
    /// The refund of that request number of the order of that number.
    #[must_use]
    pub fn new(out_trade_no: &str, out_request_no: &str) -> Self {
        Self {
            out_trade_no: Some(out_trade_no.to_owned()),
            out_request_no: out_request_no.to_owned(),
            ..Self::default()
        }
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
        refund_royalty_parameters: Vec<Royalty>,
        /// The shop.
        store_id: Option<String> [32],
        /// The till.
        terminal_id: Option<String> [32],
        /// What is given back, line by line.
        goods_detail: Vec<Goods>,
        /// The partner's number, for a refund of one below a bank.
        org_pid: Option<String> [16],
        /// Whose account pays the refund, when it is not the merchant's.
        refund_trans_out: Option<String> [64],
        /// What `refund_trans_out` is.
        refund_trans_out_type: Option<String> [64],
        /// The number of the settlement that the refund belongs to.
        related_settle_confirm_no: Option<String> [64],
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

//! Making a QR code, asking about a trade, closing one.

use super::{
    ExtUserInfo, ExtendParams, Goods, RoyaltyInfo, SettleInfo, SubMerchant,
    check::{self, MAX_SUBJECT, MAX_TRADE_NO},
    pay::channels,
    shape::{object, request},
};
use money::Fen;

request! {
    /// `alipay.trade.precreate`: an order as a QR code, which the merchant shows and the buyer
    /// scans.
    ///
    /// The answer has no `trade_no`: the trade exists once a wallet has scanned the code.
    Precreate: "alipay.trade.precreate" {
        /// The merchant's number of the order: letters, digits and `_`, at most 64, unique for ever.
        out_trade_no: String [MAX_TRADE_NO],
        /// What is to be paid.
        total_amount: Fen,
        /// What is bought, at most 256 characters. Alipay's documents forbid `/`, `=` and `&`.
        subject: String [MAX_SUBJECT],
        /// `FACE_TO_FACE_PAYMENT` when absent; `QR_CODE_OFFLINE` for the "order code" product.
        product_code: Option<String> [64],
        /// More about it, at most 128 characters; comes back in the notice.
        body: Option<String>,
        /// Until when it can be paid, `yyyy-MM-dd HH:mm:ss` in +08:00; wins over `timeout_express`.
        time_expire: Option<String> [32],
        /// How long it can be paid: `1m` to `15d`; 3 hours when absent. The QR code itself lives for
        /// 2 hours at most, whatever this says.
        timeout_express: Option<String> [6],
        /// How long the QR code can be scanned.
        qr_code_timeout_express: Option<String> [6],
        /// Comes back unchanged in the notice.
        passback_params: Option<String> [512],
        /// Whose account gets the money, when it is not the application's own.
        seller_id: Option<String> [28],
        /// The part that discounts may lower.
        discountable_amount: Option<Fen>,
        /// The part that they may not. With both, they sum up to the total.
        undiscountable_amount: Option<Fen>,
        /// What is bought, line by line.
        goods_detail: Vec<Goods>,
        /// Who sells.
        operator_id: Option<String> [28],
        /// The merchant's shop.
        store_id: Option<String> [32],
        /// Alipay's number of the shop.
        alipay_store_id: Option<String> [32],
        /// The till.
        terminal_id: Option<String> [32],
        /// The buyer's login.
        buyer_logon_id: Option<String> [100],
        /// Parameters for partners and instalments.
        extend_params: Option<ExtendParams>,
        /// Where the money goes in the end.
        settle_info: Option<SettleInfo>,
        /// How the money is shared at once.
        royalty_info: Option<RoyaltyInfo>,
        /// The merchant below a platform.
        sub_merchant: Option<SubMerchant>,
        /// Who has to be the one that pays.
        ext_user_info: Option<ExtUserInfo>,
        /// JSON text with more.
        business_params: Option<String> [512],
        /// The only channels that may pay, joined by commas; not together with the next.
        enable_pay_channels: Option<String> [128],
        /// Channels that may not pay, joined by commas.
        disable_pay_channels: Option<String> [128],
        /// The merchant's own number of the order, for its books.
        merchant_order_no: Option<String> [64],
        /// `share_code` for a code that is passed on.
        code_type: Option<String> [32],
        /// What else to tell: `hyb_amount`, `enterprise_pay_info`.
        query_options: Vec<String>,
    }
    also(request) {
        channels(request.enable_pay_channels.as_ref(), request.disable_pay_channels.as_ref())?;
    }
    echoes(request) { vec![("out_trade_no", request.out_trade_no.as_str())] }
}

impl Precreate {
    /// A QR code over `total_amount` for `subject`.
    #[must_use]
    pub fn new(out_trade_no: &str, subject: &str, total_amount: Fen) -> Self {
        Self {
            out_trade_no: out_trade_no.to_owned(),
            total_amount,
            subject: subject.to_owned(),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.trade.query`: what Alipay knows about a trade.
    ///
    /// `ACQ.TRADE_NOT_EXIST` is normal before the buyer has opened the cashier.
    Query: "alipay.trade.query" {
        /// The merchant's number.
        out_trade_no: Option<String>,
        /// Alipay's number; wins when both are given.
        trade_no: Option<String>,
        /// The partner on whose contract the trade runs.
        org_pid: Option<String> [16],
        /// What else to tell: `fund_bill_list`, `trade_settle_info`, `voucher_detail_list`,
        /// `discount_goods_detail`, `mdiscount_amount`, `discount_amount`, …
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

request! {
    /// `alipay.trade.close`: ends a trade that waits for its buyer. A paid one is not closed
    /// (`ACQ.TRADE_STATUS_ERROR` or `ACQ.REASON_TRADE_STATUS_INVALID`): ask what it is then.
    Close: "alipay.trade.close" {
        /// The merchant's number.
        out_trade_no: Option<String>,
        /// Alipay's number; wins when both are given.
        trade_no: Option<String>,
        /// Who closes it, at most 28 characters.
        operator_id: Option<String> [28],
        /// What some contracts tell with it.
        extend_params: Option<CloseExtendParams>,
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

object! {
    /// What some contracts tell with a close.
    CloseExtendParams {
        /// Whether the order was delivered.
        is_fulfilled: Option<String> [8],
    }
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

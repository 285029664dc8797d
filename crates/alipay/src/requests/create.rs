//! Trades for mini programs, and taking a payment back that nobody knows the outcome of.

use super::{
    ExtUserInfo, ExtendParams, Goods, Logistics, Receiver, SettleInfo, SubMerchant,
    check::{self, MAX_SUBJECT, MAX_TRADE_NO, RequestError},
    pay::channels,
    shape::request,
};
use money::Fen;

request! {
    /// `alipay.trade.create`: makes a trade for a known buyer, who pays it in a mini program
    /// (`my.tradePay`). It exists at once and waits.
    Create: "alipay.trade.create" {
        /// The merchant's number of the order: letters, digits and `_`, unique for ever.
        out_trade_no: String [MAX_TRADE_NO],
        /// What is to be paid.
        total_amount: Fen,
        /// What is bought. Alipay's documents forbid `/`, `=` and `&`.
        subject: String [MAX_SUBJECT],
        /// `FACE_TO_FACE_PAYMENT`, or `JSAPI_PAY` (then with `op_app_id`).
        product_code: Option<String> [64],
        /// The buyer (`2088…`), who has to be the one that pays. One of the three is needed.
        buyer_id: Option<String> [28],
        /// The buyer, as newer applications know them.
        buyer_open_id: Option<String> [128],
        /// The buyer's login: an e-mail address or a telephone number.
        buyer_logon_id: Option<String> [100],
        /// The mini program, for `JSAPI_PAY`.
        op_app_id: Option<String> [32],
        /// The buyer, as that mini program knows them.
        op_buyer_open_id: Option<String> [128],
        /// Whose account gets the money, when it is not the application's own.
        seller_id: Option<String> [28],
        /// More about it; comes back in the notice.
        body: Option<String> [128],
        /// What is bought, line by line.
        goods_detail: Vec<Goods>,
        /// Who sells.
        operator_id: Option<String> [28],
        /// The merchant's shop.
        store_id: Option<String> [32],
        /// The till.
        terminal_id: Option<String> [32],
        /// How long it can be paid: `1m` to `15d`; 3 hours when absent, face to face.
        timeout_express: Option<String> [6],
        /// Until when it can be paid, `yyyy-MM-dd HH:mm:ss` in +08:00; wins over `timeout_express`.
        time_expire: Option<String> [32],
        /// The part that discounts may lower.
        discountable_amount: Option<Fen>,
        /// The part that they may not.
        undiscountable_amount: Option<Fen>,
        /// Parameters for partners and instalments.
        extend_params: Option<ExtendParams>,
        /// Where the money goes in the end.
        settle_info: Option<SettleInfo>,
        /// How goods are sent.
        logistics_detail: Option<Logistics>,
        /// Where goods are sent.
        receiver_address_info: Option<Receiver>,
        /// The merchant below a platform.
        sub_merchant: Option<SubMerchant>,
        /// Who has to be the one that pays.
        ext_user_info: Option<ExtUserInfo>,
        /// The only channels that may pay, joined by commas; not together with the next.
        enable_pay_channels: Option<String> [128],
        /// Channels that may not pay, joined by commas.
        disable_pay_channels: Option<String> [128],
        /// JSON text about the business.
        business_params: Option<String> [512],
        /// An agreement that the buyer signs with the payment.
        agreement_sign_params: Option<super::AgreementSignParams>,
        /// Comes back unchanged in the notice.
        passback_params: Option<String> [512],
        /// What else to tell.
        query_options: Vec<String>,
    }
    also(request) {
        if request.buyer_id.is_none()
            && request.buyer_open_id.is_none()
            && request.buyer_logon_id.is_none()
            && request.op_buyer_open_id.is_none()
        {
            return Err(RequestError::OneOf("`buyer_id`, `buyer_open_id` and `buyer_logon_id`"));
        }
        channels(request.enable_pay_channels.as_ref(), request.disable_pay_channels.as_ref())?;
    }
    echoes(request) { vec![("out_trade_no", request.out_trade_no.as_str())] }
}

impl Create {
    /// A trade over `total_amount` for the buyer `buyer_open_id`.
    #[must_use]
    pub fn for_open_id(
        out_trade_no: &str,
        subject: &str,
        total_amount: Fen,
        buyer_open_id: &str,
    ) -> Self {
        Self {
            out_trade_no: out_trade_no.to_owned(),
            subject: subject.to_owned(),
            total_amount,
            buyer_open_id: Some(buyer_open_id.to_owned()),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.trade.cancel`: takes a payment back whose outcome is failed or unknown. Unpaid it is
    /// closed, paid it is refunded in full. Safe to repeat; only soon after the payment
    /// (`ACQ.TRADE_CANCEL_TIME_OUT`). To give money back for a known payment, refund.
    Cancel: "alipay.trade.cancel" {
        /// The merchant's number.
        out_trade_no: Option<String> [MAX_TRADE_NO],
        /// Alipay's number; wins when both are given.
        trade_no: Option<String> [MAX_TRADE_NO],
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

impl Cancel {
    /// By the merchant's number.
    #[must_use]
    pub fn by_out_trade_no(out_trade_no: &str) -> Self {
        Self {
            out_trade_no: Some(out_trade_no.to_owned()),
            ..Self::default()
        }
    }
}

//! Payments in the buyer's browser: on a computer and on a phone.

use super::{
    AgreementSignParams, ExtUserInfo, ExtendParams, Goods, RoyaltyInfo, SettleInfo, SubMerchant,
    check::{MAX_SUBJECT, MAX_TRADE_NO, PageMethod},
    pay::channels,
    shape::{object, request},
};
use money::Fen;

request! {
    /// `alipay.trade.page.pay`: the cashier on a computer.
    ///
    /// Making the link makes no trade: the trade exists once the buyer has opened the link, so a
    /// query before that is answered `ACQ.TRADE_NOT_EXIST`.
    PagePay: "alipay.trade.page.pay" {
        /// The merchant's number of the order: letters, digits and `_`, at most 64, unique for ever.
        out_trade_no: String [MAX_TRADE_NO],
        /// `FAST_INSTANT_TRADE_PAY`, the only product of this method.
        product_code: String [64],
        /// What is to be paid.
        total_amount: Fen,
        /// What is bought, at most 256 characters. Alipay's documents forbid `/`, `=` and `&`.
        subject: String [MAX_SUBJECT],
        /// More about it, at most 128 characters; comes back in the notice.
        body: Option<String>,
        /// Until when it can be paid, `yyyy-MM-dd HH:mm:ss` in +08:00; wins over `timeout_express`.
        time_expire: Option<String> [32],
        /// How long it can be paid: `1m` to `15d`, or `1c` for "until midnight". 15 days when absent.
        timeout_express: Option<String> [6],
        /// Comes back unchanged in the notice; URL-encode it before.
        passback_params: Option<String> [512],
        /// `0` for virtual goods, `1` for physical ones.
        goods_type: Option<String> [2],
        /// How the QR code is shown: `0`, `1`, `3`, `4` inside an iframe, `2` on a page of its own.
        qr_pay_mode: Option<String> [2],
        /// How wide the QR code is, for `qr_pay_mode` `4`.
        qrcode_width: Option<String> [4],
        /// `PCWEB` when absent, or `ALIAPP`.
        integration_type: Option<String> [16],
        /// The page that the buyer comes from.
        request_from_url: Option<String> [256],
        /// The merchant's shop.
        store_id: Option<String> [32],
        /// The merchant's own number of the order, for its books.
        merchant_order_no: Option<String> [64],
        /// What is bought, line by line.
        goods_detail: Vec<Goods>,
        /// Parameters for partners and instalments.
        extend_params: Option<ExtendParams>,
        /// The only channels that may pay, joined by commas; not together with the next.
        enable_pay_channels: Option<String> [128],
        /// Channels that may not pay, joined by commas.
        disable_pay_channels: Option<String> [128],
        /// Where the money goes in the end.
        settle_info: Option<SettleInfo>,
        /// How the money is shared at once.
        royalty_info: Option<RoyaltyInfo>,
        /// The merchant below a platform.
        sub_merchant: Option<SubMerchant>,
        /// Who has to be the one that pays.
        ext_user_info: Option<ExtUserInfo>,
        /// What an invoice needs.
        invoice_info: Option<InvoiceInfo>,
        /// JSON text for discounts.
        promo_params: Option<String> [512],
        /// JSON text with more.
        business_params: Option<String> [512],
        /// The agreement that is signed along.
        agreement_sign_params: Option<AgreementSignParams>,
        /// What else to tell in the notice.
        query_options: Vec<String>,
    }
    also(request) {
        channels(request.enable_pay_channels.as_ref(), request.disable_pay_channels.as_ref())?;
    }
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
            ..Self::default()
        }
    }
}

impl PageMethod for PagePay {}

object! {
    /// What an invoice needs.
    InvoiceInfo {
        /// What is invoiced: JSON text, or one of Alipay's words.
        details: Option<String> [400],
        /// The key facts of the invoice: JSON text.
        key_info: Option<String>,
    }
}

request! {
    /// `alipay.trade.wap.pay`: the cashier on a phone, which opens the wallet when it is installed.
    ///
    /// The trade exists, and its timeout runs, once the buyer has confirmed in the cashier.
    WapPay: "alipay.trade.wap.pay" {
        /// The merchant's number of the order: letters, digits and `_`, at most 64, unique for ever.
        out_trade_no: String [MAX_TRADE_NO],
        /// `QUICK_WAP_WAY`, the only product of this method.
        product_code: String [64],
        /// What is to be paid.
        total_amount: Fen,
        /// What is bought, at most 256 characters. Alipay's documents forbid `/`, `=` and `&`.
        subject: String [MAX_SUBJECT],
        /// Where a buyer goes who leaves without paying, at most 400 characters.
        quit_url: String [400],
        /// More about it, at most 128 characters; comes back in the notice.
        body: Option<String>,
        /// Until when it can be paid, `yyyy-MM-dd HH:mm:ss` in +08:00; wins over `timeout_express`.
        time_expire: Option<String> [32],
        /// How long it can be paid after the buyer confirmed: `1m` to `15d`, at least `5m` advised.
        timeout_express: Option<String> [6],
        /// Comes back unchanged in the notice; URL-encode it before.
        passback_params: Option<String> [512],
        /// `0` for virtual goods, `1` for physical ones.
        goods_type: Option<String> [2],
        /// Whose account gets the money, when it is not the application's own.
        seller_id: Option<String> [28],
        /// The buyer's token, when they logged in before.
        auth_token: Option<crate::Secret> [40],
        /// A channel that the merchant names.
        specified_channel: Option<String> [128],
        /// The merchant's shop.
        store_id: Option<String> [32],
        /// The merchant's own number of the order, for its books.
        merchant_order_no: Option<String> [64],
        /// What is bought, line by line.
        goods_detail: Vec<Goods>,
        /// Parameters for partners and instalments.
        extend_params: Option<ExtendParams>,
        /// The only channels that may pay, joined by commas; not together with the next.
        enable_pay_channels: Option<String> [128],
        /// Channels that may not pay, joined by commas.
        disable_pay_channels: Option<String> [128],
        /// Where the money goes in the end.
        settle_info: Option<SettleInfo>,
        /// How the money is shared at once.
        royalty_info: Option<RoyaltyInfo>,
        /// The merchant below a platform.
        sub_merchant: Option<SubMerchant>,
        /// Who has to be the one that pays.
        ext_user_info: Option<ExtUserInfo>,
        /// JSON text for discounts.
        promo_params: Option<String> [512],
        /// JSON text with more.
        business_params: Option<String> [512],
        /// The agreement that is signed along.
        agreement_sign_params: Option<AgreementSignParams>,
        /// What else to tell in the notice.
        query_options: Vec<String>,
    }
    also(request) {
        channels(request.enable_pay_channels.as_ref(), request.disable_pay_channels.as_ref())?;
    }
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
            ..Self::default()
        }
    }
}

impl PageMethod for WapPay {}

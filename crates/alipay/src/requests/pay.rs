//! Payments in an app, by barcode, by agreement, and out of frozen money.

use super::{
    ExtUserInfo, ExtendParams, Goods, RoyaltyInfo, SettleInfo, SubMerchant,
    check::{MAX_SUBJECT, MAX_TRADE_NO, OrderMethod, RequestError},
    shape::{object, request},
};
use crate::{Secret, words::words};
use money::Fen;

request! {
    /// `alipay.trade.app.pay`: a signed text that the merchant's app hands to the wallet; see
    /// [`crate::App::order_string`].
    ///
    /// The trade exists, and its timeout runs, once the buyer has confirmed in the wallet. What the
    /// app gets back (`resultStatus` 9000) is no proof of payment: the notice or a query is.
    AppPay: "alipay.trade.app.pay" {
        /// The merchant's number of the order: letters, digits and `_`, unique for ever.
        out_trade_no: String [MAX_TRADE_NO],
        /// What is to be paid.
        total_amount: Fen,
        /// What is bought. Alipay's documents forbid `/`, `=` and `&`.
        subject: String [MAX_SUBJECT],
        /// `QUICK_MSECURITY_PAY` when absent; `CYCLE_PAY_AUTH` for paying and signing an agreement.
        product_code: Option<String> [64],
        /// More about it; comes back in the notice.
        body: Option<String> [128],
        /// Until when it can be paid, `yyyy-MM-dd HH:mm:ss` in +08:00; wins over `timeout_express`.
        time_expire: Option<String> [32],
        /// How long it can be paid after the buyer confirmed: `1m` to `15d`, or `1c`.
        timeout_express: Option<String> [6],
        /// Whose account gets the money, when it is not the application's own.
        seller_id: Option<String> [28],
        /// What is bought, line by line.
        goods_detail: Vec<Goods>,
        /// Comes back unchanged in the notice; URL-encode it before.
        passback_params: Option<String> [512],
        /// Parameters for partners and instalments.
        extend_params: Option<ExtendParams>,
        /// `0` for virtual goods, `1` for physical ones.
        goods_type: Option<String> [2],
        /// The only channels that may pay, joined by commas; not together with the next.
        enable_pay_channels: Option<String> [128],
        /// Channels that may not pay, joined by commas.
        disable_pay_channels: Option<String> [128],
        /// A channel that the merchant names.
        specified_channel: Option<String> [128],
        /// The merchant's shop.
        store_id: Option<String> [32],
        /// The merchant's own number of the order, for its books.
        merchant_order_no: Option<String> [64],
        /// Where the money goes in the end.
        settle_info: Option<SettleInfo>,
        /// How the money is shared at once.
        royalty_info: Option<RoyaltyInfo>,
        /// The merchant below a platform.
        sub_merchant: Option<SubMerchant>,
        /// Who has to be the one that pays.
        ext_user_info: Option<ExtUserInfo>,
        /// JSON text about discounts.
        promo_params: Option<String> [512],
        /// JSON text about the business.
        business_params: Option<String> [512],
        /// The agreement that is signed along, for `CYCLE_PAY_AUTH`.
        agreement_sign_params: Option<super::AgreementSignParams>,
        /// What else to tell in the notice: `fund_bill_list`, …
        query_options: Vec<String>,
    }
    also(request) {
        channels(request.enable_pay_channels.as_ref(), request.disable_pay_channels.as_ref())?;
    }
}

impl AppPay {
    /// A payment of `total_amount` for `subject`.
    #[must_use]
    pub fn new(out_trade_no: &str, subject: &str, total_amount: Fen) -> Self {
        Self {
            out_trade_no: out_trade_no.to_owned(),
            subject: subject.to_owned(),
            total_amount,
            product_code: Some("QUICK_MSECURITY_PAY".to_owned()),
            ..Self::default()
        }
    }
}

impl OrderMethod for AppPay {}

words! {
    /// How the buyer shows the code that is scanned.
    Scene {
        /// A barcode or QR code on a phone.
        BarCode = "bar_code",
        /// A face; the code begins with `fp`.
        SecurityCode = "security_code",
        /// A sound, in old shops.
        WaveCode = "wave_code",
    }
}

request! {
    /// `alipay.trade.pay`: takes money by the code that the buyer shows, by an agreement, or from
    /// what was frozen before.
    ///
    /// - Done (`10000`): taken; Alipay advises to confirm by a query or the notice.
    /// - Unknown with [`crate::Why::Accepted`] (`10003`): the buyer has to confirm (above 1,000
    ///   yuan a password is asked for). That is no payment: query, and cancel if it stays so.
    /// - Unknown otherwise: the same.
    ///
    /// [`crate::poll::pay`] does all that.
    Pay: "alipay.trade.pay" {
        /// The merchant's number of the order: letters, digits and `_`, unique for ever.
        out_trade_no: String [MAX_TRADE_NO],
        /// What is to be paid.
        total_amount: Fen,
        /// What is bought. Alipay's documents forbid `/`, `=` and `&`.
        subject: String [MAX_SUBJECT],
        /// What the buyer shows. Absent for agreements and frozen money.
        scene: Option<Scene>,
        /// The code that was scanned: 16 to 24 digits that begin with 25 to 30, or `fp…`.
        auth_code: Option<Secret> [64],
        /// `FACE_TO_FACE_PAYMENT` when absent; `CYCLE_PAY_AUTH`, `GENERAL_WITHHOLDING`,
        /// `PRE_AUTH_ONLINE`, `PRE_AUTH`, `OFFLINE_PAYMENT`.
        product_code: Option<String> [64],
        /// More about it; comes back in the notice.
        body: Option<String> [128],
        /// The buyer (`2088…`); needed for frozen money.
        buyer_id: Option<String> [28],
        /// The buyer, as newer applications know them.
        buyer_open_id: Option<String> [128],
        /// Whose account gets the money; needed for frozen money.
        seller_id: Option<String> [28],
        /// The number of what was frozen.
        auth_no: Option<String> [64],
        /// `COMPLETE` gives back what is left of the frozen money, `NOT_COMPLETE` keeps it.
        auth_confirm_mode: Option<String> [32],
        /// The agreement by which money is taken without the buyer.
        agreement_params: Option<AgreementParams>,
        /// How long it can be paid: `1m` to `15d`; 3 hours when absent, face to face.
        timeout_express: Option<String> [6],
        /// Until when it can be paid, `yyyy-MM-dd HH:mm:ss` in +08:00; wins over `timeout_express`.
        time_expire: Option<String> [32],
        /// `true` answers before the money was taken.
        is_async_pay: Option<bool>,
        /// How that is done.
        pay_params: Option<PayParams>,
        /// The currency of the price; `CNY` when absent.
        trans_currency: Option<String> [8],
        /// The currency in which the merchant gets its money.
        settle_currency: Option<String> [8],
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
        /// JSON text about the till, for encrypted ones.
        terminal_params: Option<String> [2048],
        /// Parameters for partners and instalments.
        extend_params: Option<ExtendParams>,
        /// When the order really was, for discounts.
        promo_params: Option<PromoParams>,
        /// Pays in advance: `ENJOY_PAY_V2`, …
        advance_payment_type: Option<String> [32],
        /// Comes back unchanged in the notice.
        passback_params: Option<String> [512],
        /// The only channels that may pay, joined by commas; not together with the next.
        enable_pay_channels: Option<String> [128],
        /// Channels that may not pay, joined by commas.
        disable_pay_channels: Option<String> [128],
        /// The merchant below a platform.
        sub_merchant: Option<SubMerchant>,
        /// Where the money goes in the end.
        settle_info: Option<SettleInfo>,
        /// How the money is shared at once.
        royalty_info: Option<RoyaltyInfo>,
        /// What else to tell: `fund_bill_list`, `voucher_detail_list`, `discount_goods_detail`,
        /// `enterprise_pay_info`, `discount_amount`, `mdiscount_amount`.
        query_options: Vec<String>,
    }
    also(request) {
        if request.auth_code.is_none() && request.auth_no.is_none() && request.agreement_params.is_none() {
            return Err(RequestError::OneOf("`auth_code`, `auth_no` and `agreement_params`"));
        }
        channels(request.enable_pay_channels.as_ref(), request.disable_pay_channels.as_ref())?;
        if let (Some(with), Some(without)) = (request.discountable_amount, request.undiscountable_amount)
            && with.checked_add(without) != Some(request.total_amount)
        {
            return Err(RequestError::Rule(
                "`discountable_amount` and `undiscountable_amount` have to sum up to `total_amount`",
            ));
        }
    }
    echoes(request) { vec![("out_trade_no", request.out_trade_no.as_str())] }
}

impl Pay {
    /// Takes `total_amount` by the barcode that the buyer shows.
    #[must_use]
    pub fn by_barcode(
        out_trade_no: &str,
        subject: &str,
        total_amount: Fen,
        auth_code: &str,
    ) -> Self {
        Self {
            out_trade_no: out_trade_no.to_owned(),
            subject: subject.to_owned(),
            total_amount,
            scene: Some(Scene::BarCode),
            auth_code: Some(Secret::new(auth_code)),
            ..Self::default()
        }
    }

    /// Takes `total_amount` by an agreement that the buyer signed, without asking them.
    #[must_use]
    pub fn by_agreement(
        out_trade_no: &str,
        subject: &str,
        total_amount: Fen,
        agreement_no: &str,
    ) -> Self {
        Self {
            out_trade_no: out_trade_no.to_owned(),
            subject: subject.to_owned(),
            total_amount,
            product_code: Some("CYCLE_PAY_AUTH".to_owned()),
            agreement_params: Some(AgreementParams {
                agreement_no: agreement_no.to_owned(),
                ..AgreementParams::default()
            }),
            ..Self::default()
        }
    }

    /// Takes `total_amount` out of what was frozen under `auth_no`. Set `buyer_id` (or
    /// `buyer_open_id`) and `seller_id`, too: Alipay wants both here.
    #[must_use]
    pub fn from_frozen(
        out_trade_no: &str,
        subject: &str,
        total_amount: Fen,
        auth_no: &str,
        product_code: &str,
    ) -> Self {
        Self {
            out_trade_no: out_trade_no.to_owned(),
            subject: subject.to_owned(),
            total_amount,
            product_code: Some(product_code.to_owned()),
            auth_no: Some(auth_no.to_owned()),
            ..Self::default()
        }
    }
}

object! {
    /// An agreement by which money is taken.
    AgreementParams {
        /// Its number at Alipay.
        agreement_no: String [64],
        /// A token of the application for the deduction.
        apply_token: Option<Secret> [64],
        /// The confirmation's number, once the buyer has confirmed.
        auth_confirm_no: Option<String> [64],
        /// A permission to deduct.
        deduct_permission: Option<String>,
    }
}

object! {
    /// How a payment that answers early goes on.
    PayParams {
        /// `NORMAL_ASYNC` or `NEAR_REAL_TIME_ASYNC`.
        async_type: Option<String> [64],
        /// `NONE_AND_CLOSETRADE`, `NONE`, or `RETY` (Alipay's spelling).
        retry_type: Option<String> [64],
    }
}

object! {
    /// When an order really was, for discounts.
    PromoParams {
        /// `yyyy-MM-dd HH:mm:ss`.
        actual_order_time: Option<String> [32],
    }
}

/// Channels are either named or excluded.
pub(super) fn channels(
    enabled: Option<&String>,
    disabled: Option<&String>,
) -> Result<(), RequestError> {
    if enabled.is_some() && disabled.is_some() {
        return Err(RequestError::Rule(
            "`enable_pay_channels` and `disable_pay_channels` exclude each other",
        ));
    }
    Ok(())
}

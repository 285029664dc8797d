//! Freezing money first and taking it later.

use super::{
    check::{OrderMethod, RequestError},
    shape::{object, request},
};
use crate::{Secret, words::words};
use money::Fen;

object! {
    /// A payment that may follow a freeze, told beforehand.
    PostPayment {
        /// What it is for.
        name: Option<String> [64],
        /// How much it will be.
        amount: Option<Fen>,
        /// More about it.
        description: Option<String> [128],
    }
}

request! {
    /// `alipay.fund.auth.order.app.freeze`: a signed text by which the wallet asks the buyer to
    /// freeze money; see [`crate::App::order_string`].
    AppFreeze: "alipay.fund.auth.order.app.freeze" {
        /// The merchant's number of the order.
        out_order_no: String [64],
        /// The merchant's number of this operation, unique within the order.
        out_request_no: String [64],
        /// What the buyer reads.
        order_title: String [100],
        /// How much is frozen.
        amount: Fen,
        /// `PRE_AUTH_ONLINE`.
        product_code: String [64],
        /// Who would get the money (`2088…`).
        payee_user_id: Option<String> [32],
        /// Who would get the money, as a login.
        payee_logon_id: Option<String> [100],
        /// How long the buyer has: `1m` to `15d`; 15 minutes when absent.
        pay_timeout: Option<String> [5],
        /// The same, in newer contracts.
        timeout_express: Option<String> [5],
        /// JSON text: `{"category":"…","serviceId":"…"}`.
        extra_param: Option<String> [300],
        /// JSON text of the only channels: `[{"payChannelType":"MONEY_FUND"}]`.
        enable_pay_channels: Option<String> [128],
        /// JSON text of excluded channels.
        disable_pay_channels: Option<String> [128],
        /// `DEPOSIT_ONLY` for a deposit that is not spent.
        deposit_product_mode: Option<String> [32],
        /// What may be taken later.
        post_payments: Vec<PostPayment>,
        /// JSON text about who has to be the one that freezes.
        identity_params: Option<String>,
        /// JSON text with more.
        business_params: Option<String>,
        /// The scene.
        scene_code: Option<String> [64],
        /// The currency of the price.
        trans_currency: Option<String> [8],
        /// The currency of the settlement.
        settle_currency: Option<String> [8],
    }
}

impl AppFreeze {
    /// Asks the buyer in the wallet to freeze `amount`.
    #[must_use]
    pub fn new(out_order_no: &str, out_request_no: &str, title: &str, amount: Fen) -> Self {
        Self {
            out_order_no: out_order_no.to_owned(),
            out_request_no: out_request_no.to_owned(),
            order_title: title.to_owned(),
            amount,
            product_code: "PRE_AUTH_ONLINE".to_owned(),
            ..Self::default()
        }
    }
}

impl OrderMethod for AppFreeze {}

request! {
    /// `alipay.fund.auth.order.freeze`: freezes money by the code that the buyer shows. As with a
    /// payment, `10003` is no success: ask with [`OperationQuery`].
    Freeze: "alipay.fund.auth.order.freeze" {
        /// The merchant's number of the order.
        out_order_no: String [64],
        /// The merchant's number of this operation, unique within the order.
        out_request_no: String [64],
        /// The code that was scanned.
        auth_code: Secret [64],
        /// What it is: `bar_code` or `security_code`.
        auth_code_type: Option<AuthCodeType>,
        /// What the buyer reads.
        order_title: String [100],
        /// How much is frozen.
        amount: Fen,
        /// `PRE_AUTH`.
        product_code: String [64],
        /// Who would get the money (`2088…`).
        payee_user_id: Option<String> [32],
        /// Who would get the money, as a login.
        payee_logon_id: Option<String> [100],
        /// How long the buyer has: `1m` to `15d`; 15 minutes when absent.
        pay_timeout: Option<String> [5],
        /// The same, in newer contracts.
        timeout_express: Option<String> [5],
        /// JSON text: `{"category":"…"}`.
        extra_param: Option<String> [300],
        /// JSON text of the only channels.
        enable_pay_channels: Option<String> [128],
        /// JSON text of excluded channels.
        disable_pay_channels: Option<String> [128],
        /// `DEPOSIT_ONLY` for a deposit that is not spent.
        deposit_product_mode: Option<String> [32],
        /// What may be taken later.
        post_payments: Vec<PostPayment>,
        /// JSON text about who has to be the one that freezes.
        identity_params: Option<String>,
        /// JSON text with more.
        business_params: Option<String>,
        /// The scene.
        scene_code: Option<String> [64],
        /// JSON text about the till.
        terminal_params: Option<String>,
        /// The currency of the price.
        trans_currency: Option<String> [8],
        /// The currency of the settlement.
        settle_currency: Option<String> [8],
    }
    echoes(request) { operation(&request.out_order_no, &request.out_request_no) }
}

words! {
    /// What was scanned for a freeze.
    AuthCodeType {
        /// A barcode or QR code on a phone.
        BarCode = "bar_code",
        /// A face.
        SecurityCode = "security_code",
    }
}

impl Freeze {
    /// Freezes `amount` by the barcode that the buyer shows.
    #[must_use]
    pub fn by_barcode(
        out_order_no: &str,
        out_request_no: &str,
        title: &str,
        amount: Fen,
        auth_code: &str,
    ) -> Self {
        Self {
            out_order_no: out_order_no.to_owned(),
            out_request_no: out_request_no.to_owned(),
            order_title: title.to_owned(),
            amount,
            auth_code: Secret::new(auth_code),
            auth_code_type: Some(AuthCodeType::BarCode),
            product_code: "PRE_AUTH".to_owned(),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.fund.auth.order.voucher.create`: a QR code that the buyer scans to freeze money.
    VoucherCreate: "alipay.fund.auth.order.voucher.create" {
        /// The merchant's number of the order.
        out_order_no: String [64],
        /// The merchant's number of this operation, unique within the order.
        out_request_no: String [64],
        /// What the buyer reads.
        order_title: String [100],
        /// How much is frozen.
        amount: Fen,
        /// `PRE_AUTH`.
        product_code: String [64],
        /// Who would get the money (`2088…`).
        payee_user_id: Option<String> [32],
        /// Who would get the money, as a login.
        payee_logon_id: Option<String> [100],
        /// How long the buyer has: `1m` to `15d`; 15 minutes when absent.
        pay_timeout: Option<String> [5],
        /// The same, in newer contracts.
        timeout_express: Option<String> [5],
        /// JSON text: `{"category":"…"}`.
        extra_param: Option<String> [300],
        /// JSON text of the only channels.
        enable_pay_channels: Option<String> [128],
        /// JSON text of excluded channels.
        disable_pay_channels: Option<String> [128],
        /// `DEPOSIT_ONLY` for a deposit that is not spent.
        deposit_product_mode: Option<String> [32],
        /// What may be taken later.
        post_payments: Vec<PostPayment>,
        /// JSON text about who has to be the one that freezes.
        identity_params: Option<String>,
        /// JSON text with more.
        business_params: Option<String>,
        /// The scene.
        scene_code: Option<String> [64],
        /// The currency of the price.
        trans_currency: Option<String> [8],
        /// The currency of the settlement.
        settle_currency: Option<String> [8],
    }
    echoes(request) { operation(&request.out_order_no, &request.out_request_no) }
}

impl VoucherCreate {
    /// A QR code that freezes `amount`.
    #[must_use]
    pub fn new(out_order_no: &str, out_request_no: &str, title: &str, amount: Fen) -> Self {
        Self {
            out_order_no: out_order_no.to_owned(),
            out_request_no: out_request_no.to_owned(),
            order_title: title.to_owned(),
            amount,
            product_code: "PRE_AUTH".to_owned(),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.fund.auth.order.unfreeze`: gives frozen money back to its owner. The same
    /// `out_request_no` gives back once.
    Unfreeze: "alipay.fund.auth.order.unfreeze" {
        /// Alipay's number of what is frozen.
        auth_no: String [64],
        /// The merchant's number of this operation, kept for every repeat.
        out_request_no: String [64],
        /// How much.
        amount: Fen,
        /// Why.
        remark: String [100],
        /// JSON text with more.
        extra_param: Option<String> [300],
    }
    echoes(request) {
        vec![("auth_no", request.auth_no.as_str()), ("out_request_no", request.out_request_no.as_str())]
    }
}

impl Unfreeze {
    /// Gives back `amount`.
    #[must_use]
    pub fn new(auth_no: &str, out_request_no: &str, amount: Fen, remark: &str) -> Self {
        Self {
            auth_no: auth_no.to_owned(),
            out_request_no: out_request_no.to_owned(),
            amount,
            remark: remark.to_owned(),
            ..Self::default()
        }
    }
}

words! {
    /// Which operation on frozen money.
    OperationType {
        /// Freezing.
        Freeze = "FREEZE",
        /// Giving back.
        Unfreeze = "UNFREEZE",
        /// Taking.
        Pay = "PAY",
    }
}

request! {
    /// `alipay.fund.auth.operation.detail.query`: what came of a freeze, an unfreeze or a capture.
    OperationQuery: "alipay.fund.auth.operation.detail.query" {
        /// Alipay's number of what is frozen; or the next.
        auth_no: Option<String> [64],
        /// The merchant's number of the order.
        out_order_no: Option<String> [64],
        /// Alipay's number of the operation; or the next.
        operation_id: Option<String> [64],
        /// The merchant's number of the operation.
        out_request_no: Option<String> [64],
        /// Which operation.
        operation_type: Option<OperationType>,
        /// What else to tell.
        query_options: Vec<String>,
    }
    also(request) {
        names(&request.auth_no, &request.out_order_no, &request.operation_id, &request.out_request_no)?;
    }
    echoes(request) { echoes(&request.auth_no, &request.out_order_no, &request.operation_id, &request.out_request_no) }
}

impl OperationQuery {
    /// By the merchant's numbers.
    #[must_use]
    pub fn new(out_order_no: &str, out_request_no: &str) -> Self {
        Self {
            out_order_no: Some(out_order_no.to_owned()),
            out_request_no: Some(out_request_no.to_owned()),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.fund.auth.operation.cancel`: takes a freeze back whose outcome is unknown. Not yet
    /// frozen it is closed, frozen it is given back. Only soon after
    /// (`CANCEL_OPERATION_TIME_OUT`).
    OperationCancel: "alipay.fund.auth.operation.cancel" {
        /// Alipay's number of what is frozen; or the next.
        auth_no: Option<String> [64],
        /// The merchant's number of the order.
        out_order_no: Option<String> [64],
        /// Alipay's number of the operation; or the next.
        operation_id: Option<String> [64],
        /// The merchant's number of the operation.
        out_request_no: Option<String> [64],
        /// Why.
        remark: String [100],
    }
    also(request) {
        names(&request.auth_no, &request.out_order_no, &request.operation_id, &request.out_request_no)?;
    }
    echoes(request) { echoes(&request.auth_no, &request.out_order_no, &request.operation_id, &request.out_request_no) }
}

impl OperationCancel {
    /// By the merchant's numbers.
    #[must_use]
    pub fn new(out_order_no: &str, out_request_no: &str, remark: &str) -> Self {
        Self {
            out_order_no: Some(out_order_no.to_owned()),
            out_request_no: Some(out_request_no.to_owned()),
            remark: remark.to_owned(),
            ..Self::default()
        }
    }
}

type Number = Option<String>;

fn names(
    auth_no: &Number,
    out_order_no: &Number,
    operation_id: &Number,
    out_request_no: &Number,
) -> Result<(), RequestError> {
    if auth_no.is_none() && out_order_no.is_none() {
        return Err(RequestError::OneOf("`auth_no` and `out_order_no`"));
    }
    if operation_id.is_none() && out_request_no.is_none() {
        return Err(RequestError::OneOf("`operation_id` and `out_request_no`"));
    }
    Ok(())
}

fn echoes<'a>(
    auth_no: &'a Number,
    out_order_no: &'a Number,
    operation_id: &'a Number,
    out_request_no: &'a Number,
) -> Vec<(&'static str, &'a str)> {
    [
        ("auth_no", auth_no),
        ("out_order_no", out_order_no),
        ("operation_id", operation_id),
        ("out_request_no", out_request_no),
    ]
    .into_iter()
    .filter_map(|(name, number)| Some((name, number.as_deref()?)))
    .collect()
}

fn operation<'a>(out_order_no: &'a str, out_request_no: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("out_order_no", out_order_no),
        ("out_request_no", out_request_no),
    ]
}

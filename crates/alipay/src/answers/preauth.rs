//! What freezing money answers.

use super::read::answer;
use crate::{
    AlipayTime,
    requests::{Freeze, OperationCancel, OperationQuery, OperationType, Unfreeze, VoucherCreate},
    words::words,
};
use money::Fen;

words! {
    /// Where an operation on frozen money stands.
    OperationStatus {
        /// It waits for the buyer.
        Init = "INIT",
        /// It was done.
        Success = "SUCCESS",
        /// It will not be done.
        Closed = "CLOSED",
    }
}

words! {
    /// Where an order of frozen money stands.
    FrozenOrderStatus {
        /// It waits for the buyer.
        Init = "INIT",
        /// Money is frozen.
        Authorized = "AUTHORIZED",
        /// All of it was taken or given back.
        Finish = "FINISH",
        /// Nothing was frozen.
        Closed = "CLOSED",
    }
}

answer! {
    /// What `alipay.fund.auth.order.freeze` answers. Frozen only with `SUCCESS`.
    FreezeResponse of Freeze {
        /// Alipay's number of what is frozen.
        auth_no: String,
        /// The merchant's number of the order.
        out_order_no: String,
        /// Alipay's number of the operation.
        operation_id: Option<String>,
        /// The merchant's number of the operation.
        out_request_no: String,
        /// How much.
        amount: Fen,
        /// Whether it is frozen.
        status: OperationStatus,
        /// Whose money (`2088…`).
        payer_user_id: Option<String>,
        /// Whose money, as newer applications know them.
        payer_open_id: Option<String>,
        /// Whose money, with most of the login starred out.
        payer_logon_id: Option<String>,
        /// When.
        gmt_trans: Option<AlipayTime>,
        /// `CREDIT_AUTH` when credit stands in for money.
        pre_auth_type: Option<String>,
        /// The part that credit stands for.
        credit_amount: Option<Fen>,
        /// The part that is money.
        fund_amount: Option<Fen>,
    }
}

answer! {
    /// What `alipay.fund.auth.order.voucher.create` answers.
    VoucherCreateResponse of VoucherCreate {
        /// The merchant's number of the order.
        out_order_no: String,
        /// The merchant's number of the operation.
        out_request_no: String,
        /// `qrCode`.
        code_type: Option<String>,
        /// What the QR code says.
        code_value: String,
        /// A picture of it.
        code_url: Option<String>,
    }
}

answer! {
    /// What `alipay.fund.auth.order.unfreeze` answers.
    UnfreezeResponse of Unfreeze {
        /// Alipay's number of what is frozen.
        auth_no: String,
        /// The merchant's number of the order.
        out_order_no: Option<String>,
        /// Alipay's number of the operation.
        operation_id: Option<String>,
        /// The merchant's number of the operation.
        out_request_no: String,
        /// How much.
        amount: Fen,
        /// Whether it was given back.
        status: OperationStatus,
        /// When.
        gmt_trans: Option<AlipayTime>,
        /// The part that credit stood for.
        credit_amount: Option<Fen>,
        /// The part that was money.
        fund_amount: Option<Fen>,
    }
}

answer! {
    /// What `alipay.fund.auth.operation.detail.query` answers.
    OperationQueryResponse of OperationQuery {
        /// Alipay's number of what is frozen.
        auth_no: Option<String>,
        /// The merchant's number of the order.
        out_order_no: Option<String>,
        /// Alipay's number of the operation.
        operation_id: Option<String>,
        /// The merchant's number of the operation.
        out_request_no: Option<String>,
        /// Which operation.
        operation_type: Option<OperationType>,
        /// Where the order stands.
        order_status: Option<FrozenOrderStatus>,
        /// Where the operation stands.
        status: OperationStatus,
        /// How much the operation is over.
        amount: Option<Fen>,
        /// What is still frozen.
        rest_amount: Option<Fen>,
        /// All that was frozen.
        total_freeze_amount: Option<Fen>,
        /// All that was taken.
        total_pay_amount: Option<Fen>,
        /// The part of `rest_amount` that credit stands for.
        rest_credit_amount: Option<Fen>,
        /// The part of `rest_amount` that is money.
        rest_fund_amount: Option<Fen>,
        /// The part of `total_freeze_amount` that credit stood for.
        total_freeze_credit_amount: Option<Fen>,
        /// The part of `total_freeze_amount` that was money.
        total_freeze_fund_amount: Option<Fen>,
        /// The part of `total_pay_amount` that credit stood for.
        total_pay_credit_amount: Option<Fen>,
        /// The part of `total_pay_amount` that was money.
        total_pay_fund_amount: Option<Fen>,
        /// What the buyer read.
        order_title: Option<String>,
        /// Whose money (`2088…`).
        payer_user_id: Option<String>,
        /// Whose money, as newer applications know them.
        payer_open_id: Option<String>,
        /// Whose money, with most of the login starred out.
        payer_logon_id: Option<String>,
        /// When it was asked for.
        gmt_create: Option<AlipayTime>,
        /// When it was done.
        gmt_trans: Option<AlipayTime>,
        /// A remark.
        remark: Option<String>,
    }
}

words! {
    /// What cancelling a freeze did.
    FreezeCancelAction {
        /// Nothing was frozen; the order is closed.
        Close = "close",
        /// What was frozen was given back.
        Unfreeze = "unfreeze",
    }
}

answer! {
    /// What `alipay.fund.auth.operation.cancel` answers.
    OperationCancelResponse of OperationCancel {
        /// Alipay's number of what was frozen.
        auth_no: Option<String>,
        /// The merchant's number of the order.
        out_order_no: Option<String>,
        /// Alipay's number of the operation.
        operation_id: Option<String>,
        /// The merchant's number of the operation.
        out_request_no: Option<String>,
        /// What was done.
        action: Option<FreezeCancelAction>,
    }
}

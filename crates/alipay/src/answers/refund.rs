//! What asking for a later refund answers.

use super::read::answer;
use crate::{requests::RefundApply, words::words};
use money::Fen;

words! {
    /// Where a later refund stands.
    RefundApplyStatus {
        /// It is under way.
        Processing = "REFUND_PROCESSING",
        /// The money went back.
        Success = "REFUND_SUCCESS",
        /// It did not.
        Fail = "REFUND_FAIL",
    }
}

answer! {
    /// What `alipay.trade.refund.apply` answers. Only `REFUND_SUCCESS` means that money went back.
    RefundApplyResponse of RefundApply {
        /// Alipay's number.
        trade_no: Option<String>,
        /// The merchant's number.
        out_trade_no: Option<String>,
        /// The number of the refund.
        out_request_no: Option<String>,
        /// How much.
        refund_amount: Option<Fen>,
        /// Where it stands.
        refund_status: RefundApplyStatus,
    }
}

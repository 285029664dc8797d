//! What agreements answer.

use super::read::{answer, item};
use crate::{
    AlipayTime,
    requests::{AgreementModify, AgreementQuery, AgreementTransfer, AgreementUnsign},
    words::words,
};
use money::Fen;

words! {
    /// Where an agreement stands.
    AgreementStatus {
        /// It is being signed.
        Temp = "TEMP",
        /// It holds.
        Normal = "NORMAL",
        /// It is suspended (older documents).
        Stop = "STOP",
        /// It was ended.
        Unsign = "UNSIGN",
    }
}

item! {
    /// One planned deduction.
    ExecutionPlan {
        /// How much at most.
        single_amount: Option<Fen>,
        /// Its number.
        period_id: Option<String>,
        /// The first day, `yyyy-MM-dd`.
        execute_time: Option<String>,
        /// The last day, `yyyy-MM-dd`.
        latest_execute_time: Option<String>,
    }
}

answer! {
    /// What `alipay.user.agreement.query` answers.
    AgreementQueryResponse of AgreementQuery {
        /// Alipay's number.
        agreement_no: String,
        /// The merchant's number.
        external_agreement_no: Option<String>,
        /// Who signed (`2088…`).
        principal_id: Option<String>,
        /// Who signed, as newer applications know them.
        principal_open_id: Option<String>,
        /// What for.
        sign_scene: Option<String>,
        /// The product.
        personal_product_code: Option<String>,
        /// Where it stands.
        status: AgreementStatus,
        /// When it was signed.
        sign_time: Option<AlipayTime>,
        /// From when on it holds.
        valid_time: Option<AlipayTime>,
        /// Until when it holds; `2115-02-01 00:00:00` is for ever.
        invalid_time: Option<AlipayTime>,
        /// The user's login with most of it starred out.
        alipay_logon_id: Option<String>,
        /// The user's login at the merchant.
        external_logon_id: Option<String>,
        /// The day of the next deduction.
        next_deduct_time: Option<String>,
        /// The day of the last one.
        last_deduct_time: Option<String>,
        /// How much at most each time.
        single_quota: Option<Fen>,
        /// The planned deductions.
        execution_plans: Vec<ExecutionPlan>,
        /// `PARTNER` or `MERCHANT`.
        third_party_type: Option<String>,
        /// The user at Zhima credit.
        zm_open_id: Option<String>,
    }
}

answer! {
    /// What `alipay.user.agreement.unsign` answers: it is ended. Nothing more comes.
    AgreementUnsignResponse of AgreementUnsign {}
}

answer! {
    /// What `alipay.user.agreement.transfer` answers: the plan that the agreement has now.
    AgreementTransferResponse of AgreementTransfer {
        /// `DAY` or `MONTH`.
        period_type: Option<String>,
        /// Every so many of them.
        period: Option<u64>,
        /// The first day, `yyyy-MM-dd`.
        execute_time: Option<String>,
        /// How much at most each time.
        amount: Option<Fen>,
        /// How much at most in all.
        total_amount: Option<Fen>,
        /// How often at most.
        total_payments: Option<u64>,
    }
}

answer! {
    /// What `alipay.user.agreement.executionplan.modify` answers.
    AgreementModifyResponse of AgreementModify {
        /// Alipay's number.
        agreement_no: String,
        /// The new day, `yyyy-MM-dd`.
        deduct_time: Option<String>,
    }
}

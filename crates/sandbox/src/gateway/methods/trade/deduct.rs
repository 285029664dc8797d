//! `alipay.trade.pay` with an agreement: takes money without asking the buyer.

use super::pay::paid;
use super::words::not_taken;
use crate::app::agreement::deduct::{self as app, Deduct, DeductError};
use crate::domain::Product;
use crate::domain::agreement::{AgreementRefusal, EARLY_DAYS};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::trade::{
    AGREEMENT_ERROR, AGREEMENT_INVALID, AGREEMENT_NOT_EXIST, AGREEMENT_STATUS_NOT_NORMAL,
    CYCLE_PAY_DATE_NOT_MATCH, CYCLE_PAY_SINGLE_FEE_EXCEED, CYCLE_PAY_TOTAL_FEE_EXCEED,
    CYCLE_PAY_TOTAL_TIMES_EXCEED, TRADE_BUYER_NOT_MATCH,
};
use crate::gateway::errors::{Fault, SubCode};
use crate::gateway::methods::{Answered, Call};
use crate::gateway::offer;

pub(super) async fn deduct(mut call: Call<'_>) -> Answered {
    let app = call.caller.app.clone();
    let now = call.cx.now();
    let read = offer::read(call.read, &mut call.biz, &app, Product::Deduct, now)?;
    let agreement_no = match call.biz.object("agreement_params")? {
        Some(params) => params.text("agreement_no", 64)?,
        None => None,
    };
    let agreement_no = agreement_no.ok_or_else(|| {
        invalid_parameter(
            "agreement_params.agreement_no",
            "缺失：代扣要传签约得到的协议号。",
            "is missing: a deduction names the agreement.",
        )
    })?;
    for name in ["auth_code", "scene"] {
        if call.biz.has(name) {
            call.biz.odd(
                name,
                "代扣不需要付款码，已忽略。",
                "is not needed for a deduction and is ignored.",
            )?;
        }
    }
    let wish = Deduct {
        agreement_no,
        product_code: call.biz.required("product_code", 64)?,
        buyer_id: call.biz.text("buyer_id", 28)?,
        offer: read,
        app,
    };
    match app::deduct(call.cx, wish).await {
        Ok(trade) => Ok((paid(&trade), call.biz.warnings)),
        Err(DeductError::Store(error)) => Err(error.into()),
        Err(DeductError::Trade(why)) => Err(not_taken(why)),
        Err(DeductError::Agreement(refusal)) => Err(not_allowed(&refusal)),
    }
}

fn not_allowed(refusal: &AgreementRefusal) -> Fault {
    let (what, zh, en): (SubCode, String, String) = match refusal {
        AgreementRefusal::NotSigned => (
            AGREEMENT_STATUS_NOT_NORMAL,
            "用户还没有签约。".to_owned(),
            "Nobody signed the agreement yet.".to_owned(),
        ),
        AgreementRefusal::Ended | AgreementRefusal::Closed => (
            AGREEMENT_INVALID,
            "协议已解约、已到期，或用户没有签约。".to_owned(),
            "The agreement was ended, its time is over, or nobody signed it.".to_owned(),
        ),
        AgreementRefusal::OtherProduct => (
            AGREEMENT_ERROR,
            "product_code 须与签约时相同（CYCLE_PAY_AUTH 或 GENERAL_WITHHOLDING）。".to_owned(),
            "product_code is the one of the signing, CYCLE_PAY_AUTH or GENERAL_WITHHOLDING."
                .to_owned(),
        ),
        AgreementRefusal::OtherBuyer => (
            TRADE_BUYER_NOT_MATCH,
            "buyer_id 不是签约的用户。".to_owned(),
            "buyer_id is not who signed.".to_owned(),
        ),
        AgreementRefusal::TooEarly(next) => (
            CYCLE_PAY_DATE_NOT_MATCH,
            format!("下一次扣款日是 {next}，最早可提前 {EARLY_DAYS} 天扣款；每个周期只能扣一次。"),
            format!(
                "The next deduction is on {next}, {EARLY_DAYS} days earlier at most; once in each period."
            ),
        ),
        AgreementRefusal::SingleExceeds(most) => (
            CYCLE_PAY_SINGLE_FEE_EXCEED,
            format!("签约时约定每次最多 {most} 元。"),
            format!("{most} at most each time was agreed."),
        ),
        AgreementRefusal::TotalExceeds { left } => (
            CYCLE_PAY_TOTAL_FEE_EXCEED,
            format!("按签约的总金额，只剩 {left} 元可扣。"),
            format!("Of what was agreed in all, {left} is left."),
        ),
        AgreementRefusal::TimesExceed(most) => (
            CYCLE_PAY_TOTAL_TIMES_EXCEED,
            format!("签约时约定最多扣 {most} 次。"),
            format!("{most} deductions at most were agreed."),
        ),
        _ => (
            AGREEMENT_NOT_EXIST,
            "这个应用没有这个 agreement_no 的签约协议。".to_owned(),
            "This application has no agreement of that agreement_no.".to_owned(),
        ),
    };
    Fault::new(what, zh, en)
}

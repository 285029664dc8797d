//! `alipay.user.agreement.executionplan.modify`: the next deduction is on a later day.

use crate::app::agreement::ask_agreement::AgreementError;
use crate::app::agreement::modify_plan::modify_plan;
use crate::domain::agreement::AgreementRefusal;
use crate::domain::day::Day;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::agreement::{ILLEGAL_AGREEMENT, ILLEGAL_EXECUTION_TIME};
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn modify(call: Call<'_>) -> Answered {
    let agreement_no = call.biz.required("agreement_no", 64)?;
    let day = call.biz.required("deduct_time", 10)?;
    let day = Day::parse(&day)
        .ok_or_else(|| invalid_parameter("deduct_time", "须写成 yyyy-MM-dd。", "is yyyy-MM-dd."))?;
    call.biz.required("memo", 256)?;
    let app_id = &call.caller.app.app_id;
    modify_plan(call.cx, app_id, &agreement_no, day)
        .await
        .map_err(not_moved)?;
    let mut node = Map::new();
    put(&mut node, "agreement_no", agreement_no);
    put(&mut node, "deduct_time", day.to_string());
    Ok((node, call.biz.warnings))
}

fn not_moved(error: AgreementError) -> Fault {
    match error {
        AgreementError::Store(error) => error.into(),
        AgreementError::Refused(AgreementRefusal::Day(why)) => Fault::new(
            ILLEGAL_EXECUTION_TIME,
            "下次扣款日只能推迟：不早于今天和计划日，按月扣款时不晚于 28 日。",
            format!("The day {why}: the next deduction can only be put off."),
        ),
        AgreementError::Refused(AgreementRefusal::NoPlan) => Fault::new(
            ILLEGAL_AGREEMENT,
            "这个协议没有周期规则（GENERAL_WITHHOLDING_P），没有可修改的计划。",
            "The agreement has no plan (GENERAL_WITHHOLDING_P).",
        ),
        AgreementError::Refused(_) | AgreementError::Password(_) | AgreementError::NoSuchBuyer => {
            Fault::new(
                ILLEGAL_AGREEMENT,
                "这个应用没有这个 agreement_no 的生效协议（未签约、已解约或已到期）。",
                "This application has no agreement of that agreement_no that holds.",
            )
        }
    }
}

//! `alipay.user.agreement.transfer`: an agreement without a plan becomes one with a plan.

use super::terms::plan;
use super::words::not_done;
use crate::app::agreement::transfer_agreement::transfer_agreement;
use crate::domain::agreement::AgreementProduct;
use crate::domain::day::Day;
use crate::gateway::errors::Fault;
use crate::gateway::errors::agreement::PRODUCT_CODE_NOT_SUPPORTED;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn transfer(call: Call<'_>) -> Answered {
    let agreement_no = call.biz.required("agreement_no", 64)?;
    let target = call.biz.required("target_product_code", 64)?;
    if target != AgreementProduct::Cycle.as_str() {
        return Err(Fault::new(
            PRODUCT_CODE_NOT_SUPPORTED,
            "target_product_code 只能是 CYCLE_PAY_AUTH_P：商家扣款协议可以转为周期扣款，反过来不行。",
            "target_product_code is CYCLE_PAY_AUTH_P: an agreement can get a plan, not lose one.",
        ));
    }
    let rule = plan(&call.biz, Day::of(call.cx.now()))?;
    let app_id = &call.caller.app.app_id;
    let done = transfer_agreement(call.cx, app_id, &agreement_no, rule.clone()).await;
    done.map_err(not_done)?;
    let mut node = Map::new();
    put(&mut node, "period_type", rule.period_type.as_str());
    put(&mut node, "period", rule.period.to_string());
    put(&mut node, "execute_time", rule.first_day.to_string());
    put(&mut node, "amount", rule.single_amount.to_string());
    if let Some(total) = rule.total_amount {
        put(&mut node, "total_amount", total.to_string());
    }
    if let Some(times) = rule.total_payments {
        put(&mut node, "total_payments", times.to_string());
    }
    Ok((node, call.biz.warnings))
}

//! `alipay.user.agreement.query`: where an agreement stands, and what its plan says.

use super::wanted::wanted;
use super::words::refused;
use crate::app::agreement::find_agreement::find;
use crate::domain::agreement::{Agreement, Plan};
use crate::gateway::methods::words::{put, put_some};
use crate::gateway::methods::{Answered, Call};
use serde_json::{Map, Value, json};

/// How many periods ahead are told.
const PERIODS: i64 = 3;

pub(super) async fn query(call: Call<'_>) -> Answered {
    let wanted = wanted(&call).await?;
    let found = find(call.cx, &call.caller.app.app_id, wanted).await?;
    let agreement = found.map_err(|refusal| refused(&refusal))?;
    Ok((node(&agreement), call.biz.warnings))
}

fn node(agreement: &Agreement) -> Map<String, Value> {
    let (terms, mut node) = (&agreement.terms, Map::new());
    put(&mut node, "agreement_no", &*agreement.agreement_no);
    let number = terms.external_agreement_no.as_ref();
    put_some(&mut node, "external_agreement_no", number);
    let logon_id = terms.external_logon_id.as_ref();
    put_some(&mut node, "external_logon_id", logon_id);
    let third_party = terms.third_party_type.as_ref();
    put_some(&mut node, "third_party_type", third_party);
    put(&mut node, "sign_scene", &*terms.sign_scene);
    put(&mut node, "personal_product_code", terms.product.as_str());
    put(&mut node, "status", agreement.state.as_str());
    if let Some(signer) = &agreement.signer {
        put(&mut node, "principal_id", &*signer.user_id);
        put(&mut node, "principal_type", "CARD");
        put(&mut node, "alipay_logon_id", &*signer.logon_id);
    }
    if let Some(at) = agreement.signed_at {
        put(&mut node, "sign_time", at.china());
        put(&mut node, "valid_time", at.china());
        put(&mut node, "invalid_time", agreement.invalid_time());
    }
    if let Some(day) = agreement.last_day {
        put(&mut node, "last_deduct_time", day.to_string());
    }
    if let Some(plan) = &agreement.plan {
        put(&mut node, "next_deduct_time", plan.next_day.to_string());
        let single = plan.rule.single_amount.to_string();
        put(&mut node, "single_quota", single);
        let plans = periods(plan, agreement.by_plan().0);
        node.insert("execution_plans".to_owned(), plans);
    }
    node
}

/// The periods that come next.
fn periods(plan: &Plan, paid: i64) -> Value {
    let left = plan.rule.total_payments.map_or(PERIODS, |most| most - paid);
    let mut plan = plan.clone();
    let mut periods = Vec::new();
    for _ in 0..left.clamp(0, PERIODS) {
        let day = plan.next_day.to_string();
        periods.push(json!({
            "single_amount": plan.rule.single_amount.to_string(),
            "period_id": day.replace('-', ""),
            "latest_execute_time": plan.latest_day().to_string(),
            "execute_time": day,
        }));
        plan.advance();
    }
    periods.into()
}

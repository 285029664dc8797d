//! A row of an agreement, read.

use crate::domain::agreement::{
    Agreement, AgreementProduct, AgreementState, PeriodRule, PeriodType, Plan, Signer, Terms,
    Validity,
};
use crate::domain::day::Day;
use ::store::{Row, StoreError};
use money::Fen;

fn inconsistent(row: &Row, what: &str) -> StoreError {
    StoreError::Inconsistent {
        table: "sandbox_agreements",
        id: row.text("agreement_no").unwrap_or_default().to_owned(),
        what: what.to_owned(),
    }
}

fn text(row: &Row, column: &'static str) -> Result<Option<String>, StoreError> {
    Ok(row.opt_text(column)?.map(str::to_owned))
}

fn day(row: &Row, column: &'static str) -> Result<Option<Day>, StoreError> {
    let Some(text) = row.opt_text(column)? else {
        return Ok(None);
    };
    let day = Day::parse(text).ok_or_else(|| inconsistent(row, "a day is none"))?;
    Ok(Some(day))
}

pub(super) fn read(row: &Row) -> Result<Agreement, StoreError> {
    let signer = match row.opt_text("signer_user_id")? {
        None => None,
        Some(user_id) => Some(Signer {
            user_id: user_id.to_owned(),
            logon_id: row.text("signer_logon_id")?.to_owned(),
        }),
    };
    let rule = rule(row)?;
    let plan = match (&rule, day(row, "next_day")?) {
        (Some(rule), Some(next_day)) => Some(Plan {
            rule: rule.clone(),
            next_day,
        }),
        _ => None,
    };
    Ok(Agreement {
        agreement_no: row.text("agreement_no")?.to_owned(),
        app_id: row.text("app_id")?.to_owned(),
        seller_id: row.text("seller_id")?.to_owned(),
        terms: terms(row, rule)?,
        notify_url: text(row, "notify_url")?,
        return_url: text(row, "return_url")?,
        charset: row.text("charset")?.to_owned(),
        code: row.text("code")?.to_owned(),
        state: AgreementState::parse(row.text("state")?)
            .ok_or_else(|| inconsistent(row, "the state is none"))?,
        signer,
        plan,
        last_day: day(row, "last_day")?,
        paid: row.int("paid")?,
        taken: Fen::new(row.int("taken")?),
        asked_at: row.time("asked_at")?,
        expires_at: row.time("expires_at")?,
        signed_at: row.opt_time("signed_at")?,
        invalid_at: row.opt_time("invalid_at")?,
        ended_at: row.opt_time("ended_at")?,
        before: (row.int("paid_before")?, Fen::new(row.int("taken_before")?)),
        signed_with: match row.opt_text("signed_with")? {
            None => None,
            Some(_) => Some(row.parse("signed_with")?),
        },
    })
}

fn terms(row: &Row, rule: Option<PeriodRule>) -> Result<Terms, StoreError> {
    let validity = match row.opt_text("validity")? {
        None => None,
        Some(text) => {
            Some(Validity::parse(text).ok_or_else(|| inconsistent(row, "the validity is none"))?)
        }
    };
    Ok(Terms {
        product_code: row.text("product_code")?.to_owned(),
        product: AgreementProduct::parse(row.text("personal_product_code")?)
            .ok_or_else(|| inconsistent(row, "the product is none"))?,
        sign_scene: row.text("sign_scene")?.to_owned(),
        external_agreement_no: text(row, "external_agreement_no")?,
        external_logon_id: text(row, "external_logon_id")?,
        third_party_type: text(row, "third_party_type")?,
        channel: row.text("channel")?.to_owned(),
        rule,
        validity,
    })
}

fn rule(row: &Row) -> Result<Option<PeriodRule>, StoreError> {
    let Some(period_type) = row.opt_text("period_type")? else {
        return Ok(None);
    };
    let none = || inconsistent(row, "the plan is none");
    Ok(Some(PeriodRule {
        period_type: PeriodType::parse(period_type).ok_or_else(none)?,
        period: row.opt_int("period")?.ok_or_else(none)?,
        first_day: day(row, "first_day")?.ok_or_else(none)?,
        single_amount: Fen::new(row.opt_int("single_amount")?.ok_or_else(none)?),
        total_amount: row.opt_int("total_amount")?.map(Fen::new),
        total_payments: row.opt_int("total_payments")?,
    }))
}

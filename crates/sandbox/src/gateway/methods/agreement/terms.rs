//! Reads what is to be signed, strictly: a plan that cannot be kept is refused before anybody
//! reads it.

use crate::domain::agreement::{
    AgreementProduct, PeriodRule, PeriodType, Terms, Validity, is_default_scene,
};
use crate::domain::day::Day;
use crate::gateway::biz::Biz;
use crate::gateway::errors::Fault;
use kernel::Timestamp;
use money::Fen;

/// The shortest period in days.
const LEAST_DAYS: i64 = 7;
/// The longest period, in days or months.
const MOST_PERIOD: i64 = 9_999;
/// The longest that a page may wait, in seconds: thirty days.
pub(in crate::gateway) const EFFECT_S: i64 = 30 * 24 * 60 * 60;
/// The most deductions that can be agreed.
const MOST_PAYMENTS: i64 = 9_999;
/// The last day of a month that every month has.
const LAST_DAY: i64 = 28;

/// What counts for terms that do not say it; the documents want both of a signing of its own.
#[derive(Clone, Copy, Default)]
pub(in crate::gateway) struct Unsaid<'a> {
    /// `product_code`.
    pub(in crate::gateway) code: Option<&'a str>,
    /// `sign_scene`.
    pub(in crate::gateway) scene: Option<&'a str>,
}

/// The terms of a request.
pub(in crate::gateway) fn terms(
    biz: &mut Biz,
    unsaid: Unsaid<'_>,
    now: Timestamp,
) -> Result<Terms, Fault> {
    let product = product(biz, "personal_product_code")?;
    let product_code = product_code(biz, product, unsaid.code)?;
    let sign_scene = scene(biz)?
        .or_else(|| unsaid.scene.map(str::to_owned))
        .ok_or_else(|| biz.wrong("sign_scene", "缺失或为空。", "is missing or empty."))?;
    let external_agreement_no = external_number(biz)?;
    if external_agreement_no.is_some() && is_default_scene(&sign_scene) {
        return Err(biz.wrong(
            "sign_scene",
            "传了 external_agreement_no 时不能是默认场景。",
            "cannot be the default one together with external_agreement_no.",
        ));
    }
    let third_party_type = biz.text("third_party_type", 32)?;
    if let Some(text) = &third_party_type
        && !matches!(text.as_str(), "PARTNER" | "MERCHANT")
    {
        return Err(biz.wrong(
            "third_party_type",
            "应为 PARTNER 或 MERCHANT。",
            "is PARTNER or MERCHANT.",
        ));
    }
    let validity = match biz.text("sign_validity_period", 8)? {
        None => None,
        Some(text) => Some(Validity::parse(&text).ok_or_else(|| {
            biz.wrong(
                "sign_validity_period",
                "须为整数加单位 d（天）或 m（月），例如 2m。",
                "is a whole number and d (days) or m (months), such as 2m.",
            )
        })?),
    };
    Ok(Terms {
        product_code,
        product,
        sign_scene,
        external_agreement_no,
        external_logon_id: biz.text("external_logon_id", 100)?,
        third_party_type,
        channel: channel(biz)?,
        rule: rule(biz, product, Day::of(now))?,
        validity,
    })
}

/// The product that a field names.
pub(super) fn product(biz: &Biz, name: &str) -> Result<AgreementProduct, Fault> {
    let text = biz.required(name, 64)?;
    AgreementProduct::parse(&text).ok_or_else(|| {
        biz.wrong(
            name,
            "应为 CYCLE_PAY_AUTH_P（周期扣款）或 GENERAL_WITHHOLDING_P（商家扣款）。",
            "is CYCLE_PAY_AUTH_P (by a plan) or GENERAL_WITHHOLDING_P.",
        )
    })
}

/// The scene, if one is named: two words with a bar between.
pub(super) fn scene(biz: &Biz) -> Result<Option<String>, Fault> {
    let Some(text) = biz.text("sign_scene", 64)? else {
        return Ok(None);
    };
    let word = |word: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        !word.is_empty() && word.bytes().all(plain)
    };
    let shaped = text
        .split_once('|')
        .is_some_and(|(a, b)| word(a) && word(b));
    if shaped {
        return Ok(Some(text));
    }
    Err(biz.wrong(
        "sign_scene",
        "须写成 INDUSTRY|场景码，例如 INDUSTRY|DIGITAL_MEDIA。",
        "is INDUSTRY|SCENE, such as INDUSTRY|DIGITAL_MEDIA.",
    ))
}

/// A whole number from `least` to `most`, if it is there.
pub(in crate::gateway) fn whole(
    biz: &Biz,
    name: &str,
    least: i64,
    most: i64,
) -> Result<Option<i64>, Fault> {
    let Some(text) = biz.text(name, 20)? else {
        return Ok(None);
    };
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse::<i64>().ok().filter(|_| digits);
    match number {
        Some(number) if (least..=most).contains(&number) => Ok(Some(number)),
        _ => Err(biz.wrong(
            name,
            &format!("须为 {least} 到 {most} 的整数。"),
            &format!("is a whole number from {least} to {most}."),
        )),
    }
}

fn product_code(
    biz: &mut Biz,
    product: AgreementProduct,
    code: Option<&str>,
) -> Result<String, Fault> {
    let named = biz.text("product_code", 64)?;
    match named.or_else(|| code.map(str::to_owned)) {
        Some(code) if matches!(code.as_str(), "CYCLE_PAY_AUTH" | "GENERAL_WITHHOLDING") => Ok(code),
        Some(_) => Err(biz.wrong(
            "product_code",
            "应为 CYCLE_PAY_AUTH 或 GENERAL_WITHHOLDING。",
            "is CYCLE_PAY_AUTH or GENERAL_WITHHOLDING.",
        )),
        None => {
            biz.odd(
                "product_code",
                "按文档必填（CYCLE_PAY_AUTH 或 GENERAL_WITHHOLDING），扣款时要用同一个。",
                "is required, say the documents; a deduction names the same one.",
            )?;
            Ok(product.product_code().to_owned())
        }
    }
}

fn external_number(biz: &mut Biz) -> Result<Option<String>, Fault> {
    let name = "external_agreement_no";
    let Some(text) = biz.text(name, 32)? else {
        return Ok(None);
    };
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(biz.wrong(
            name,
            "只能由字母和数字组成。",
            "consists of letters and digits only.",
        ));
    }
    if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        biz.odd(
            name,
            "按文档只能由字母和数字组成。",
            "should consist of letters and digits only, say the documents.",
        )?;
    }
    Ok(Some(text))
}

fn channel(biz: &Biz) -> Result<String, Fault> {
    let params = biz.object("access_params")?;
    let channel = match &params {
        Some(params) => params.text("channel", 64)?,
        None => None,
    };
    channel
        .filter(|text| matches!(text.as_str(), "ALIPAYAPP" | "QRCODE" | "QRCODEORSMS"))
        .ok_or_else(|| {
            biz.wrong(
                "access_params.channel",
                "必填，应为 ALIPAYAPP、QRCODE 或 QRCODEORSMS。",
                "must be there: ALIPAYAPP, QRCODE or QRCODEORSMS.",
            )
        })
}

fn rule(biz: &Biz, product: AgreementProduct, today: Day) -> Result<Option<PeriodRule>, Fault> {
    match product {
        AgreementProduct::Cycle => plan(biz, today).map(Some),
        // Without a plan there is nothing to hold it against.
        AgreementProduct::General => {
            biz.object("period_rule_params")?;
            Ok(None)
        }
    }
}

/// How often and how much at most.
pub(super) fn plan(biz: &Biz, today: Day) -> Result<PeriodRule, Fault> {
    let params = biz.object("period_rule_params")?;
    let params = params.ok_or_else(|| {
        biz.wrong(
            "period_rule_params",
            "周期扣款（CYCLE_PAY_AUTH_P）必填。",
            "must be there for CYCLE_PAY_AUTH_P.",
        )
    })?;
    let period_type = params.text("period_type", 20)?;
    let period_type = period_type.as_deref().and_then(PeriodType::parse);
    let period_type = period_type.ok_or_else(|| {
        params.wrong(
            "period_type",
            "必填，应为 DAY 或 MONTH。",
            "must be there: DAY or MONTH.",
        )
    })?;
    let least = match period_type {
        PeriodType::Day => LEAST_DAYS,
        PeriodType::Month => 1,
    };
    let period = whole(&params, "period", least, MOST_PERIOD)?
        .ok_or_else(|| params.wrong("period", "缺失。", "is missing."))?;
    let first_day = first_day(&params, period_type, today)?;
    let single_amount = payable(&params, "single_amount")?
        .ok_or_else(|| params.wrong("single_amount", "缺失。", "is missing."))?;
    let total_amount = payable(&params, "total_amount")?;
    if total_amount.is_some_and(|total| total < single_amount) {
        return Err(params.wrong(
            "total_amount",
            "不能小于 single_amount。",
            "cannot be less than single_amount.",
        ));
    }
    Ok(PeriodRule {
        period_type,
        period,
        first_day,
        single_amount,
        total_amount,
        total_payments: whole(&params, "total_payments", 1, MOST_PAYMENTS)?,
    })
}

fn first_day(params: &Biz, period_type: PeriodType, today: Day) -> Result<Day, Fault> {
    let name = "execute_time";
    let text = params.text("execute_time", 10)?;
    let day = text.as_deref().and_then(Day::parse).ok_or_else(|| {
        params.wrong(
            name,
            "必填，须写成 yyyy-MM-dd。",
            "must be there: yyyy-MM-dd.",
        )
    })?;
    if period_type == PeriodType::Month && day.of_month() > LAST_DAY {
        return Err(params.wrong(
            name,
            "按月扣款时不能晚于 28 日。",
            "is at most the 28th of a month for MONTH.",
        ));
    }
    if day < today {
        return Err(params.wrong(
            name,
            &format!("已过：沙箱的业务时钟今天是 {today}。"),
            &format!("has passed: the sandbox's business clock shows {today}."),
        ));
    }
    Ok(day)
}

fn payable(params: &Biz, name: &str) -> Result<Option<Fen>, Fault> {
    match params.amount(name)? {
        Some(amount) if !amount.is_payable() => Err(params.wrong(
            name,
            "从 0.01 到 100000000.00 元。",
            "is from 0.01 to 100000000.00 yuan.",
        )),
        amount => Ok(amount),
    }
}

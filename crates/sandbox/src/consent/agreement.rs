//! An agreement: the signer reads what may be taken, and signs with the six digits.

use super::kind::{Answered, End, Fact, Looked, Wish, asker, missing, moment, refused};
use crate::app::agreement::ask_agreement::AgreementError;
use crate::app::agreement::find_agreement::by_code;
use crate::app::agreement::sign_agreement::{refuse_agreement, sign_agreement};
use crate::app::agreement::way_back::way_back;
use crate::cashier::grouped;
use crate::context::Context;
use crate::domain::Account;
use crate::domain::agreement::{
    Agreement, AgreementProduct, AgreementRefusal, AgreementState, PeriodRule, PeriodType, Terms,
};
use kernel::Timestamp;
use service::i18n::Lang;
use store::StoreError;

pub(super) async fn look(cx: &Context, code: &str, lang: Lang) -> Result<Looked, StoreError> {
    let Some((agreement, app)) = by_code(cx, code).await? else {
        return Ok(Looked::Over(missing(lang)));
    };
    if agreement.state != AgreementState::Temp {
        return Ok(Looked::Over(over(cx, &agreement, lang).await?));
    }
    let by_phone = agreement.terms.channel != "ALIPAYAPP";
    let qr_address = format!("{}/qr/{}", cx.public_url(), agreement.code);
    let mut facts = vec![(lang.pick("商家", "Shop"), asker(&app, lang))];
    facts.extend(what_is_agreed(&agreement.terms, agreement.invalid_at, lang));
    Ok(Looked::Open(Wish {
        title: lang.pick("签约代扣协议", "Sign an agreement"),
        lead: match lang {
            Lang::Zh => format!("{} 申请从您的账户自动扣款：", asker(&app, lang)),
            Lang::En => format!(
                "{} asks to take money from your account by itself:",
                asker(&app, lang)
            ),
        },
        amount: agreement
            .terms
            .rule
            .as_ref()
            .map(|rule| grouped(rule.single_amount)),
        facts,
        points: vec![
            lang.pick(
                "签约后，商家扣款时不再向您确认。",
                "Once you sign, the shop takes money without asking you each time.",
            ),
            lang.pick(
                "您可以随时在钱包的“扣款协议”里解约。",
                "You can end it at any time in your wallet, under Agreements.",
            ),
        ],
        agree: lang.pick("同意并签约", "Agree and sign"),
        with_password: true,
        qr_address: by_phone.then_some(qr_address),
    }))
}

pub(super) async fn agree(
    cx: &Context,
    code: &str,
    account: &Account,
    password: Option<&str>,
    lang: Lang,
) -> Result<Answered, StoreError> {
    let Some((agreement, _)) = by_code(cx, code).await? else {
        return Ok(Answered::Over(missing(lang)));
    };
    // A page never signs without the six digits.
    let password = Some(password.unwrap_or_default());
    let number = &agreement.agreement_no;
    match sign_agreement(cx, number, &account.user_id, password).await {
        Ok(signed) => Ok(match way_back(cx, &signed).await? {
            Some(address) => Answered::Go(address),
            None => Answered::Over(over(cx, &signed, lang).await?),
        }),
        Err(AgreementError::Password(denied)) => Ok(Answered::Denied(denied)),
        Err(AgreementError::Store(error)) => Err(error),
        Err(AgreementError::Refused(AgreementRefusal::SignedBefore)) => Ok(Answered::Not(
            lang.pick(
                "您已经签过同样的协议，不需要再签。",
                "You signed the same agreement before; there is nothing more to sign.",
            )
            .to_owned(),
        )),
        Err(AgreementError::Refused(_)) => answered(cx, code, lang).await,
        Err(AgreementError::NoSuchBuyer) => Ok(Answered::Over(missing(lang))),
    }
}

pub(super) async fn refuse(cx: &Context, code: &str, lang: Lang) -> Result<Answered, StoreError> {
    let Some((agreement, _)) = by_code(cx, code).await? else {
        return Ok(Answered::Over(missing(lang)));
    };
    match refuse_agreement(cx, &agreement.agreement_no).await {
        Ok(_) => Ok(Answered::Over(refused(lang))),
        Err(AgreementError::Store(error)) => Err(error),
        Err(_) => answered(cx, code, lang).await,
    }
}

/// Somebody answered before: what became of it.
async fn answered(cx: &Context, code: &str, lang: Lang) -> Result<Answered, StoreError> {
    match by_code(cx, code).await? {
        Some((agreement, _)) => Ok(Answered::Over(over(cx, &agreement, lang).await?)),
        None => Ok(Answered::Over(missing(lang))),
    }
}

/// What an agreement says, for whoever signs it or has signed it.
pub(crate) fn what_is_agreed(terms: &Terms, until: Option<Timestamp>, lang: Lang) -> Vec<Fact> {
    let product = match terms.product {
        AgreementProduct::Cycle => lang.pick("周期扣款", "Recurring payment"),
        AgreementProduct::General => lang.pick("商家扣款", "Payment at the shop's request"),
    };
    let mut facts = vec![(lang.pick("协议产品", "Product"), product.to_owned())];
    if let Some(rule) = &terms.rule {
        facts.extend(of_plan(rule, lang));
    }
    if let Some(number) = &terms.external_agreement_no {
        facts.push((lang.pick("商户签约号", "Shop's number"), number.clone()));
    }
    if let Some(logon_id) = &terms.external_logon_id {
        facts.push((lang.pick("商户账号", "Your login there"), logon_id.clone()));
    }
    let until = match until {
        Some(at) => moment(at),
        None => lang
            .pick("长期有效，直到解约", "Until you end it")
            .to_owned(),
    };
    facts.push((lang.pick("有效期至", "Holds until"), until));
    facts
}

fn of_plan(rule: &PeriodRule, lang: Lang) -> Vec<Fact> {
    let every = match (rule.period_type, lang) {
        (PeriodType::Day, Lang::Zh) => format!("每 {} 天一次", rule.period),
        (PeriodType::Month, Lang::Zh) => format!("每 {} 个月一次", rule.period),
        (PeriodType::Day, Lang::En) => format!("once every {} days", rule.period),
        (PeriodType::Month, Lang::En) if rule.period == 1 => "once a month".to_owned(),
        (PeriodType::Month, Lang::En) => format!("once every {} months", rule.period),
    };
    let mut facts = vec![
        (lang.pick("扣款周期", "How often"), every),
        (
            lang.pick("首次扣款日", "First day"),
            rule.first_day.to_string(),
        ),
        (
            lang.pick("每次最多", "At most each time"),
            format!("¥{}", grouped(rule.single_amount)),
        ),
    ];
    if let Some(total) = rule.total_amount {
        let total = format!("¥{}", grouped(total));
        facts.push((lang.pick("累计最多", "At most in all"), total));
    }
    if let Some(times) = rule.total_payments {
        facts.push((lang.pick("最多次数", "Times at most"), times.to_string()));
    }
    facts
}

async fn over(cx: &Context, agreement: &Agreement, lang: Lang) -> Result<End, StoreError> {
    let (class, title, text) = match agreement.state {
        AgreementState::Normal => (
            "result-ok",
            lang.pick("签约成功", "The agreement is signed"),
            lang.pick(
                "商家可以按约定扣款。您可以随时在钱包里解约。",
                "The shop may take money as agreed. You can end it in your wallet at any time.",
            ),
        ),
        AgreementState::Unsign => (
            "result-warn",
            lang.pick("协议已解约", "The agreement is over"),
            lang.pick(
                "商家不能再按这份协议扣款。",
                "The shop can take no more money by it.",
            ),
        ),
        AgreementState::Temp | AgreementState::Closed => (
            "result-warn",
            lang.pick("签约已关闭", "The page is closed"),
            lang.pick(
                "没有签约。请让商家重新发起。",
                "Nothing was signed. Ask the shop to begin again.",
            ),
        ),
    };
    Ok(End {
        class,
        title,
        text,
        back: way_back(cx, agreement).await?,
    })
}

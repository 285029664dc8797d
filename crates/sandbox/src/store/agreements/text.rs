//! What is to be signed with a payment, as a column of its trade keeps it: JSON.

use crate::domain::agreement::{
    AgreementProduct, PeriodRule, PeriodType, Signing, Terms, Validity,
};
use crate::domain::day::Day;
use kernel::Timestamp;
use money::Fen;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct KeptSigning {
    terms: KeptTerms,
    notify_url: Option<String>,
    asked_at: i64,
    until: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct KeptTerms {
    product_code: String,
    personal_product_code: String,
    sign_scene: String,
    external_agreement_no: Option<String>,
    external_logon_id: Option<String>,
    third_party_type: Option<String>,
    channel: String,
    rule: Option<KeptRule>,
    validity: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct KeptRule {
    period_type: String,
    period: i64,
    first_day: String,
    single_amount_fen: i64,
    total_amount_fen: Option<i64>,
    total_payments: Option<i64>,
}

/// What is to be signed, as a column keeps it.
#[must_use]
pub fn signing_text(signing: &Signing) -> String {
    let kept = KeptSigning {
        terms: keep(&signing.terms),
        notify_url: signing.notify_url.clone(),
        asked_at: signing.asked_at.ms(),
        until: signing.until.map(Timestamp::ms),
    };
    serde_json::json!(kept).to_string()
}

/// Reads a column; none when it holds anything else.
#[must_use]
pub fn read_signing(text: &str) -> Option<Signing> {
    let kept: KeptSigning = serde_json::from_str(text).ok()?;
    Some(Signing {
        terms: read(kept.terms)?,
        notify_url: kept.notify_url,
        asked_at: Timestamp::from_ms(kept.asked_at),
        until: kept.until.map(Timestamp::from_ms),
    })
}

/// What an agreement says, as a column keeps it.
#[must_use]
pub fn terms_text(terms: &Terms) -> String {
    serde_json::json!(keep(terms)).to_string()
}

/// Reads a column; none when it holds anything else.
#[must_use]
pub fn read_terms(text: &str) -> Option<Terms> {
    read(serde_json::from_str(text).ok()?)
}

fn keep(terms: &Terms) -> KeptTerms {
    KeptTerms {
        product_code: terms.product_code.clone(),
        personal_product_code: terms.product.as_str().to_owned(),
        sign_scene: terms.sign_scene.clone(),
        external_agreement_no: terms.external_agreement_no.clone(),
        external_logon_id: terms.external_logon_id.clone(),
        third_party_type: terms.third_party_type.clone(),
        channel: terms.channel.clone(),
        rule: terms.rule.as_ref().map(|rule| KeptRule {
            period_type: rule.period_type.as_str().to_owned(),
            period: rule.period,
            first_day: rule.first_day.to_string(),
            single_amount_fen: rule.single_amount.fen(),
            total_amount_fen: rule.total_amount.map(Fen::fen),
            total_payments: rule.total_payments,
        }),
        validity: terms.validity.map(Validity::text),
    }
}

fn read(kept: KeptTerms) -> Option<Terms> {
    let rule = match kept.rule {
        None => None,
        Some(rule) => Some(PeriodRule {
            period_type: PeriodType::parse(&rule.period_type)?,
            period: rule.period,
            first_day: Day::parse(&rule.first_day)?,
            single_amount: Fen::new(rule.single_amount_fen),
            total_amount: rule.total_amount_fen.map(Fen::new),
            total_payments: rule.total_payments,
        }),
    };
    let validity = match kept.validity {
        None => None,
        Some(text) => Some(Validity::parse(&text)?),
    };
    Some(Terms {
        product_code: kept.product_code,
        product: AgreementProduct::parse(&kept.personal_product_code)?,
        sign_scene: kept.sign_scene,
        external_agreement_no: kept.external_agreement_no,
        external_logon_id: kept.external_logon_id,
        third_party_type: kept.third_party_type,
        channel: kept.channel,
        rule,
        validity,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_is_read() {
        let rule = PeriodRule {
            period_type: PeriodType::Month,
            period: 1,
            first_day: Day::parse("2026-09-01").unwrap(),
            single_amount: Fen::new(1_500),
            total_amount: Some(Fen::new(4_000)),
            total_payments: Some(3),
        };
        let terms = Terms {
            product_code: "CYCLE_PAY_AUTH".to_owned(),
            product: AgreementProduct::Cycle,
            sign_scene: "INDUSTRY|DIGITAL_MEDIA".to_owned(),
            external_agreement_no: Some("A1".to_owned()),
            external_logon_id: Some("13888888888".to_owned()),
            third_party_type: Some("PARTNER".to_owned()),
            channel: "ALIPAYAPP".to_owned(),
            rule: Some(rule),
            validity: Validity::parse("2m"),
        };
        let bare = Terms {
            product: AgreementProduct::General,
            external_agreement_no: None,
            external_logon_id: None,
            third_party_type: None,
            rule: None,
            validity: None,
            ..terms.clone()
        };
        for terms in [terms, bare] {
            assert_eq!(read_terms(&terms_text(&terms)), Some(terms.clone()));
            for until in [None, Some(Timestamp::from_ms(2))] {
                let signing = Signing {
                    terms: terms.clone(),
                    notify_url: until.map(|_| "http://shop.example/signed".to_owned()),
                    asked_at: Timestamp::from_ms(1),
                    until,
                };
                assert_eq!(read_signing(&signing_text(&signing)), Some(signing));
            }
        }
        assert_eq!(read_signing("{}"), None);
        assert_eq!(read_terms("only:balance"), None);
    }
}

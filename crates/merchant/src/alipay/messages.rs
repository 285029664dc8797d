//! Notices and returns: whose they are, whether Alipay signed them, and what they tell.

use super::calls::{differ, expected};
use crate::context::Merchant;
use crate::domain::{Attempt, Cause, Facts, Mismatch, Observation, Order, Told, compare};
use crate::registry::AppEntry;
use ::alipay::TradeStatus;
use ::alipay::keys::PublicKey;
use ::alipay::notice::{self, NoticeError};
use ::alipay::returns;
use kernel::Timestamp;
use money::Fen;
use std::sync::Arc;

/// A message that Alipay signed for one of our applications.
#[derive(Clone, Debug)]
pub(crate) struct Genuine<M> {
    pub(crate) app: Arc<AppEntry>,
    pub(crate) message: M,
}

/// Why a message is not believed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Forged {
    /// It is not well formed, or nobody signed it.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// It is signed, but it is something else that Alipay signs, as a browser's return.
    #[error("it is signed, but it is no notice")]
    NotANotice,
    /// It names no application of ours.
    #[error("it names no application of ours")]
    NoApp,
}

/// Reads and verifies a notice with the key of the application that it claims.
pub(crate) fn read_notice(
    merchant: &Merchant,
    body: &[u8],
    content_type: Option<&str>,
) -> Result<Genuine<notice::Verified>, Forged> {
    let unverified = notice::Unverified::from_form(body, content_type)?;
    let app = unverified.claimed_app_id();
    let app = app.and_then(|id| merchant.registry().app(id));
    let app = app.ok_or(Forged::NoApp)?.clone();
    let alipay = app.client.app();
    let named = key_named(alipay, unverified.claimed_alipay_cert_sn());
    let key = named.as_ref().unwrap_or(&alipay.alipay_public_key);
    let message = unverified.verify_as(key, alipay.sign_type)?;
    if !is_notice(&message) {
        return Err(Forged::NotANotice);
    }
    Ok(Genuine { app, message })
}

/// In certificate mode the key of the certificate that a notice names, when it names one that is
/// known. A number alone proves nothing; the signature has to hold with the key.
fn key_named(alipay: &::alipay::App, cert_sn: Option<&str>) -> Option<PublicKey> {
    let mode = alipay.cert_mode.as_ref();
    mode.zip(cert_sn).and_then(|(mode, sn)| mode.key_of(sn))
}

/// Alipay signs a return with the same key and in the same way, and every buyer has one. A notice
/// has a number and a type; a return has neither, and names its method.
fn is_notice(message: &notice::Verified) -> bool {
    let method = message.get("method").unwrap_or_default();
    let numbered = message.notify_id().is_some() && message.notify_type().is_some();
    numbered && !method.ends_with(".return")
}

/// Reads and verifies a browser's return with the key of the application that it claims.
pub(crate) fn read_return(
    merchant: &Merchant,
    query: &str,
) -> Result<Genuine<returns::Verified>, Forged> {
    let unverified = returns::Unverified::from_query(query)?;
    let app = unverified.claimed_app_id();
    let app = app.and_then(|id| merchant.registry().app(id));
    let app = app.ok_or(Forged::NoApp)?.clone();
    let alipay = app.client.app();
    let message = unverified.verify_as(&alipay.alipay_public_key, alipay.sign_type)?;
    Ok(Genuine { app, message })
}

/// What a notice tells, read out of its form: before the door to the database, behind which others
/// wait.
#[derive(Clone, Debug)]
pub(crate) struct NoticeTold {
    /// The attempt's number.
    pub(crate) out_trade_no: Option<String>,
    /// Alipay's word.
    pub(crate) trade_status: String,
    /// What it tells of the trade.
    facts: Facts,
    app_id: String,
    seller_id: String,
    amount: Fen,
}

impl NoticeTold {
    /// Reads it.
    pub(crate) fn read(told: &notice::Verified) -> Self {
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        Self {
            out_trade_no: told.out_trade_no().map(str::to_owned),
            trade_status: text(told.get("trade_status")),
            facts: Facts {
                trade_no: told.trade_no().map(str::to_owned),
                paid_at: told
                    .gmt_payment()
                    .map(|at| Timestamp::from_ms(at.unix_ms())),
                refund_fee: told.refund_fee(),
                notify_id: told.notify_id().map(str::to_owned),
                ..Facts::bare(seen(told), Cause::Notice)
            },
            // What a notice does not carry differs from what it must.
            app_id: text(told.app_id()),
            seller_id: text(told.seller_id()),
            amount: told.total_amount().unwrap_or(Fen::ZERO),
        }
    }

    /// Alipay gives every notice a number; what has none was refused before.
    pub(crate) fn notify_id(&self) -> &str {
        self.facts.notify_id.as_deref().unwrap_or_default()
    }
}

/// What a notice tells about an attempt.
pub(crate) fn facts_of_notice(
    merchant: &Merchant,
    order: &Order,
    attempt: &Attempt,
    app: &AppEntry,
    told: &NoticeTold,
) -> Facts {
    let mut facts = told.facts.clone();
    let says = Told {
        app_id: Some(&told.app_id),
        seller_id: Some(&told.seller_id),
        amount: Some(told.amount),
    };
    let mut expected = expected(order, app);
    expected.app_id = &attempt.app_id;
    if let Some(mismatch) = compare(&expected, &says, merchant.bugs()) {
        differ(&mut facts, mismatch, &expected, &says);
    }
    facts
}

fn seen(told: &notice::Verified) -> Observation {
    let refund = told.is_refund();
    match told.trade_status() {
        Some(TradeStatus::WaitBuyerPay) => Observation::Waiting,
        // A partial refund carries `TRADE_SUCCESS` and the whole amount: it is no payment.
        Some(TradeStatus::Success | TradeStatus::Finished) if refund => Observation::PartRefunded,
        Some(TradeStatus::Success | TradeStatus::Finished) => Observation::Paid,
        Some(TradeStatus::Closed) if refund || told.gmt_payment().is_some() => {
            Observation::FullyRefunded
        }
        Some(TradeStatus::Closed) => Observation::Closed,
        None => Observation::Irrelevant,
    }
}

/// Returns what a return tells differently, when it does.
pub(crate) fn fits_return(
    merchant: &Merchant,
    order: &Order,
    attempt: &Attempt,
    genuine: &Genuine<returns::Verified>,
) -> Option<Mismatch> {
    let told = &genuine.message;
    let says = Told {
        app_id: Some(told.params().get("app_id").unwrap_or_default()),
        seller_id: Some(told.params().get("seller_id").unwrap_or_default()),
        amount: Some(told.total_amount().unwrap_or(Fen::ZERO)),
    };
    let mut expected = expected(order, &genuine.app);
    expected.app_id = &attempt.app_id;
    compare(&expected, &says, merchant.bugs())
}

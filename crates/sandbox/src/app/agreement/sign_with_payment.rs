//! An agreement is signed with a payment, in the transaction that pays. The money never waits for
//! it: what can no longer be signed is paid without (ADR 0029).

use super::tell_agreement::{To, tell_agreement};
use crate::app::fresh::Fresh;
use crate::app::take_money::Purse;
use crate::domain::Trade;
use crate::domain::agreement::{Agreement, AgreementState, NotSigned, Numbers, Signer, Signing};
use crate::store::{accounts, agreements, trades};
use store::{StoreError, Tx};

/// What a payment signs: an agreement, or why not. Nothing where the order asks for nothing.
pub(in crate::app) type Signed = Option<Result<Agreement, NotSigned>>;

/// Decides before the money moves, so that rows are locked in everybody's order.
pub(in crate::app) async fn decide(
    tx: &mut Tx<'_>,
    trade: &Trade,
    purse: &Purse,
    fresh: &Fresh,
) -> Result<Signed, StoreError> {
    let Some(signing) = &trade.offer.signing else {
        return Ok(None);
    };
    if let Some(why) = refusal(tx, trade, signing, purse, fresh).await? {
        return Ok(Some(Err(why)));
    }
    let signer = Signer {
        user_id: purse.user_id.clone(),
        logon_id: purse.logon_id.clone(),
    };
    let numbers = Numbers {
        agreement_no: &fresh.agreement_no,
        code: &fresh.other_token,
    };
    Ok(Some(Ok(signing.signed(trade, signer, numbers, fresh.now))))
}

async fn refusal(
    tx: &mut Tx<'_>,
    trade: &Trade,
    signing: &Signing,
    purse: &Purse,
    fresh: &Fresh,
) -> Result<Option<NotSigned>, StoreError> {
    if !purse.signs {
        return Ok(Some(NotSigned::Declined));
    }
    if signing.until.is_some_and(|until| fresh.now >= until) {
        return Ok(Some(NotSigned::TooLate));
    }
    let terms = &signing.terms;
    if let Some(number) = &terms.external_agreement_no {
        let known = agreements::lock_by_number(tx, &trade.app_id, number).await?;
        let used = known.is_some_and(|known| {
            let state = known.state;
            matches!(state, AgreementState::Normal | AgreementState::Unsign)
        });
        return Ok(used.then_some(NotSigned::NumberUsed));
    }
    // Two payments at once: the second waits here and finds what the first signed.
    accounts::lock(tx, &purse.user_id).await?;
    let (whose, what) = (
        (trade.app_id.as_str(), purse.user_id.as_str()),
        (terms.product, terms.sign_scene.as_str()),
    );
    let same = agreements::find_same(tx, whose, what).await?;
    let holds = |same: Agreement| same.at(fresh.now).state == AgreementState::Normal;
    Ok(same
        .into_iter()
        .any(holds)
        .then_some(NotSigned::SignedBefore))
}

/// Keeps what was signed once the money moved, tells of it, and writes it into the trade's history.
pub(in crate::app) async fn keep(
    tx: &mut Tx<'_>,
    trade: &Trade,
    signed: Signed,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let agreement = match signed {
        None => return Ok(()),
        Some(Err(why)) => {
            return trades::save(tx, trade, fresh.now, "not signed", &why.to_string()).await;
        }
        Some(Ok(agreement)) => agreement,
    };
    if let Some(number) = &agreement.terms.external_agreement_no
        && let Some(waits) = agreements::lock_by_number(tx, &agreement.app_id, number).await?
    {
        // A page that asks for the same number signed nothing, and can sign nothing any more.
        agreements::remove(tx, &waits.agreement_no).await?;
    }
    agreements::insert(tx, &agreement).await?;
    let detail = format!("agreement {}", agreement.agreement_no);
    trades::save(tx, trade, fresh.now, "signed", &detail).await?;
    let to = To::Request(agreement.notify_url.clone());
    tell_agreement(tx, to, "dut_user_sign", &agreement, &fresh.for_signing()).await
}

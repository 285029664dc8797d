//! A signed link asks for an agreement: it waits on its page for whoever signs.

use crate::app::fresh::{Fresh, digits};
use crate::context::Context;
use crate::domain::App;
use crate::domain::account::Denied;
use crate::domain::agreement::{Agreement, AgreementRefusal, AgreementState, Plan, Terms};
use crate::store::agreements;
use money::Fen;
use store::{StoreError, Tx};

/// Why nothing was done about an agreement.
#[derive(Debug, thiserror::Error)]
pub enum AgreementError {
    /// The agreement does not allow it.
    #[error("the agreement does not allow it: {0:?}")]
    Refused(AgreementRefusal),
    /// The payment password was not taken.
    #[error("the payment password was not taken")]
    Password(Denied),
    /// Nobody has that account.
    #[error("there is no such buyer")]
    NoSuchBuyer,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A checked link.
#[derive(Clone, Debug)]
pub struct AskAgreement {
    /// Whose.
    pub app: App,
    /// What is to be signed.
    pub terms: Terms,
    /// Where the notice of the signing goes.
    pub notify_url: Option<String>,
    /// Where the signer's browser goes.
    pub return_url: Option<String>,
    /// In which charset.
    pub charset: String,
    /// How long the page waits.
    pub ask_ms: i64,
}

/// Asks for an agreement, or goes on with what waits under the merchant's number.
///
/// # Errors
/// When the number was signed, or waits with other terms.
pub async fn ask_agreement(cx: &Context, wish: AskAgreement) -> Result<Agreement, AgreementError> {
    let asked = match once(cx, wish.clone()).await {
        // Two of a new number at once: the other one made it, this one goes on with it.
        Err(error) if error.as_conflict().is_some() => once(cx, wish).await?,
        other => other?,
    };
    asked.map_err(AgreementError::Refused)
}

async fn once(
    cx: &Context,
    wish: AskAgreement,
) -> Result<Result<Agreement, AgreementRefusal>, StoreError> {
    let mut fresh = Fresh::take(cx);
    fresh.agreement_no = format!("{}{}", fresh.now.china_day(), digits(cx.rng(), 12));
    cx.db()
        .write(move |tx| {
            let (wish, fresh) = (wish.clone(), fresh.clone());
            Box::pin(async move { ask(tx, wish, &fresh).await })
        })
        .await
}

async fn ask(
    tx: &mut Tx<'_>,
    wish: AskAgreement,
    fresh: &Fresh,
) -> Result<Result<Agreement, AgreementRefusal>, StoreError> {
    if let Some(number) = &wish.terms.external_agreement_no
        && let Some(known) = agreements::lock_by_number(tx, &wish.app.app_id, number).await?
    {
        let known = known.at(fresh.now);
        match known.state {
            AgreementState::Temp => return go_on(tx, known, wish).await,
            AgreementState::Normal | AgreementState::Unsign => {
                return Ok(Err(AgreementRefusal::NumberUsed));
            }
            // Nobody signed it: the number is as good as new.
            AgreementState::Closed => agreements::remove(tx, &known.agreement_no).await?,
        }
    }
    let agreement = Agreement {
        agreement_no: fresh.agreement_no.clone(),
        app_id: wish.app.app_id,
        seller_id: wish.app.seller_id,
        plan: wish.terms.rule.clone().map(Plan::begin),
        invalid_at: wish.terms.validity.map(|held| held.until(fresh.now)),
        terms: wish.terms,
        notify_url: wish.notify_url,
        return_url: wish.return_url,
        charset: wish.charset,
        code: fresh.token.clone(),
        state: AgreementState::Temp,
        signer: None,
        last_day: None,
        paid: 0,
        taken: Fen::ZERO,
        asked_at: fresh.now,
        expires_at: fresh.now.plus_ms(wish.ask_ms),
        signed_at: None,
        ended_at: None,
        signed_with: None,
        before: (0, Fen::ZERO),
    };
    agreements::insert(tx, &agreement).await?;
    Ok(Ok(agreement))
}

/// The link is opened again: the newest addresses count.
async fn go_on(
    tx: &mut Tx<'_>,
    mut agreement: Agreement,
    wish: AskAgreement,
) -> Result<Result<Agreement, AgreementRefusal>, StoreError> {
    if let Some(what) = agreement.terms.differs_in(&wish.terms) {
        return Ok(Err(AgreementRefusal::Differs(what)));
    }
    agreement.notify_url = wish.notify_url;
    agreement.return_url = wish.return_url;
    agreement.charset = wish.charset;
    agreements::save(tx, &agreement).await?;
    Ok(Ok(agreement))
}

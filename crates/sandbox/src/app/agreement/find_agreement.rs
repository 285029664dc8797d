//! Looks at agreements. One whose time is over is seen ended.

use crate::context::Context;
use crate::domain::App;
use crate::domain::agreement::{Agreement, AgreementProduct, AgreementRefusal, AgreementState};
use crate::store::agreements::{self, Deduction};
use crate::store::apps;
use store::{StoreError, Tx};

/// Which agreement a merchant means.
#[derive(Clone, Debug)]
pub enum AgreementRef {
    /// By Alipay's number.
    Number(String),
    /// By the merchant's number, or by who signed.
    Wanted {
        /// The merchant's number.
        external_agreement_no: Option<String>,
        /// What was signed.
        product: AgreementProduct,
        /// What for.
        sign_scene: String,
        /// Who signed, 16 digits.
        user_id: Option<String>,
    },
}

impl AgreementRef {
    /// The agreement as it is now, kept until the transaction ends.
    pub(super) async fn lock(
        &self,
        tx: &mut Tx<'_>,
        app_id: &str,
        now: kernel::Timestamp,
    ) -> Result<Result<Agreement, AgreementRefusal>, StoreError> {
        let (number, product, scene, user_id) = match self {
            Self::Number(number) => {
                let found = agreements::lock(tx, number).await?;
                return Ok(match found {
                    None => Err(AgreementRefusal::NotExist),
                    Some(found) if found.app_id != app_id => Err(AgreementRefusal::OtherApp),
                    Some(found) => Ok(found.at(now)),
                });
            }
            Self::Wanted {
                external_agreement_no,
                product,
                sign_scene,
                user_id,
            } => (external_agreement_no, *product, sign_scene, user_id),
        };
        let found = match (number, user_id) {
            (Some(number), _) => agreements::lock_by_number(tx, app_id, number).await?,
            (None, Some(user_id)) => {
                let wanted = (app_id, user_id.as_str());
                let same = agreements::find_same(tx, wanted, (product, scene)).await?;
                match same.first() {
                    Some(same) => agreements::lock(tx, &same.agreement_no).await?,
                    None => None,
                }
            }
            (None, None) => None,
        };
        let fits = |found: &Agreement| {
            let signer = found.signer.as_ref().map(|signer| &signer.user_id);
            let by_whom = user_id.is_none() || signer.is_none() || signer == user_id.as_ref();
            found.terms.product == product && found.terms.sign_scene == *scene && by_whom
        };
        Ok(match found.map(|found| found.at(now)) {
            Some(found) if fits(&found) => Ok(found),
            _ => Err(AgreementRefusal::NotExist),
        })
    }
}

/// The agreement that a merchant means; one that is over is none.
///
/// # Errors
/// What the engine said; inside, why there is none.
pub async fn find(
    cx: &Context,
    app_id: &str,
    wanted: AgreementRef,
) -> Result<Result<Agreement, AgreementRefusal>, StoreError> {
    let (now, app_id) = (cx.now(), app_id.to_owned());
    let found = cx
        .db()
        .write(move |tx| {
            let (wanted, app_id) = (wanted.clone(), app_id.clone());
            Box::pin(async move { wanted.lock(tx, &app_id, now).await })
        })
        .await?;
    Ok(found.and_then(|found| match found.state {
        AgreementState::Temp | AgreementState::Normal => Ok(found),
        AgreementState::Unsign => Err(AgreementRefusal::Ended),
        AgreementState::Closed => Err(AgreementRefusal::Closed),
    }))
}

/// An agreement by the token in its address, and whose it is.
///
/// # Errors
/// When the database fails.
pub async fn by_code(cx: &Context, code: &str) -> Result<Option<(Agreement, App)>, StoreError> {
    let (now, code) = (cx.now(), code.to_owned());
    cx.db()
        .write(move |tx| {
            let code = code.clone();
            Box::pin(async move {
                let Some(agreement) = agreements::lock_by_code(tx, &code).await? else {
                    return Ok(None);
                };
                let app = apps::find(tx, &agreement.app_id).await?;
                Ok::<_, StoreError>(app.map(|app| (agreement.at(now), app)))
            })
        })
        .await
}

/// An agreement by Alipay's number, whoever's it is.
///
/// # Errors
/// When the database fails.
pub async fn find_one(cx: &Context, number: &str) -> Result<Option<Agreement>, StoreError> {
    let (now, number) = (cx.now(), number.to_owned());
    let found = cx
        .db()
        .write(move |tx| {
            let number = number.clone();
            Box::pin(async move { agreements::lock(tx, &number).await })
        })
        .await?;
    Ok(found.map(|found| found.at(now)))
}

/// An agreement with its latest deductions.
pub type Signed = (Agreement, Vec<Deduction>);

/// What somebody signed, newest first, each with its latest deductions.
///
/// # Errors
/// When the database fails.
pub async fn signed_by(cx: &Context, user_id: &str, most: i64) -> Result<Vec<Signed>, StoreError> {
    /// How many deductions are shown of each.
    const DEDUCTIONS: i64 = 3;
    let (now, user_id) = (cx.now(), user_id.to_owned());
    cx.db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move {
                let mut found = Vec::new();
                for agreement in agreements::list_signed(tx, &user_id, most).await? {
                    let number = &agreement.agreement_no;
                    let deductions = agreements::deductions(tx, number, DEDUCTIONS).await?;
                    found.push((agreement.at(now), deductions));
                }
                Ok::<_, StoreError>(found)
            })
        })
        .await
}

/// The newest agreements of all applications.
///
/// # Errors
/// When the database fails.
pub async fn newest(cx: &Context, most: i64) -> Result<Vec<Agreement>, StoreError> {
    let now = cx.now();
    let found = cx
        .db()
        .read(move |tx| Box::pin(async move { agreements::newest(tx, most).await }))
        .await?;
    Ok(found.into_iter().map(|found| found.at(now)).collect())
}

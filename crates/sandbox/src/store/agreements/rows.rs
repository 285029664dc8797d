//! The statements about agreements.

use super::row::read;
use crate::domain::TradeId;
use crate::domain::agreement::{AgreedBy, Agreement, AgreementProduct};
use crate::domain::day::Day;
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// The agreement that a trade was taken by, or that was signed with it.
    AGREEMENT_OF_TRADE = "SELECT a.agreement_no, a.external_agreement_no FROM sandbox_deductions d JOIN sandbox_agreements a ON a.agreement_no = d.agreement_no WHERE d.trade_id = $1 UNION SELECT agreement_no, external_agreement_no FROM sandbox_agreements WHERE signed_with = $1";
    /// Adds an agreement.
    INSERT_AGREEMENT = "INSERT INTO sandbox_agreements (agreement_no, app_id, seller_id, product_code, personal_product_code, sign_scene, external_agreement_no, external_logon_id, third_party_type, channel, validity, notify_url, return_url, charset, code, state, signer_user_id, signer_logon_id, period_type, period, first_day, single_amount, total_amount, total_payments, next_day, last_day, paid, taken, asked_at, expires_at, signed_at, invalid_at, ended_at, signed_with) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)";
    /// Writes an agreement back.
    SAVE_AGREEMENT = "UPDATE sandbox_agreements SET notify_url = $2, return_url = $3, charset = $4, state = $5, signer_user_id = $6, signer_logon_id = $7, next_day = $8, last_day = $9, paid = $10, taken = $11, signed_at = $12, invalid_at = $13, ended_at = $14 WHERE agreement_no = $1";
    /// Gives an agreement a plan.
    PLAN_AGREEMENT = "UPDATE sandbox_agreements SET personal_product_code = $2, period_type = $3, period = $4, first_day = $5, single_amount = $6, total_amount = $7, total_payments = $8, next_day = $9, paid_before = $10, taken_before = $11 WHERE agreement_no = $1";
    /// An agreement by the merchant's number.
    FIND_AGREEMENT_BY_NUMBER = "SELECT agreement_no FROM sandbox_agreements WHERE app_id = $1 AND external_agreement_no = $2";
    /// An agreement by the token in its address.
    FIND_AGREEMENT_BY_CODE = "SELECT agreement_no FROM sandbox_agreements WHERE code = $1";
    /// What somebody signed without a number of the merchant's.
    FIND_SAME_AGREEMENT = "SELECT * FROM sandbox_agreements WHERE app_id = $1 AND signer_user_id = $2 AND personal_product_code = $3 AND sign_scene = $4 AND external_agreement_no IS NULL AND state = 'NORMAL' ORDER BY agreement_no DESC";
    /// An agreement, kept until the transaction ends.
    LOCK_AGREEMENT = "SELECT * FROM sandbox_agreements WHERE agreement_no = $1", pg " FOR UPDATE";
    /// What somebody signed, newest first.
    LIST_SIGNED_AGREEMENTS = "SELECT * FROM sandbox_agreements WHERE signer_user_id = $1 ORDER BY signed_at DESC, agreement_no DESC LIMIT $2";
    /// Every agreement, newest first.
    LIST_NEWEST_AGREEMENTS = "SELECT * FROM sandbox_agreements ORDER BY asked_at DESC, agreement_no DESC LIMIT $1";
    /// Takes an agreement away that nobody signed.
    DELETE_AGREEMENT = "DELETE FROM sandbox_agreements WHERE agreement_no = $1";
    /// Adds a deduction.
    INSERT_DEDUCTION = "INSERT INTO sandbox_deductions (trade_id, agreement_no, planned_day, amount, taken_at) VALUES ($1, $2, $3, $4, $5)";
    /// The deductions of an agreement, newest first.
    LIST_DEDUCTIONS = "SELECT trade_id, planned_day, amount, taken_at FROM sandbox_deductions WHERE agreement_no = $1 ORDER BY taken_at DESC, trade_id DESC LIMIT $2";
    /// Agreements whose sums are not those of their deductions.
    MISCOUNTED_AGREEMENTS = "SELECT a.agreement_no, a.paid, a.taken, CAST(COALESCE(SUM(d.amount), 0) AS BIGINT) AS deducted, COUNT(d.trade_id) AS many FROM sandbox_agreements a LEFT JOIN sandbox_deductions d ON d.agreement_no = a.agreement_no GROUP BY a.agreement_no, a.paid, a.taken HAVING a.paid <> COUNT(d.trade_id) OR a.taken <> COALESCE(SUM(d.amount), 0) ORDER BY a.agreement_no LIMIT $1";
    /// Deductions without the payment that they are.
    UNPAID_DEDUCTIONS = "SELECT d.trade_id FROM sandbox_deductions d LEFT JOIN sandbox_trades t ON t.trade_id = d.trade_id AND t.paid_at IS NOT NULL AND t.total_amount = d.amount WHERE t.trade_id IS NULL ORDER BY d.trade_id LIMIT $1";
    /// Forgets deductions.
    DELETE_DEDUCTIONS = "DELETE FROM sandbox_deductions";
    /// Forgets agreements.
    DELETE_AGREEMENTS = "DELETE FROM sandbox_agreements";
}

fn day(day: Option<Day>) -> Option<String> {
    day.map(|day| day.to_string())
}

/// Adds an agreement.
///
/// # Errors
/// What the engine said; a conflict when the application used the number before.
pub async fn insert(tx: &mut Tx<'_>, agreement: &Agreement) -> Result<(), StoreError> {
    let (terms, signer) = (&agreement.terms, agreement.signer.as_ref());
    let rule = terms.rule.as_ref();
    let values = params![
        &agreement.agreement_no,
        &agreement.app_id,
        &agreement.seller_id,
        &terms.product_code,
        terms.product.as_str(),
        &terms.sign_scene,
        terms.external_agreement_no.as_ref(),
        terms.external_logon_id.as_ref(),
        terms.third_party_type.as_ref(),
        &terms.channel,
        terms.validity.map(crate::domain::agreement::Validity::text),
        agreement.notify_url.as_ref(),
        agreement.return_url.as_ref(),
        &agreement.charset,
        &agreement.code,
        agreement.state.as_str(),
        signer.map(|signer| signer.user_id.clone()),
        signer.map(|signer| signer.logon_id.clone()),
        rule.map(|rule| rule.period_type.as_str()),
        rule.map(|rule| rule.period),
        day(rule.map(|rule| rule.first_day)),
        rule.map(|rule| rule.single_amount.fen()),
        rule.and_then(|rule| rule.total_amount).map(Fen::fen),
        rule.and_then(|rule| rule.total_payments),
        day(agreement.plan.as_ref().map(|plan| plan.next_day)),
        day(agreement.last_day),
        agreement.paid,
        agreement.taken.fen(),
        agreement.asked_at,
        agreement.expires_at,
        agreement.signed_at,
        agreement.invalid_at,
        agreement.ended_at,
        agreement.signed_with.as_ref().map(TradeId::as_str),
    ];
    tx.execute_one(&INSERT_AGREEMENT, &values).await
}

/// Writes a locked agreement back.
///
/// # Errors
/// What the engine said.
pub async fn save(tx: &mut Tx<'_>, agreement: &Agreement) -> Result<(), StoreError> {
    let signer = agreement.signer.as_ref();
    let values = params![
        &agreement.agreement_no,
        agreement.notify_url.as_ref(),
        agreement.return_url.as_ref(),
        &agreement.charset,
        agreement.state.as_str(),
        signer.map(|signer| signer.user_id.clone()),
        signer.map(|signer| signer.logon_id.clone()),
        day(agreement.plan.as_ref().map(|plan| plan.next_day)),
        day(agreement.last_day),
        agreement.paid,
        agreement.taken.fen(),
        agreement.signed_at,
        agreement.invalid_at,
        agreement.ended_at,
    ];
    tx.execute_one(&SAVE_AGREEMENT, &values).await
}

/// Writes the plan back that a locked agreement got.
///
/// # Errors
/// What the engine said.
pub async fn save_plan(tx: &mut Tx<'_>, agreement: &Agreement) -> Result<(), StoreError> {
    let rule = agreement.terms.rule.as_ref();
    let (paid, taken) = agreement.before;
    let values = params![
        &agreement.agreement_no,
        agreement.terms.product.as_str(),
        rule.map(|rule| rule.period_type.as_str()),
        rule.map(|rule| rule.period),
        day(rule.map(|rule| rule.first_day)),
        rule.map(|rule| rule.single_amount.fen()),
        rule.and_then(|rule| rule.total_amount).map(Fen::fen),
        rule.and_then(|rule| rule.total_payments),
        day(agreement.plan.as_ref().map(|plan| plan.next_day)),
        paid,
        taken.fen(),
    ];
    tx.execute_one(&PLAN_AGREEMENT, &values).await
}

/// An agreement by Alipay's number, kept until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock(tx: &mut Tx<'_>, agreement_no: &str) -> Result<Option<Agreement>, StoreError> {
    let row = tx
        .query_opt(&LOCK_AGREEMENT, &params![agreement_no])
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// An agreement by the merchant's number, kept until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock_by_number(
    tx: &mut Tx<'_>,
    app_id: &str,
    number: &str,
) -> Result<Option<Agreement>, StoreError> {
    let values = params![app_id, number];
    let row = tx.query_opt(&FIND_AGREEMENT_BY_NUMBER, &values).await?;
    lock_found(tx, row).await
}

/// An agreement by the token in its address, kept until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Agreement>, StoreError> {
    let row = tx
        .query_opt(&FIND_AGREEMENT_BY_CODE, &params![code])
        .await?;
    lock_found(tx, row).await
}

async fn lock_found(tx: &mut Tx<'_>, row: Option<Row>) -> Result<Option<Agreement>, StoreError> {
    match row {
        Some(row) => lock(tx, row.text("agreement_no")?).await,
        None => Ok(None),
    }
}

/// What somebody signed of a product for a scene without a number of the merchant's.
///
/// # Errors
/// What the engine said.
pub async fn find_same(
    tx: &mut Tx<'_>,
    (app_id, user_id): (&str, &str),
    (product, scene): (AgreementProduct, &str),
) -> Result<Vec<Agreement>, StoreError> {
    let values = params![app_id, user_id, product.as_str(), scene];
    let rows = tx.query(&FIND_SAME_AGREEMENT, &values).await?;
    rows.iter().map(read).collect()
}

/// What somebody signed, newest first.
///
/// # Errors
/// What the engine said.
pub async fn list_signed(
    tx: &mut Tx<'_>,
    user_id: &str,
    most: i64,
) -> Result<Vec<Agreement>, StoreError> {
    let values = params![user_id, most];
    let rows = tx.query(&LIST_SIGNED_AGREEMENTS, &values).await?;
    rows.iter().map(read).collect()
}

/// Every agreement, newest first.
///
/// # Errors
/// What the engine said.
pub async fn newest(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Agreement>, StoreError> {
    let rows = tx.query(&LIST_NEWEST_AGREEMENTS, &params![most]).await?;
    rows.iter().map(read).collect()
}

/// Takes an agreement away that nobody signed.
///
/// # Errors
/// What the engine said.
pub async fn remove(tx: &mut Tx<'_>, agreement_no: &str) -> Result<(), StoreError> {
    tx.execute_one(&DELETE_AGREEMENT, &params![agreement_no])
        .await
}

/// A deduction.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deduction {
    /// The trade that it paid, by our number.
    pub trade_id: String,
    /// The day of the plan that it was for.
    pub planned_day: Option<Day>,
    /// How much.
    pub amount: Fen,
    /// When.
    pub taken_at: Timestamp,
}

/// Adds a deduction.
///
/// # Errors
/// What the engine said; a conflict when the trade was paid so before.
pub async fn add_deduction(
    tx: &mut Tx<'_>,
    agreement_no: &str,
    deduction: &Deduction,
) -> Result<(), StoreError> {
    let values = params![
        &deduction.trade_id,
        agreement_no,
        day(deduction.planned_day),
        deduction.amount.fen(),
        deduction.taken_at,
    ];
    tx.execute_one(&INSERT_DEDUCTION, &values).await
}

/// The deductions of an agreement, newest first.
///
/// # Errors
/// What the engine said.
pub async fn deductions(
    tx: &mut Tx<'_>,
    agreement_no: &str,
    most: i64,
) -> Result<Vec<Deduction>, StoreError> {
    let rows = tx
        .query(&LIST_DEDUCTIONS, &params![agreement_no, most])
        .await?;
    let read = |row: &Row| {
        Ok(Deduction {
            trade_id: row.text("trade_id")?.to_owned(),
            planned_day: row.opt_text("planned_day")?.and_then(Day::parse),
            amount: Fen::new(row.int("amount")?),
            taken_at: row.time("taken_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Where agreements, deductions and payments differ, in words.
///
/// # Errors
/// What the engine said.
pub async fn differences(tx: &mut Tx<'_>, most: i64) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for row in tx.query(&MISCOUNTED_AGREEMENTS, &params![most]).await? {
        found.push(format!(
            "agreement {} counts {} deductions of {} fen, but there are {} of {}",
            row.text("agreement_no")?,
            row.int("paid")?,
            row.int("taken")?,
            row.int("many")?,
            row.int("deducted")?
        ));
    }
    for row in tx.query(&UNPAID_DEDUCTIONS, &params![most]).await? {
        let trade_id = row.text("trade_id")?;
        found.push(format!(
            "the deduction {trade_id} paid no trade of its amount"
        ));
    }
    Ok(found)
}

/// Forgets all agreements.
///
/// # Errors
/// What the engine said.
pub async fn forget(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute(&DELETE_DEDUCTIONS, &[]).await?;
    tx.execute(&DELETE_AGREEMENTS, &[]).await.map(|_| ())
}

/// The agreement that a trade was taken by or that was signed with it; none without one.
///
/// # Errors
/// What the engine said.
pub async fn of_trade(tx: &mut Tx<'_>, trade_id: &TradeId) -> Result<Option<AgreedBy>, StoreError> {
    let values = params![trade_id.as_str()];
    let row = tx.query_opt(&AGREEMENT_OF_TRADE, &values).await?;
    row.map(|row| {
        Ok(AgreedBy {
            agreement_no: row.text("agreement_no")?.to_owned(),
            external_agreement_no: row.opt_text("external_agreement_no")?.map(str::to_owned),
        })
    })
    .transpose()
}

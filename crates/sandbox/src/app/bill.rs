//! A merchant asks for a bill, and fetches it from an address that works for thirty seconds.

use super::account_log::account_lines;
use super::fresh::Fresh;
use crate::bills::{ZipFile, account_files, trade_files, zip};
use crate::context::Context;
use crate::domain::bill::{BillDate, BillRefusal, BillType, LINK_LIFE_MS};
use crate::domain::{App, Profile};
use crate::store::bills::{self, BillLink};
use crate::store::{apps, movements};
use kernel::Timestamp;
use store::{StoreError, Tx};

/// An address from which a bill can be fetched.
#[derive(Clone, Debug)]
pub struct BillAddress {
    /// The whole address.
    pub url: String,
    /// Whether nothing stands in the bill.
    pub is_empty: bool,
}

/// Why there is no address.
#[derive(Debug, thiserror::Error)]
pub enum BillError {
    /// The day or month has no bill.
    #[error("there is no bill of that time")]
    Refused(BillRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the address of a bill.
///
/// # Errors
/// When its time is not over or too long ago, or the database fails.
pub async fn bill_address(
    cx: &Context,
    app: &App,
    bill_type: BillType,
    date: &BillDate,
) -> Result<BillAddress, BillError> {
    let fresh = Fresh::take(cx);
    let (asked, wanted) = (app.clone(), date.clone());
    let made = cx
        .db()
        .write(move |tx| {
            let (app, date, fresh) = (asked.clone(), wanted.clone(), fresh.clone());
            Box::pin(async move { make(tx, &app, bill_type, &date, &fresh).await })
        })
        .await?;
    let (token, is_empty) = made.map_err(BillError::Refused)?;
    let (pid, base) = (&app.seller_id, cx.public_url());
    let dates = date.digits();
    Ok(BillAddress {
        url: format!(
            "{base}/downloadBillFile.resource?bizType={}&userId={pid}0156&fileType=csv.zip&bizDates={dates}&downloadFileName={pid}0156_{dates}.csv.zip&fileId={token}",
            bill_type.as_str(),
        ),
        is_empty,
    })
}

async fn make(
    tx: &mut Tx<'_>,
    app: &App,
    bill_type: BillType,
    date: &BillDate,
    fresh: &Fresh,
) -> Result<Result<(String, bool), BillRefusal>, StoreError> {
    let since = bills::registered_at(tx, &app.app_id).await?;
    let since = since.unwrap_or(fresh.now);
    if let Err(refusal) = date.ready(app.profile, since, fresh.now) {
        return Ok(Err(refusal));
    }
    let span = (date.from, date.to);
    let is_empty = app.profile == Profile::AlipaySandbox
        || match bill_type {
            BillType::Trade => !bills::has_traded(tx, &app.app_id, span).await?,
            BillType::Account => movements::between(tx, &app.ledger_account(), span)
                .await?
                .is_empty(),
        };
    let link = BillLink {
        token: fresh.token.clone(),
        app_id: app.app_id.clone(),
        bill_type: bill_type.as_str().to_owned(),
        bill_date: date.text.clone(),
        made_at: fresh.now,
        expires_at: fresh.now.plus_ms(LINK_LIFE_MS),
    };
    bills::add_link(tx, &link).await?;
    Ok(Ok((link.token, is_empty)))
}

/// What is behind an address.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// The ZIP.
    Zip(Vec<u8>),
    /// It worked until then.
    Expired(Timestamp),
    /// There is none.
    Unknown,
}

/// Fetches a bill by the token in its address.
///
/// # Errors
/// When the database fails.
pub async fn fetch_bill(cx: &Context, token: &str) -> Result<Fetched, StoreError> {
    let (token, now) = (token.to_owned(), cx.now());
    let written = cx
        .db()
        .read(move |tx| {
            let token = token.clone();
            Box::pin(async move { write(tx, &token, now).await })
        })
        .await?;
    let files = match written {
        Written::Files(files) => files,
        Written::Expired(at) => return Ok(Fetched::Expired(at)),
        Written::Unknown => return Ok(Fetched::Unknown),
    };
    // Packing a busy month takes a while; other work goes on meanwhile.
    match tokio::task::spawn_blocking(move || zip(&files)).await {
        Ok(packed) => packed
            .map(Fetched::Zip)
            .map_err(|error| StoreError::Inconsistent {
                table: "sandbox_bill_links",
                id: "bill".to_owned(),
                what: error.to_string(),
            }),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

enum Written {
    Files(Vec<ZipFile>),
    Expired(Timestamp),
    Unknown,
}

async fn write(tx: &mut Tx<'_>, token: &str, now: Timestamp) -> Result<Written, StoreError> {
    let Some(link) = bills::find_link(tx, token).await? else {
        return Ok(Written::Unknown);
    };
    if now >= link.expires_at {
        return Ok(Written::Expired(link.expires_at));
    }
    let (Some(app), Some(bill_type), Some(date)) = (
        apps::find(tx, &link.app_id).await?,
        BillType::parse(&link.bill_type),
        BillDate::parse(&link.bill_date),
    ) else {
        return Ok(Written::Unknown);
    };
    let span = (date.from, date.to);
    // Alipay's own sandbox hands out the form of a bill without any line.
    let is_form = app.profile == Profile::AlipaySandbox;
    let (pid, made_at) = (&app.seller_id, link.made_at);
    Ok(Written::Files(match bill_type {
        BillType::Trade if is_form => trade_files(pid, &date, &[], made_at),
        BillType::Account if is_form => account_files(pid, &date, &[], made_at),
        BillType::Trade => {
            let lines = bills::trade_lines(tx, &app.app_id, span).await?;
            trade_files(pid, &date, &lines, made_at)
        }
        BillType::Account => {
            let lines = account_lines(tx, &app.app_id, span).await?;
            account_files(pid, &date, &lines, made_at)
        }
    }))
}

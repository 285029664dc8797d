//! Wallet accounts: opening, looking, putting money in.

use crate::app::accounts::{self, BuyerSpec, EnsureBuyerError, Password, TopUpError};
use crate::app::login;
use crate::context::Context;
use crate::domain::{Account, LogonId};
use axum::Json;
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use kernel::Timestamp;
use money::Fen;
use serde::{Deserialize, Serialize};
use service::{JsonBody, Problem};
use store::StoreError;
use utoipa::ToSchema;

/// A wallet account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountView {
    logon_id: String,
    user_id: String,
    #[schema(value_type = String)]
    balance: Fen,
    /// Until when no payment password is taken.
    #[schema(value_type = Option<String>)]
    pay_locked_until: Option<Timestamp>,
}

/// An account to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccountBody {
    /// An e-mail address or a phone number.
    logon_id: String,
    /// `111111` unless said.
    login_password: Option<String>,
    /// Six digits; `111111` unless said.
    pay_password: Option<String>,
    /// In yuan; nothing unless said.
    #[schema(value_type = Option<String>)]
    balance: Option<Fen>,
}

/// Money from the bank.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TopUpBody {
    /// In yuan.
    #[schema(value_type = String)]
    amount: Fen,
}

/// All accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountList {
    accounts: Vec<AccountView>,
}

fn broken(error: &StoreError) -> Problem {
    Problem::internal(error)
}

async fn view(cx: &Context, account: Account) -> Result<AccountView, Problem> {
    let balance = accounts::balance(cx, &account.user_id)
        .await
        .map_err(|error| broken(&error))?;
    let locked = account.pay_tries.locked_until;
    Ok(AccountView {
        logon_id: account.logon_id.as_str().to_owned(),
        user_id: account.user_id,
        balance,
        pay_locked_until: locked.filter(|until| *until > cx.now()),
    })
}

pub(super) async fn find_account(cx: &Context, logon_id: &str) -> Result<Account, Problem> {
    let found = match logon_id.parse::<LogonId>() {
        Ok(parsed) => login::find(cx, &parsed).await.map_err(|e| broken(&e))?,
        Err(_) => None,
    };
    found.ok_or_else(|| Problem::not_found(format!("Nobody has the logon id {logon_id}.")))
}

/// Opens an account. One that is there stays as it is.
#[utoipa::path(post, path = "/sandbox/v1/accounts", tag = "accounts", request_body = NewAccountBody,
    responses((status = 201, body = AccountView), (status = 409, description = "account-exists")))]
pub(super) async fn create(
    State(cx): State<Context>,
    JsonBody(body): JsonBody<NewAccountBody>,
) -> Result<(StatusCode, Json<AccountView>), Problem> {
    let password =
        |text: Option<String>| Password::Plain(text.unwrap_or_else(|| "111111".to_owned()));
    let spec = BuyerSpec {
        logon_id: body.logon_id,
        login_password: password(body.login_password),
        pay_password: password(body.pay_password),
        balance: body.balance.unwrap_or(Fen::ZERO),
    };
    match accounts::open_account(&cx, spec).await {
        Ok((account, true)) => Ok((StatusCode::CREATED, Json(view(&cx, account).await?))),
        Ok((account, false)) => Err(Problem::conflict(
            "account-exists",
            format!("{} has an account already.", account.logon_id),
        )),
        Err(EnsureBuyerError::Store(error)) => Err(broken(&error)),
        Err(error) => Err(Problem::bad_request(format!("{error}."))),
    }
}

/// Every account, by logon id.
#[utoipa::path(get, path = "/sandbox/v1/accounts", tag = "accounts",
    responses((status = 200, body = AccountList)))]
pub(super) async fn list(State(cx): State<Context>) -> Result<Json<AccountList>, Problem> {
    let found = accounts::list(&cx).await.map_err(|e| broken(&e))?;
    let mut accounts = Vec::with_capacity(found.len());
    for account in found {
        accounts.push(view(&cx, account).await?);
    }
    Ok(Json(AccountList { accounts }))
}

/// One account.
#[utoipa::path(get, path = "/sandbox/v1/accounts/{logon_id}", tag = "accounts",
    params(("logon_id" = String, Path)), responses((status = 200, body = AccountView), (status = 404)))]
pub(super) async fn find(
    State(cx): State<Context>,
    Path(logon_id): Path<String>,
) -> Result<Json<AccountView>, Problem> {
    let account = find_account(&cx, &logon_id).await?;
    Ok(Json(view(&cx, account).await?))
}

/// How long a caller's own key may be.
const KEY_MAX: usize = 255;

/// The key that makes a repeat safe; none when the caller gave none.
fn own_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = key.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > KEY_MAX {
        return Err(Problem::bad_request(
            "Idempotency-Key is 1 to 255 visible characters, or left out.",
        ));
    }
    Ok(Some(key))
}

/// Puts money from the bank into an account; with the same `Idempotency-Key` once.
#[utoipa::path(post, path = "/sandbox/v1/accounts/{logon_id}/top-up", tag = "accounts",
    params(("logon_id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Yours, the same on a repeat; may be left out")),
    request_body = TopUpBody,
    responses((status = 200, body = AccountView), (status = 404),
        (status = 409, description = "idempotency-key-reused")))]
pub(super) async fn top_up(
    State(cx): State<Context>,
    Path(logon_id): Path<String>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<TopUpBody>,
) -> Result<Json<AccountView>, Problem> {
    let key = own_key(&headers)?;
    if !body.amount.is_payable() {
        return Err(Problem::bad_request(
            "amount is from 0.01 to 100000000.00 yuan.",
        ));
    }
    let account = find_account(&cx, &logon_id).await?;
    match accounts::top_up(&cx, &account, body.amount, key).await {
        Ok(()) => {}
        Err(TopUpError::Store(error)) => return Err(broken(&error)),
        Err(TopUpError::KeyReused) => {
            return Err(Problem::conflict(
                "idempotency-key-reused",
                "This `Idempotency-Key` was used for another top-up; take a new one for each.",
            ));
        }
    }
    Ok(Json(view(&cx, account).await?))
}

//! Who an account's owner is.

use crate::app::people as app;
use crate::context::Context;
use crate::domain::{LogonId, Person};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use service::{JsonBody, Problem};
use utoipa::ToSchema;

/// The owner of an account.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonView {
    /// The name in their papers: transfers check it.
    real_name: String,
    /// What they are called.
    nick_name: String,
    /// `F` or `M`.
    gender: String,
    province: String,
    city: String,
}

/// How long a name or a place may be.
const TEXT_CHARS: usize = 64;

impl PersonView {
    fn of(person: Person) -> Self {
        Self {
            real_name: person.real_name,
            nick_name: person.nick_name,
            gender: person.gender,
            province: person.province,
            city: person.city,
        }
    }

    fn checked(self) -> Result<Person, Problem> {
        let texts = [&self.real_name, &self.nick_name, &self.province, &self.city];
        let fits = |text: &&String| {
            text.chars().count() <= TEXT_CHARS && !text.chars().any(char::is_control)
        };
        if self.real_name.is_empty() || !texts.iter().all(fits) {
            return Err(Problem::bad_request(format!(
                "A name has 1 to {TEXT_CHARS} characters, a place at most as many."
            )));
        }
        if self.gender != "F" && self.gender != "M" {
            return Err(Problem::bad_request("gender is F or M."));
        }
        Ok(Person {
            real_name: self.real_name,
            nick_name: self.nick_name,
            gender: self.gender,
            province: self.province,
            city: self.city,
        })
    }
}

async fn user_id(cx: &Context, logon_id: &str) -> Result<String, Problem> {
    let missing = || Problem::not_found("There is no such account.");
    let logon_id: LogonId = logon_id.parse().map_err(|_| missing())?;
    let found = crate::app::login::find(cx, &logon_id).await;
    match found.map_err(|error| Problem::internal(&error))? {
        Some(account) => Ok(account.user_id),
        None => Err(missing()),
    }
}

/// Who the owner of an account is.
#[utoipa::path(get, path = "/sandbox/v1/accounts/{logon_id}/person", tag = "accounts",
    responses((status = 200, body = PersonView), (status = 404, description = "not-found")))]
pub(super) async fn find_person(
    State(cx): State<Context>,
    Path(logon_id): Path<String>,
) -> Result<Json<PersonView>, Problem> {
    let user_id = user_id(&cx, &logon_id).await?;
    let person = app::person(&cx, &user_id).await;
    Ok(Json(PersonView::of(
        person.map_err(|error| Problem::internal(&error))?,
    )))
}

/// Says who the owner of an account is.
#[utoipa::path(put, path = "/sandbox/v1/accounts/{logon_id}/person", tag = "accounts",
    request_body = PersonView,
    responses((status = 200, body = PersonView), (status = 404, description = "not-found")))]
pub(super) async fn set_person(
    State(cx): State<Context>,
    Path(logon_id): Path<String>,
    JsonBody(body): JsonBody<PersonView>,
) -> Result<Json<PersonView>, Problem> {
    let person = body.checked()?;
    let user_id = user_id(&cx, &logon_id).await?;
    let set = app::set_person(&cx, &user_id, person.clone()).await;
    set.map_err(|error| Problem::internal(&error))?;
    Ok(Json(PersonView::of(person)))
}

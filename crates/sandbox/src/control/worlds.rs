//! The worlds of the process: making, listing and removing them.

use super::app_views::{AppView, view};
use crate::app::certificates::ensure_certificates;
use crate::app::fill::FillError;
use crate::app::find_trade::list_apps;
use crate::context::Context;
use crate::domain::filling::Filling;
use crate::worlds::{NewWorld, World, WorldError, WorldName, Worlds};
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service::{JsonBody, Problem};
use std::sync::Arc;
use utoipa::ToSchema;

/// A world to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWorldBody {
    /// 1 to 40 small letters, digits and `-`.
    name: String,
    /// The same calls after the same seed get the same numbers; 0 to 9223372036854775807.
    seed: Option<i64>,
    /// How its business clock begins.
    clock: Option<NewClockBody>,
    /// What it holds from its first moment, and after each reset.
    seed_data: Option<Filling>,
}

/// How a clock begins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewClockBody {
    /// What it shows at first, such as `2026-08-21T09:30:00+08:00`; now without it.
    #[schema(value_type = Option<String>)]
    at: Option<Timestamp>,
    /// It stands still until it is moved.
    #[serde(default)]
    stands: bool,
}

/// A world, with everything by which an SDK is pointed at it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WorldView {
    name: String,
    /// The seed of its numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
    /// When it was made, by the wall clock; not of the one at the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    made_at: Option<Timestamp>,
    /// What its business clock shows.
    #[schema(value_type = String)]
    now: Timestamp,
    /// Calls of the gateway go here.
    gateway_url: String,
    /// The same for SDKs that cannot have a path before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway_query_url: Option<String>,
    /// Calls of v3 begin with this; the application says whose they are.
    v3_base_url: String,
    console_url: String,
    /// Its control API.
    control_url: String,
    /// The file that says the same, with the names of the key files.
    #[serde(skip_serializing_if = "Option::is_none")]
    sandbox_file: Option<String>,
    /// Its applications, the main one first; with private keys in the answer that made it.
    apps: Vec<AppView>,
}

/// All worlds of the process, the one at the root first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WorldList {
    worlds: Vec<WorldView>,
}

/// Makes a world: a buyer, an application, nothing else. It lives until it is deleted, with its own
/// money, clock, faults, applications and accounts.
#[utoipa::path(post, path = "/sandbox/v1/worlds", tag = "worlds", request_body = NewWorldBody,
    responses((status = 201, body = WorldView), (status = 400, description = "a field is none"),
        (status = 409, description = "world-exists, too-many-worlds, or in the demo")))]
pub(super) async fn create(
    State(cx): State<Context>,
    JsonBody(body): JsonBody<NewWorldBody>,
) -> Result<(StatusCode, Json<WorldView>), Problem> {
    let worlds = worlds(&cx)?.clone();
    let name = body.name.parse::<WorldName>();
    let name = name.map_err(|error| invalid("name", &error))?;
    if body.seed.is_some_and(|seed| seed < 0) {
        return Err(invalid("seed", &"a seed is not negative"));
    }
    let clock = body.clock.unwrap_or(NewClockBody {
        at: None,
        stands: false,
    });
    let new = NewWorld {
        seed: body.seed,
        clock_at: clock.at,
        clock_stands: clock.stands,
        filling: body.seed_data,
        ..NewWorld::named(name)
    };
    let keeper = worlds.clone();
    // A caller that leaves does not stop half of it.
    let made = tokio::spawn(async move { keeper.create(new).await }).await;
    let made = made.map_err(|stopped| Problem::internal(&stopped))?;
    let world = made.map_err(problem)?;
    let view = world_view(&worlds, &world, true).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// All worlds, the one at the root first, without private keys.
#[utoipa::path(get, path = "/sandbox/v1/worlds", tag = "worlds",
    responses((status = 200, body = WorldList)))]
pub(super) async fn list(State(cx): State<Context>) -> Result<Json<WorldList>, Problem> {
    let mut list = vec![describe(&cx, None, false).await?];
    if let Some(worlds) = cx.worlds() {
        for world in worlds.list() {
            list.push(world_view(worlds, &world, false).await?);
        }
    }
    Ok(Json(WorldList { worlds: list }))
}

/// One world, without private keys.
#[utoipa::path(get, path = "/sandbox/v1/worlds/{name}", tag = "worlds",
    params(("name" = String, Path)),
    responses((status = 200, body = WorldView), (status = 404)))]
pub(super) async fn find(
    State(cx): State<Context>,
    Path(name): Path<String>,
) -> Result<Json<WorldView>, Problem> {
    if name == cx.parts().world.as_str() {
        return Ok(Json(describe(&cx, None, false).await?));
    }
    let found = name.parse().ok().zip(cx.worlds());
    let found = found.and_then(|(name, worlds)| Some((worlds, worlds.find(&name)?)));
    let (worlds, world) = found.ok_or_else(|| no_such_world(&name))?;
    Ok(Json(world_view(worlds, &world, false).await?))
}

/// Removes a world with everything in it, its files too.
#[utoipa::path(delete, path = "/sandbox/v1/worlds/{name}", tag = "worlds",
    params(("name" = String, Path)),
    responses((status = 204), (status = 404), (status = 409, description = "it is the one at the root")))]
pub(super) async fn delete(
    State(cx): State<Context>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let worlds = worlds(&cx)?.clone();
    if name == cx.parts().world.as_str() {
        return Err(Problem::conflict(
            "root-world",
            "The world at the root lives as long as the process. POST /sandbox/v1/reset empties it.",
        ));
    }
    let name = name
        .parse::<WorldName>()
        .map_err(|_| no_such_world(&name))?;
    let deleted = tokio::spawn(async move { worlds.delete(&name).await }).await;
    let deleted = deleted.map_err(|stopped| Problem::internal(&stopped))?;
    deleted.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}

fn worlds(cx: &Context) -> Result<&Worlds, Problem> {
    if let Some(worlds) = cx.worlds() {
        return Ok(worlds);
    }
    if cx.parts().demo {
        return Err(Problem::conflict(
            "demo-has-one-world",
            "Merchant and shops of the demo live in its one world. Run `tongbao sandbox` for more.",
        ));
    }
    Err(Problem::conflict(
        "no-worlds-here",
        "Worlds are made and removed at the root: /sandbox/v1/worlds without a world before it.",
    ))
}

async fn world_view(
    worlds: &Worlds,
    world: &Arc<World>,
    with_private: bool,
) -> Result<WorldView, Problem> {
    let cx = world.sandbox().context();
    let file = worlds.sandbox_file(world.name());
    Ok(WorldView {
        sandbox_file: file.map(|file| file.display().to_string()),
        made_at: Some(world.made_at()),
        ..describe(cx, Some(world.main_app()), with_private).await?
    })
}

async fn describe(
    cx: &Context,
    main_app: Option<&str>,
    with_private: bool,
) -> Result<WorldView, Problem> {
    let mut apps = list_apps(cx).await.map_err(|e| Problem::internal(&e))?;
    apps.sort_by_key(|app| Some(app.name.as_str()) != main_app);
    let mut views = Vec::with_capacity(apps.len());
    for app in apps {
        let certs = if with_private {
            let certs = ensure_certificates(cx, &app.app_id).await;
            Some(certs.map_err(|error| Problem::internal(&error))?)
        } else {
            None
        };
        views.push(view(app, certs, with_private)?);
    }
    let (url, base, world) = (cx.public_url(), cx.v3_base_url(), &cx.parts().world);
    Ok(WorldView {
        name: world.to_string(),
        seed: cx.seed(),
        made_at: None,
        now: cx.now(),
        gateway_url: format!("{url}/gateway.do"),
        gateway_query_url: (!world.is_default())
            .then(|| format!("{base}/gateway.do?world={world}")),
        v3_base_url: base.to_owned(),
        console_url: format!("{url}/"),
        control_url: format!("{url}/sandbox/v1/"),
        sandbox_file: None,
        apps: views,
    })
}

fn problem(error: WorldError) -> Problem {
    match error {
        WorldError::Exists(_) => Problem::conflict("world-exists", format!("{error}.")),
        WorldError::Busy(_) => Problem::conflict("world-busy", format!("{error}; ask again.")),
        WorldError::TooMany => Problem::conflict("too-many-worlds", format!("{error}.")),
        WorldError::Fill(FillError::Value(error)) => {
            invalid(&format!("seed_data.{}", error.field), &error.what)
        }
        WorldError::Fill(FillError::Store(error)) => Problem::internal(&error),
        WorldError::Fill(error) => {
            let why =
                std::error::Error::source(&error).map_or(String::new(), |why| format!(": {why}"));
            invalid("seed_data", &format!("{error}{why}"))
        }
        WorldError::Unknown(name) => no_such_world(name.as_str()),
        error => Problem::internal(&error),
    }
}

fn no_such_world(name: &str) -> Problem {
    let shown: String = name.chars().take(40).collect();
    Problem::not_found(format!("There is no world {shown}."))
}

fn invalid(field: &str, what: &dyn std::fmt::Display) -> Problem {
    Problem::bad_request(format!("{what}.")).with("field", field)
}

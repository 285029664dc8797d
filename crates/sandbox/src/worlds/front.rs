//! What stands before all worlds of a process: finds the one that a request means.

use super::door::through;
use super::keep::Worlds;
use super::name::WorldName;
use super::world::World;
use crate::gateway::{MOST_CALL_BYTES, app_in_call, app_in_header};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{self, HeaderName};
use service::Problem;
use std::sync::Arc;
use tower::ServiceExt;

/// The parameter in an address of the gateway or the control API that names a world.
const PARAMETER: &str = "world";
const GATEWAY: &str = "/gateway.do";
const CONTROL: &str = "/sandbox/v1/";

#[derive(Clone)]
struct Front {
    root: Router,
    worlds: Worlds,
}

impl Worlds {
    /// Every route of every world: `root` answers what means no other one.
    pub fn front(&self, root: Router) -> Router {
        let front = Front {
            root,
            worlds: self.clone(),
        };
        Router::new().fallback(meet).with_state(front)
    }
}

async fn meet(State(front): State<Front>, request: Request) -> Response {
    match choose(&front.worlds, request).await {
        Ok((Some((world, inside)), request)) => through(world, request, &inside).await,
        Ok((None, request)) => {
            let answered = front.root.oneshot(request).await;
            answered.unwrap_or_else(|never| match never {})
        }
        Err(problem) => problem.into_response(),
    }
}

/// A world and the path and query inside of it.
type Chosen = Option<(Arc<World>, String)>;

async fn choose(worlds: &Worlds, request: Request) -> Result<(Chosen, Request), Problem> {
    let path = request.uri().path();
    let query = request.uri().query().unwrap_or_default();
    if let Some((name, inside)) = below_prefix(path) {
        let world = find(worlds, name)?;
        let inside = match request.uri().query() {
            Some(query) => format!("{inside}?{query}"),
            None => inside.to_owned(),
        };
        return Ok((Some((world, inside)), request));
    }
    if (path == GATEWAY || path.starts_with(CONTROL))
        && let Some((name, rest)) = named_world(query)
    {
        let inside = format!("{path}?{rest}");
        if WorldName::default().as_str() == name {
            return Ok((None, with_path(request, &inside)));
        }
        let world = find(worlds, &name)?;
        return Ok((Some((world, inside)), request));
    }
    let is_called = path == GATEWAY || path.starts_with("/v3/") || path.starts_with("/oauth2/");
    if !is_called || worlds.is_empty() {
        return Ok((None, request));
    }
    let inside = request.uri().path_and_query().map(ToString::to_string);
    let (app_id, request) = calling_app(request).await?;
    let world = app_id.and_then(|app_id| worlds.of_app(&app_id));
    Ok((world.zip(inside), request))
}

fn with_path(mut request: Request, inside: &str) -> Request {
    if let Ok(uri) = inside.parse() {
        *request.uri_mut() = uri;
    }
    request
}

fn find(worlds: &Worlds, name: &str) -> Result<Arc<World>, Problem> {
    let found = name.parse().ok().and_then(|name| worlds.find(&name));
    found.ok_or_else(|| {
        let shown: String = name.chars().take(40).collect();
        Problem::not_found(format!(
            "There is no world {shown}. GET /sandbox/v1/worlds lists them, POST /sandbox/v1/worlds makes one."
        ))
    })
}

/// The name and the rest of a path below `/w/`.
fn below_prefix(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/w/")?;
    match rest.find('/') {
        Some(at) => Some((&rest[..at], &rest[at..])),
        None => Some((rest, "/")),
    }
}

/// The application that calls: in the header of v3, in the address, or in the body, which is read
/// only then.
async fn calling_app(request: Request) -> Result<(Option<String>, Request), Problem> {
    if request.uri().path().starts_with("/v3/") {
        let app_id = app_in_header(&text(&request, header::AUTHORIZATION));
        return Ok((app_id, request));
    }
    let query = request.uri().query().unwrap_or_default().to_owned();
    let content_type = text(&request, header::CONTENT_TYPE);
    if let Some(app_id) = app_in_call(&query, "", &Bytes::new()).await {
        return Ok((Some(app_id), request));
    }
    let (head, body) = request.into_parts();
    let request = Request::new(body);
    let body = service::limits::read_body_up_to(request, MOST_CALL_BYTES).await?;
    let app_id = app_in_call("", &content_type, &body).await;
    Ok((app_id, Request::from_parts(head, Body::from(body))))
}

fn text(request: &Request, name: HeaderName) -> String {
    let value = request.headers().get(name);
    let text = value.and_then(|value| value.to_str().ok());
    text.unwrap_or_default().to_owned()
}

/// The world in a query, and the query without it, as the signature covers it. A
/// client that puts its own `?` behind an address that has one already is understood.
fn named_world(query: &str) -> Option<(String, String)> {
    let mut name = None;
    let mut rest: Vec<&str> = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some((PARAMETER, value)) => {
                let (value, more) = value.split_once('?').unwrap_or((value, ""));
                name.get_or_insert_with(|| value.to_owned());
                if !more.is_empty() {
                    rest.push(more);
                }
            }
            _ => rest.push(pair),
        }
    }
    name.map(|name| (name, rest.join("&")))
}

/// A query of the gateway without the name of a world.
#[must_use]
pub fn without_world(query: &str) -> String {
    named_world(query).map_or_else(|| query.to_owned(), |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_is_named_by_path_or_query() {
        assert_eq!(below_prefix("/w/a/gateway.do"), Some(("a", "/gateway.do")));
        assert_eq!(below_prefix("/w/a"), Some(("a", "/")));
        assert_eq!(below_prefix("/w/a/"), Some(("a", "/")));
        assert_eq!(below_prefix("/wallet"), None);
        let named = |query| named_world(query).map(|(name, rest)| format!("{name} {rest}"));
        for (query, found) in [
            ("world=a&x=%20+1&y", Some("a x=%20+1&y")),
            ("x=1&world=a", Some("a x=1")),
            ("world=a?charset=utf-8&x=1", Some("a charset=utf-8&x=1")),
            ("world=a&world=b", Some("a ")),
            ("xworld=a", None),
            ("", None),
        ] {
            assert_eq!(named(query).as_deref(), found, "{query}");
        }
    }
}

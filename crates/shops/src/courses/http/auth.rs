//! Who calls the API: `Authorization: jwt <token>`, the scheme in any case.

use crate::courses::app::accounts;
use crate::courses::context::Context;
use crate::courses::domain::{User, UserId};
use crate::courses::http::error::ApiError;
use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, header};
use store::StoreError;

/// A user whose token is good. Without one the answer is 401.
pub(in crate::courses::http) struct Caller(pub User);

/// Whose token it is, for a use case that looks the user up itself. Without a good one 401.
pub(in crate::courses::http) struct Bearer(pub UserId);

/// A user by token or by the pages' session; a bad token counts as none.
pub(in crate::courses::http) struct MaybeCaller(pub Option<User>);

impl FromRequestParts<Context> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, ctx: &Context) -> Result<Self, ApiError> {
        let user = by_token(ctx, &parts.headers).await?;
        user.map(Self).ok_or_else(ApiError::unauthorized)
    }
}

impl FromRequestParts<Context> for Bearer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, ctx: &Context) -> Result<Self, ApiError> {
        let user = token(&parts.headers).and_then(|token| ctx.tokens.user_of(token));
        user.map(Self).ok_or_else(ApiError::unauthorized)
    }
}

impl FromRequestParts<Context> for MaybeCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, ctx: &Context) -> Result<Self, ApiError> {
        if let Some(user) = by_token(ctx, &parts.headers).await? {
            return Ok(Self(Some(user)));
        }
        let session = ctx.sessions.find(&parts.headers).await?;
        let id = session.and_then(|session| session.subject.parse::<UserId>().ok());
        let user = match id {
            Some(id) => accounts::find(ctx, &id).await?,
            None => None,
        };
        Ok(Self(user))
    }
}

async fn by_token(ctx: &Context, headers: &HeaderMap) -> Result<Option<User>, StoreError> {
    let id = token(headers).and_then(|token| ctx.tokens.user_of(token));
    match id {
        Some(id) => accounts::find(ctx, &id).await,
        None => Ok(None),
    }
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("jwt") || scheme.eq_ignore_ascii_case("bearer");
    known.then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::token;
    use http::{HeaderMap, HeaderValue, header};

    #[test]
    fn the_scheme_is_taken_in_any_case() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));
            token(&headers).map(ToOwned::to_owned)
        };
        for value in ["jwt a.b.c", "JWT a.b.c", "Jwt  a.b.c", "Bearer a.b.c"] {
            assert_eq!(of(value).as_deref(), Some("a.b.c"), "{value}");
        }
        assert_eq!(of("a.b.c"), None);
        assert_eq!(of("Basic a.b.c"), None);
    }
}

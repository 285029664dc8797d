//! What a page's address names.

use crate::courses::context::Context;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::visitor::Visitor;
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

/// The number or name in an address; one that cannot be read names no page.
pub(super) struct Named(pub(super) String);

impl FromRequestParts<Context> for Named {
    type Rejection = Instead;

    async fn from_request_parts(parts: &mut Parts, ctx: &Context) -> Result<Self, Instead> {
        match Path::<String>::from_request_parts(parts, ctx).await {
            Ok(Path(name)) if name.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Self(name)),
            _ => {
                let visitor = Visitor::from_request_parts(parts, ctx).await?;
                Err(message::not_found(&visitor).into())
            }
        }
    }
}

//! A call whose body is `multipart/form-data`, as SDKs send it when a request could carry files:
//! its text parts are parameters like any others.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart};
use bytes::Bytes;
use http::{Request, header};

/// How many parts a body may have, files included.
const MOST_PARTS: usize = 128;

/// What the text parts would be as a form; none when the body is no such thing or cannot be read.
/// The bytes of the values stay as they came: their charset is the URL's. Files are passed over.
pub(super) async fn as_form(content_type: &str, body: &Bytes) -> Option<Bytes> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, content_type)
        .body(Body::from(body.clone()))
        .ok()?;
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    let mut form = String::new();
    let mut count = 0_usize;
    while let Some(part) = parts.next_field().await.ok()? {
        count += 1;
        if count > MOST_PARTS {
            return None;
        }
        if part.file_name().is_some() {
            continue;
        }
        let name = part.name()?.to_owned();
        let value = part.bytes().await.ok()?;
        if !form.is_empty() {
            form.push('&');
        }
        form.extend(form_urlencoded::byte_serialize(name.as_bytes()));
        form.push('=');
        form.extend(form_urlencoded::byte_serialize(&value));
    }
    Some(form.into())
}

//! API keys and other tokens that are kept as a hash.
//!
//! They are long and random, so one SHA-256 is enough; a password needs [`password`](crate::password).

use aws_lc_rs::digest;
use kernel::Rng;
use subtle::ConstantTimeEq;

/// The SHA-256 of a token, 64 hex digits: what is stored.
#[must_use]
pub fn hash_hex(token: &str) -> String {
    hex::encode(digest::digest(&digest::SHA256, token.as_bytes()))
}

/// Makes a key: the prefix, `_`, and 256 bits of chance in hex.
#[must_use]
pub fn mint(prefix: &str, rng: &dyn Rng) -> String {
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    format!("{prefix}_{}", hex::encode(bytes))
}

/// Whether two texts are equal, in a time that tells nothing about where they differ.
#[must_use]
pub fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Whether `token` hashes to one of `hashes`. Looks at all of them whatever it finds.
#[must_use]
pub fn is_one_of<'a>(token: &str, hashes: impl IntoIterator<Item = &'a str>) -> bool {
    let hash = hash_hex(token);
    hashes
        .into_iter()
        .fold(false, |found, known| same(&hash, known) | found)
}

/// The token of an `Authorization: Bearer …` header; the scheme in any case.
#[must_use]
pub fn bearer(headers: &http::HeaderMap) -> Option<&str> {
    let value = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim())
        .filter(|token| !token.is_empty())
}

//! Who is logged in: one row per session, one cookie per site.
//!
//! The cookie holds a random token; the row holds only its hash, so that whoever reads the database
//! cannot log in. The cookie's name carries the site's, because ports do not separate cookies.

use crate::cookie::{self, Cookie};
use http::{HeaderMap, HeaderValue};
use kernel::{Clock, Rng, Timestamp};
use sha::hash_hex;
use std::sync::Arc;
use store::{Db, StoreError, params};

use crate::api_key as sha;

store::statements! {
    /// Adds a session.
    INSERT_SESSION = "INSERT INTO sessions (token_hash, site, subject, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5)";
    /// A session that has not run out.
    FIND_SESSION = "SELECT token_hash, subject, created_at, expires_at FROM sessions
        WHERE token_hash = $1 AND site = $2 AND expires_at > $3";
    /// Ends one session.
    DELETE_SESSION = "DELETE FROM sessions WHERE token_hash = $1 AND site = $2";
    /// Ends all sessions of somebody on a site.
    DELETE_SUBJECT = "DELETE FROM sessions WHERE site = $1 AND subject = $2";
    /// Forgets what has run out.
    DELETE_EXPIRED = "DELETE FROM sessions WHERE expires_at <= $1";
}

/// How long a session lives where nobody says otherwise, milliseconds: 7 days.
pub const DEFAULT_TTL_MS: i64 = 7 * kernel::time::DAY_MS;

/// What sessions are made of.
#[derive(Clone, Debug)]
pub struct SessionParts {
    /// Where the rows are.
    pub db: Db,
    /// The wall clock: a jump of the business clock logs nobody out.
    pub wall: Arc<dyn Clock>,
    /// Makes the tokens.
    pub rng: Arc<dyn Rng>,
    /// The site's name, a plain word: the cookie is `tb_{site}`.
    pub site: &'static str,
    /// How long a session lives, milliseconds.
    pub ttl_ms: i64,
    /// Whether the site's public address is HTTPS.
    pub secure: bool,
}

/// The sessions of one site.
#[derive(Clone, Debug)]
pub struct Sessions {
    parts: SessionParts,
    cookie_name: String,
}

/// Somebody who is logged in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Names the session without giving its token away: what a form's token is bound to.
    pub session_id: String,
    /// Who: the site's own id of the user.
    pub subject: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Sessions {
    /// The sessions of a site.
    #[must_use]
    pub fn new(parts: SessionParts) -> Self {
        let cookie_name = format!("tb_{}", parts.site);
        Self { parts, cookie_name }
    }

    /// Logs `subject` in; the header is the `Set-Cookie` of the answer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start(&self, subject: &str) -> Result<(Session, HeaderValue), StoreError> {
        let mut bytes = [0; 32];
        self.parts.rng.fill(&mut bytes);
        let token = hex::encode(bytes);
        let now = self.parts.wall.now();
        let session = Session {
            session_id: hash_hex(&token),
            subject: subject.to_owned(),
            created_at: now,
            expires_at: now.plus_ms(self.parts.ttl_ms),
        };
        let site = self.parts.site;
        let row = session.clone();
        self.parts
            .db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move {
                    let values = params![
                        row.session_id,
                        site,
                        row.subject,
                        row.created_at,
                        row.expires_at
                    ];
                    tx.execute_one(&INSERT_SESSION, &values).await
                })
            })
            .await?;
        Ok((session, self.set_cookie(&token, self.parts.ttl_ms / 1_000)))
    }

    /// Who is logged in by the cookie of a request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, headers: &HeaderMap) -> Result<Option<Session>, StoreError> {
        let Some(token_hash) = self.token_hash(headers) else {
            return Ok(None);
        };
        let site = self.parts.site;
        let now = self.parts.wall.now();
        self.parts
            .db
            .read(move |tx| {
                let token_hash = token_hash.clone();
                Box::pin(async move {
                    let row = tx
                        .query_opt(&FIND_SESSION, &params![token_hash, site, now])
                        .await?;
                    row.map(|row| {
                        Ok(Session {
                            session_id: row.text("token_hash")?.to_owned(),
                            subject: row.text("subject")?.to_owned(),
                            created_at: row.time("created_at")?,
                            expires_at: row.time("expires_at")?,
                        })
                    })
                    .transpose()
                })
            })
            .await
    }

    /// Logs out; the header removes the cookie. Repeating it is harmless.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(&self, headers: &HeaderMap) -> Result<HeaderValue, StoreError> {
        if let Some(token_hash) = self.token_hash(headers) {
            let site = self.parts.site;
            self.parts
                .db
                .write(move |tx| {
                    let token_hash = token_hash.clone();
                    Box::pin(async move {
                        tx.execute(&DELETE_SESSION, &params![token_hash, site])
                            .await
                    })
                })
                .await?;
        }
        Ok(self.set_cookie("", 0))
    }

    /// Logs somebody out everywhere, after a change of password; returns how many sessions ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_all(&self, subject: &str) -> Result<u64, StoreError> {
        let site = self.parts.site;
        let subject = subject.to_owned();
        self.parts
            .db
            .write(move |tx| {
                let subject = subject.clone();
                Box::pin(async move { tx.execute(&DELETE_SUBJECT, &params![site, subject]).await })
            })
            .await
    }

    /// Forgets sessions that have run out; returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_expired(&self) -> Result<u64, StoreError> {
        let now = self.parts.wall.now();
        self.parts
            .db
            .write(move |tx| {
                Box::pin(async move { tx.execute(&DELETE_EXPIRED, &params![now]).await })
            })
            .await
    }

    /// The cookie's name: `tb_{site}`.
    pub fn cookie_name(&self) -> &str {
        &self.cookie_name
    }

    fn token_hash(&self, headers: &HeaderMap) -> Option<String> {
        let token = cookie::find(headers, &self.cookie_name)?;
        let plausible = token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
        plausible.then(|| hash_hex(token))
    }

    fn set_cookie(&self, token: &str, max_age_s: i64) -> HeaderValue {
        Cookie {
            name: &self.cookie_name,
            value: token,
            max_age_s: Some(max_age_s),
            http_only: true,
            secure: self.parts.secure,
        }
        .to_header()
    }
}

//! Keys by which a caller makes a repeated request safe, each with its request's hash and answer.

use crate::{Script, StoreError, Tx, params, statements};
use kernel::Timestamp;

/// What a key says about a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Claim {
    /// Never seen: it is ours now, do the work.
    Fresh,
    /// Seen with this request, and the work has not ended: go on with the thing named when it was
    /// claimed.
    Started {
        /// The thing that the first request made: an order's or a refund's id.
        subject: String,
    },
    /// Done: answer this again.
    Replay {
        /// The HTTP status of the first answer.
        status: i64,
        /// The body of the first answer.
        body: String,
    },
    /// Seen with another request.
    Differs,
}

/// What became of an answer that was to be saved.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Saved {
    /// It is the first: every repeat gets it.
    First,
    /// Somebody answered before: that answer stays, and is the one to give.
    Earlier {
        /// The HTTP status of the first answer.
        status: i64,
        /// The body of the first answer.
        body: String,
    },
}

statements! {
    /// Takes the key if nobody has it. Waits for another transaction that is just taking it.
    CLAIM = "INSERT INTO idempotency (scope, key, request_hash, subject, created_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (scope, key) DO NOTHING";
    /// Takes a new key together with its answer.
    CLAIM_ANSWERED = "INSERT INTO idempotency \
        (scope, key, request_hash, subject, status, body, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (scope, key) DO NOTHING";
    /// What is known about a key.
    SEEN = "SELECT request_hash, subject, status, body FROM idempotency \
        WHERE scope = $1 AND key = $2";
    /// Keeps the answer, unless there is one.
    SAVE = "UPDATE idempotency SET status = $3, body = $4 \
        WHERE scope = $1 AND key = $2 AND status IS NULL";
    /// Forgets the oldest.
    FORGET = "DELETE FROM idempotency WHERE (scope, key) IN (SELECT scope, key FROM idempotency \
        WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
}

/// Claims a key for a request, or says what became of it before.
///
/// `scope` is whose key it is, `request_hash` the hex SHA-256 of method, path and body, `subject`
/// the id of what this request is going to make.
///
/// # Errors
/// What the engine said.
pub async fn claim(
    tx: &mut Tx<'_>,
    scope: &str,
    key: &str,
    request_hash: &str,
    subject: &str,
    now: Timestamp,
) -> Result<Claim, StoreError> {
    let values = params![scope, key, request_hash, subject, now];
    if tx.execute(&CLAIM, &values).await? > 0 {
        return Ok(Claim::Fresh);
    }
    let seen = seen(tx, scope, key, request_hash).await?;
    seen.ok_or(StoreError::Affected {
        statement: SEEN.name,
        changed: 0,
        wanted: 1,
    })
}

/// What became of a key before; none when nobody has claimed it. Claims nothing.
///
/// # Errors
/// What the engine said.
pub async fn seen(
    tx: &mut Tx<'_>,
    scope: &str,
    key: &str,
    request_hash: &str,
) -> Result<Option<Claim>, StoreError> {
    let Some(row) = tx.query_opt(&SEEN, &params![scope, key]).await? else {
        return Ok(None);
    };
    if row.text("request_hash")? != request_hash {
        return Ok(Some(Claim::Differs));
    }
    let claim = match (row.opt_int("status")?, row.opt_text("body")?) {
        (Some(status), Some(body)) => Claim::Replay {
            status,
            body: body.to_owned(),
        },
        _ => Claim::Started {
            subject: row.text("subject")?.to_owned(),
        },
    };
    Ok(Some(claim))
}

/// Claims a key that nobody has claimed and saves its answer at once; `request` is the request's hash
/// and the id of what it makes, `answer` the HTTP status and the body. The script fails when somebody
/// has.
pub fn claim_answered(
    script: &mut Script,
    (scope, key): (&str, &str),
    (request_hash, subject): (&str, &str),
    (status, body): (i64, String),
    now: Timestamp,
) {
    let values = params![scope, key, request_hash, subject, status, body, now];
    script.add(&CLAIM_ANSWERED, values);
}

/// Saves the answer under a claimed key, unless one is saved: of two requests at the same time, the
/// first to answer decides what both give.
///
/// # Errors
/// What the engine said, and [`StoreError::Affected`] when nobody has claimed the key.
pub async fn save(
    tx: &mut Tx<'_>,
    scope: &str,
    key: &str,
    status: i64,
    body: &str,
) -> Result<Saved, StoreError> {
    let values = params![scope, key, status, body];
    if tx.execute(&SAVE, &values).await? > 0 {
        return Ok(Saved::First);
    }
    let row = tx.query_opt(&SEEN, &params![scope, key]).await?;
    let unclaimed = || StoreError::Affected {
        statement: SAVE.name,
        changed: 0,
        wanted: 1,
    };
    let row = row.ok_or_else(unclaimed)?;
    match (row.opt_int("status")?, row.opt_text("body")?) {
        (Some(status), Some(body)) => Ok(Saved::Earlier {
            status,
            body: body.to_owned(),
        }),
        _ => Err(unclaimed()),
    }
}

/// Forgets up to `limit` keys that were claimed before `before`, and returns how many that were.
///
/// # Errors
/// What the engine said.
pub async fn forget(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    tx.execute(&FORGET, &params![before, limit]).await
}

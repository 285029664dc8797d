//! Short messages to phones.

use crate::domain::message::{Message, Purpose};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;

::store::statements! {
    /// Adds a message.
    INSERT_MESSAGE = "INSERT INTO sandbox_messages (message_id, phone, purpose, about, code, content, sent_at, wrong, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, NULL)";
    /// When messages with a code went to a phone, newest first.
    CODES_TO_PHONE = "SELECT sent_at FROM sandbox_messages WHERE phone = $1 AND code <> '' AND sent_at > $2 ORDER BY sent_at DESC LIMIT 20";
    /// The newest code for a purpose.
    NEWEST_CODE = "SELECT message_id, phone, purpose, about, code, content, sent_at, wrong, used_at FROM sandbox_messages WHERE phone = $1 AND purpose = $2 AND about = $3 ORDER BY sent_at DESC, message_id DESC LIMIT 1";
    /// Counts a wrong code.
    COUNT_WRONG_CODE = "UPDATE sandbox_messages SET wrong = wrong + 1 WHERE message_id = $1";
    /// A code is good once.
    USE_CODE = "UPDATE sandbox_messages SET used_at = $2 WHERE message_id = $1 AND used_at IS NULL";
    /// The newest messages to everybody.
    LIST_MESSAGES = "SELECT message_id, phone, purpose, about, code, content, sent_at, wrong, used_at FROM sandbox_messages ORDER BY sent_at DESC, message_id DESC LIMIT $1";
    /// The newest messages to a phone.
    LIST_MESSAGES_OF_PHONE = "SELECT message_id, phone, purpose, about, code, content, sent_at, wrong, used_at FROM sandbox_messages WHERE phone = $1 ORDER BY sent_at DESC, message_id DESC LIMIT $2";
}

/// Adds a message.
///
/// # Errors
/// What the engine said.
pub async fn insert(tx: &mut Tx<'_>, message: &Message) -> Result<(), StoreError> {
    let values = params![
        &message.message_id,
        &message.phone,
        &message.purpose,
        &message.about,
        &message.code,
        &message.content,
        message.sent_at,
    ];
    tx.execute_one(&INSERT_MESSAGE, &values).await
}

/// When messages with a code went to a phone since an instant, newest first.
///
/// # Errors
/// What the engine said.
pub async fn codes_sent(
    tx: &mut Tx<'_>,
    phone: &str,
    since: Timestamp,
) -> Result<Vec<Timestamp>, StoreError> {
    let rows = tx.query(&CODES_TO_PHONE, &params![phone, since]).await?;
    rows.iter().map(|row| row.time("sent_at")).collect()
}

/// The newest code that a phone got for exactly this.
///
/// # Errors
/// What the engine said.
pub async fn newest(
    tx: &mut Tx<'_>,
    phone: &str,
    purpose: Purpose,
    about: &str,
) -> Result<Option<Message>, StoreError> {
    let values = params![phone, purpose.as_str(), about];
    let row = tx.query_opt(&NEWEST_CODE, &values).await?;
    row.map(|row| read(&row)).transpose()
}

/// Counts a wrong code.
///
/// # Errors
/// What the engine said.
pub async fn count_wrong(tx: &mut Tx<'_>, message_id: &str) -> Result<(), StoreError> {
    tx.execute_one(&COUNT_WRONG_CODE, &params![message_id])
        .await
}

/// Uses a code; `false` when somebody was faster.
///
/// # Errors
/// What the engine said.
pub async fn take(tx: &mut Tx<'_>, message_id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let values = params![message_id, now];
    Ok(tx.execute(&USE_CODE, &values).await? == 1)
}

/// The newest messages, of one phone or of all.
///
/// # Errors
/// What the engine said.
pub async fn list(
    tx: &mut Tx<'_>,
    phone: Option<&str>,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let rows = match phone {
        Some(phone) => {
            tx.query(&LIST_MESSAGES_OF_PHONE, &params![phone, limit])
                .await?
        }
        None => tx.query(&LIST_MESSAGES, &params![limit]).await?,
    };
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Message, StoreError> {
    Ok(Message {
        message_id: row.text("message_id")?.to_owned(),
        phone: row.text("phone")?.to_owned(),
        purpose: row.text("purpose")?.to_owned(),
        about: row.text("about")?.to_owned(),
        code: row.text("code")?.to_owned(),
        content: row.text("content")?.to_owned(),
        sent_at: row.time("sent_at")?,
        wrong: row.int("wrong")?,
        used_at: row.opt_time("used_at")?,
    })
}

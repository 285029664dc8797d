//! Codes in short messages: sent, looked at once, and shown in the sandbox's inbox.

use crate::app::fresh::{digits, token};
use crate::context::Context;
use crate::domain::message::{CodeRefusal, Message, Purpose, TooMany, may_send};
use crate::store::messages;
use kernel::Timestamp;
use kernel::time::DAY_MS;
use store::{StoreError, Tx};

/// How many messages the inbox shows.
const INBOX: i64 = 50;

/// A code to be sent.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// To which phone.
    pub phone: String,
    /// What for.
    pub purpose: Purpose,
    /// What exactly for.
    pub about: String,
    /// What the message says beside the code.
    pub words: String,
}

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendCodeError {
    /// Too many were.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends a code of six digits to a phone.
///
/// # Errors
/// When too many went there, or the database fails.
pub async fn send_code(cx: &Context, new: NewCode) -> Result<(), SendCodeError> {
    let (message_id, code, now) = (token(cx.rng()), digits(cx.rng(), 6), cx.now());
    let message = Message {
        message_id,
        content: format!(
            "【沙箱支付宝】{}，验证码 {code}，五分钟内有效，请勿告诉他人。",
            new.words
        ),
        phone: new.phone,
        purpose: new.purpose.as_str().to_owned(),
        about: new.about,
        code,
        sent_at: now,
        wrong: 0,
        used_at: None,
    };
    let sent = cx
        .db()
        .write(move |tx| {
            let message = message.clone();
            Box::pin(async move {
                let since = now.plus_ms(-DAY_MS);
                let before = messages::codes_sent(tx, &message.phone, since).await?;
                if let Err(too_many) = may_send(&before, now) {
                    return Ok(Err(too_many));
                }
                messages::insert(tx, &message).await?;
                Ok::<_, StoreError>(Ok(()))
            })
        })
        .await?;
    Ok(sent?)
}

/// Looks at a typed code and uses it up; a wrong one is counted.
///
/// # Errors
/// What the engine said; inside, why the code is not taken.
pub(super) async fn take_code(
    tx: &mut Tx<'_>,
    code: &TypedCode,
    now: Timestamp,
) -> Result<Result<(), CodeRefusal>, StoreError> {
    let sent = messages::newest(tx, &code.phone, code.purpose, &code.about).await?;
    let Some(message) = sent else {
        return Ok(Err(CodeRefusal::NoneSent));
    };
    match message.check(&code.typed, now) {
        Ok(()) => {
            let first = messages::take(tx, &message.message_id, now).await?;
            Ok(if first {
                Ok(())
            } else {
                Err(CodeRefusal::Used)
            })
        }
        Err(refusal) => {
            if matches!(refusal, CodeRefusal::Wrong { .. }) {
                messages::count_wrong(tx, &message.message_id).await?;
            }
            Ok(Err(refusal))
        }
    }
}

/// A code as it was typed.
#[derive(Clone, Debug)]
pub struct TypedCode {
    /// The phone that it went to.
    pub phone: String,
    /// What for.
    pub purpose: Purpose,
    /// What exactly for.
    pub about: String,
    /// What was typed.
    pub typed: String,
}

/// The newest messages, of one phone or of all.
///
/// # Errors
/// When the database fails.
pub async fn inbox(cx: &Context, phone: Option<&str>) -> Result<Vec<Message>, StoreError> {
    let phone = phone.map(str::to_owned);
    cx.db()
        .read(move |tx| {
            let phone = phone.clone();
            Box::pin(async move { messages::list(tx, phone.as_deref(), INBOX).await })
        })
        .await
}

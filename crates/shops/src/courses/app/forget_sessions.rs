//! Forgets sessions that have run out, once a day: whoever has none is logged out anyway.

use crate::courses::context::Context;
use kernel::Timestamp;
use kernel::time::DAY_MS;
use store::StoreError;

/// Forgets sessions that have run out.
pub(in crate::courses) const FORGET_SESSIONS: &str = "forget_sessions";

/// One round. Returns when the next one is due.
pub(in crate::courses) async fn run(ctx: &Context) -> Result<Timestamp, StoreError> {
    ctx.sessions.forget_expired().await?;
    Ok(ctx.clock.now().plus_ms(DAY_MS))
}

//! The wallet shows a payment code: for a minute, for one payment.

use super::fresh::{Fresh, digits};
use crate::context::Context;
use crate::domain::payment_code::{CODE_LIFE_MS, PaymentCode, Scene};
use crate::store::payment_codes;
use kernel::Timestamp;
use kernel::time::DAY_MS;
use store::StoreError;

/// A code on a wallet's screen.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What the seller reads.
    pub code: PaymentCode,
    /// Until when it can be read.
    pub expires_at: Timestamp,
}

/// Makes a code of a buyer.
///
/// # Errors
/// When the database fails.
pub async fn show_code(cx: &Context, user_id: &str, scene: Scene) -> Result<Shown, StoreError> {
    let fresh = Fresh::take(cx);
    let code = match scene {
        Scene::BarCode => PaymentCode::bar(&digits(cx.rng(), 16)),
        Scene::SecurityCode => PaymentCode::face(&fresh.token),
    };
    let shown = Shown {
        code,
        expires_at: fresh.now.plus_ms(CODE_LIFE_MS),
    };
    let (kept, user_id) = (shown.clone(), user_id.to_owned());
    cx.db()
        .write(move |tx| {
            let (shown, user_id) = (kept.clone(), user_id.clone());
            let now = fresh.now;
            Box::pin(async move {
                let code = shown.code.as_str();
                let old = now.plus_ms(-DAY_MS);
                payment_codes::insert(tx, code, &user_id, now, shown.expires_at, old).await
            })
        })
        .await?;
    Ok(shown)
}

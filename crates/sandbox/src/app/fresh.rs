//! Numbers and the time, taken before a transaction begins: its closure may run more than once.

use crate::context::Context;
use crate::domain::TradeId;
use kernel::{Rng, SeededRng, Timestamp};
use store::jobs::JobId;

/// What one use case may need: the instant, and one of each number.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// The instant of the business clock at which it all happens.
    pub now: Timestamp,
    /// For a trade that is asked for.
    pub trade_id: TradeId,
    /// For a trade that comes into being: 28 digits.
    pub trade_no: String,
    /// For a QR code or a visit: 32 hex digits.
    pub token: String,
    /// For a second token.
    pub other_token: String,
    /// For a notice: 34 digits.
    pub notify_id: String,
    /// For the notice's job.
    pub notice_job: JobId,
    /// For the job that ends the trade.
    pub end_job: JobId,
    /// For an agreement: 20 digits.
    pub agreement_no: String,
    /// For the notice of a signing, beside that of the payment.
    pub signing_notify_id: String,
    /// For that notice's job.
    pub signing_job: JobId,
}

impl Fresh {
    /// Takes the time and one of each number.
    #[must_use]
    pub fn take(cx: &Context) -> Self {
        let (clock, rng) = (cx.clock(), cx.rng());
        let now = clock.now();
        let trade_id = TradeId::new(clock, rng);
        let serial = digits(rng, 15);
        // Few payments sign something: their numbers are made of the trade's, so that all others of
        // a world with a seed stay what they are.
        let signing = SeededRng::new(serial.parse().unwrap_or_default());
        Self {
            now,
            trade_id,
            trade_no: format!("{}22001{serial}", now.china_day()),
            token: token(rng),
            other_token: token(rng),
            notify_id: notify_id(now, rng),
            notice_job: JobId::new(clock, rng),
            end_job: JobId::new(clock, rng),
            agreement_no: format!("{}{}", now.china_day(), digits(&signing, 12)),
            signing_notify_id: notify_id(now, &signing),
            signing_job: JobId::new(clock, &signing),
        }
    }

    /// The numbers with which a second notice of the same transaction goes out: that of a signing.
    #[must_use]
    pub fn for_signing(&self) -> Self {
        Self {
            notify_id: self.signing_notify_id.clone(),
            notice_job: self.signing_job.clone(),
            ..self.clone()
        }
    }
}

fn notify_id(now: Timestamp, rng: &dyn Rng) -> String {
    format!(
        "{}01222{}{}",
        now.china_day(),
        now.china_time_of_day(),
        digits(rng, 15)
    )
}

/// That many random digits, at most 18.
#[must_use]
pub fn digits(rng: &dyn Rng, count: u32) -> String {
    let bound = 10_u64.pow(count.min(18));
    let width = usize::try_from(count.min(18)).unwrap_or_default();
    format!("{:0width$}", rng.below(bound))
}

/// 32 hex digits that nobody guesses.
#[must_use]
pub fn token(rng: &dyn Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    hex::encode(bytes)
}

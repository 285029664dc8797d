//! Waiting for a buyer.

use super::{Patience, Timer};
use crate::{Client, Outcome, QueryResponse, Refusal, TradeStatus, Unknown, requests::Query};

/// How waiting for a buyer ended.
#[derive(Clone, Debug)]
#[must_use]
pub enum Waited {
    /// It is paid.
    Paid(QueryResponse),
    /// It is closed: never paid, **or paid and refunded in full**.
    Closed(QueryResponse),
    /// The trade exists, and the buyer did not pay while we waited. They still may.
    Unpaid(QueryResponse),
    /// Nobody opened the cashier while we waited. They still may.
    NotOpened(Refusal),
    /// The question itself is refused: a wrong `app_id`, no permission.
    Refused(Refusal),
    /// Nobody knew when we stopped.
    Unknown(Unknown),
}

/// Asks until the trade is paid or closed, or until patience is at its end.
///
/// `ACQ.TRADE_NOT_EXIST` is normal before the buyer has opened the cashier, so it is waited on, and
/// so is an unknown answer.
pub async fn wait_until_paid(
    client: &Client,
    trade: &Query,
    patience: Patience,
    timer: &dyn Timer,
) -> Waited {
    let mut question = 0;
    loop {
        timer
            .wait(patience.before(question).unwrap_or(patience.every_ms))
            .await;
        question += 1;
        let last = patience.before(question).is_none();
        match client.query(trade, timer.now()).await {
            Outcome::Done(found) => match found.trade_status {
                TradeStatus::Success | TradeStatus::Finished => return Waited::Paid(found),
                TradeStatus::Closed => return Waited::Closed(found),
                TradeStatus::WaitBuyerPay if last => return Waited::Unpaid(found),
                TradeStatus::WaitBuyerPay => {}
            },
            // v3 says so unsigned; to wait on for that is safe.
            Outcome::Refused(no) if no.is("TRADE_NOT_EXIST") => {
                if last {
                    return Waited::NotOpened(no);
                }
            }
            Outcome::Refused(no) => return Waited::Refused(no),
            Outcome::Unknown(unknown) if last => return Waited::Unknown(unknown),
            Outcome::Unknown(_) => {}
        }
    }
}

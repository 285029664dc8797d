//! Paying by a code, to its end.

use super::{Patience, Timer, Waited, wait_until_paid};
use crate::{
    Client, Outcome, QueryResponse, Refusal, Unknown,
    answers::CancelResponse,
    requests::{Cancel, Pay, Query},
};

/// How a payment by code ended.
#[derive(Clone, Debug)]
#[must_use]
pub enum PayEnd {
    /// Paid: a query says so.
    Paid(QueryResponse),
    /// Alipay refused; nothing was paid. A new try takes a new `out_trade_no`.
    Refused(Refusal),
    /// It is closed: never paid, or paid and given back.
    Closed(QueryResponse),
    /// It was not known in time and is taken back: closed, or refunded when it was paid after all.
    Cancelled(CancelResponse),
    /// It is not paid yet, and the cancel did not take: Alipay refused it, or went on asking for
    /// another one (then there is no refusal). **It may still be paid**: call [`settle`] again.
    NotCancelled(Option<Refusal>),
    /// The payment itself certainly never left this machine: nothing happened.
    NotSent(Unknown),
    /// Even the cancel did not come through. **Money may have moved**: call [`settle`] again until
    /// it says something else. That the last question was not sent
    /// ([`Unknown::certainly_not_sent`]) says nothing about the payment before it.
    Unknown(Unknown),
}

/// Takes a payment by code and asks until it is known; cancels when it is not.
///
/// - Done and `10003` alike are followed by queries: the one can still be rolled back, the other
///   waits for the buyer.
/// - A refusal ends it, except `ACQ.TRADE_HAS_SUCCESS`, which is looked into: an earlier try under
///   this number may have been paid.
/// - When patience ends, the payment is cancelled right after the last query.
pub async fn pay(client: &Client, request: &Pay, patience: Patience, timer: &dyn Timer) -> PayEnd {
    let patience = match client.execute(request, timer.now()).await {
        // Only confirmed, so there is nothing to wait for.
        Outcome::Done(_) => Patience {
            first_ms: 0,
            ..patience
        },
        Outcome::Refused(no) if no.is("TRADE_HAS_SUCCESS") => Patience {
            first_ms: 0,
            ..patience
        },
        Outcome::Refused(no) => return PayEnd::Refused(no),
        Outcome::Unknown(unknown) if unknown.certainly_not_sent() => {
            return PayEnd::NotSent(unknown);
        }
        Outcome::Unknown(_) => patience,
    };
    settle(client, &request.out_trade_no, patience, timer).await
}

/// The second half of [`pay`]: asks about a payment that was sent already, and cancels it when it
/// stays unknown. For what a dead process left behind.
pub async fn settle(
    client: &Client,
    out_trade_no: &str,
    patience: Patience,
    timer: &dyn Timer,
) -> PayEnd {
    let query = Query::by_out_trade_no(out_trade_no);
    match wait_until_paid(client, &query, patience, timer).await {
        Waited::Paid(found) => return PayEnd::Paid(found),
        Waited::Closed(found) => return PayEnd::Closed(found),
        // A trade that does not exist yet may be on its way: the cancel keeps it out.
        Waited::Unpaid(_) | Waited::NotOpened(_) | Waited::Unknown(_) | Waited::Refused(_) => {}
    }
    cancel(client, &query, out_trade_no, patience, timer).await
}

async fn cancel(
    client: &Client,
    query: &Query,
    out_trade_no: &str,
    patience: Patience,
    timer: &dyn Timer,
) -> PayEnd {
    let request = Cancel::by_out_trade_no(out_trade_no);
    let mut tries = 0;
    loop {
        tries += 1;
        let last = tries >= MAX_CANCELS;
        match client.execute(&request, timer.now()).await {
            Outcome::Done(done) if !done.has_to_be_repeated() => {
                return PayEnd::Cancelled(done);
            }
            Outcome::Done(_) if last => return PayEnd::NotCancelled(None),
            Outcome::Done(_) => {}
            Outcome::Refused(no) => {
                // It may be paid and past cancelling, or closed already.
                let once = Patience {
                    first_ms: 0,
                    questions: 1,
                    ..patience
                };
                return match wait_until_paid(client, query, once, timer).await {
                    Waited::Paid(found) => PayEnd::Paid(found),
                    Waited::Closed(found) => PayEnd::Closed(found),
                    Waited::Unknown(unknown) => PayEnd::Unknown(unknown),
                    Waited::Unpaid(_) | Waited::NotOpened(_) | Waited::Refused(_) => {
                        PayEnd::NotCancelled(Some(no))
                    }
                };
            }
            Outcome::Unknown(unknown) if last => return PayEnd::Unknown(unknown),
            Outcome::Unknown(_) => {}
        }
        timer.wait(patience.every_ms).await;
    }
}

/// A cancel is safe to repeat; after so many the caller has to decide.
const MAX_CANCELS: u32 = 5;

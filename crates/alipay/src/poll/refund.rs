//! A refund, to its end.

use super::{Patience, Timer};
use crate::{
    Client, FundChange, Outcome, RefundQueryResponse, RefundResponse, Refusal, Unknown,
    requests::{Refund, RefundQuery},
};

/// How a refund ended.
#[derive(Clone, Debug)]
#[must_use]
pub enum RefundEnd {
    /// The money moved, by this very call.
    Moved(RefundResponse),
    /// The money went back: a query says so. An earlier try did it, or Alipay did it later.
    Confirmed(RefundQueryResponse),
    /// Alipay refused, and no earlier try of this number went through.
    Refused(Refusal),
    /// Alipay accepted it, and nothing says that money moved. Ask again later, with the **same**
    /// number.
    Unmoved,
    /// The first try certainly never left this machine: nothing happened.
    NotSent(Unknown),
    /// Nobody knew when we stopped. Ask again later, with the **same** number.
    Unknown(Unknown),
}

/// Refunds and asks until it is known whether money moved (`fund_change`), repeating under the same
/// `out_request_no` where the answer was lost: that number refunds once, however often it is sent.
///
/// A refusal after a lost answer may mean that the lost one went through (a trade that is refunded
/// in full is closed), so it is looked into before it is believed.
pub async fn refund(
    client: &Client,
    request: &Refund,
    patience: Patience,
    timer: &dyn Timer,
) -> RefundEnd {
    let query = RefundQuery {
        out_trade_no: request.out_trade_no.clone(),
        trade_no: request.trade_no.clone(),
        query_options: vec!["gmt_refund_pay".to_owned()],
        ..RefundQuery::new("", &request.out_request_no)
    };
    // Whether an earlier try may have gone through without our knowing.
    let mut sent_before = false;
    let mut question = 0;
    loop {
        let end = match client.refund(request, timer.now()).await {
            Outcome::Done(done) if done.fund_change == FundChange::Moved => {
                return RefundEnd::Moved(done);
            }
            Outcome::Done(_) => {
                sent_before = true;
                RefundEnd::Unmoved
            }
            Outcome::Refused(no) if sent_before => RefundEnd::Refused(no),
            Outcome::Refused(no) => return RefundEnd::Refused(no),
            Outcome::Unknown(unknown) if question == 0 && unknown.certainly_not_sent() => {
                return RefundEnd::NotSent(unknown);
            }
            Outcome::Unknown(unknown) => {
                sent_before |= !unknown.certainly_not_sent();
                RefundEnd::Unknown(unknown)
            }
        };
        let refused = matches!(end, RefundEnd::Refused(_));
        let more = patience.before(question);
        if more.is_none() && !refused {
            return end;
        }
        question += 1;
        timer.wait(more.unwrap_or(patience.every_ms)).await;
        match client.refund_query(&query, timer.now()).await {
            Outcome::Done(found) if found.refunded().is_some() => {
                return RefundEnd::Confirmed(found);
            }
            // There is no such refund, so the refusal holds.
            Outcome::Done(_) | Outcome::Refused(_) if refused => return end,
            Outcome::Unknown(unknown) if more.is_none() => return RefundEnd::Unknown(unknown),
            Outcome::Done(_) | Outcome::Refused(_) | Outcome::Unknown(_) => {}
        }
    }
}

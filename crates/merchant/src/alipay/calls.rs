//! Opening, asking about and closing a trade; every answer becomes facts, and silence too.

use super::links::alipay_time;
use crate::context::Merchant;
use crate::domain::{
    Attempt, Cause, Expected, Facts, Mismatch, Observation, Order, Told, compare, links_are_dead,
};
use crate::registry::AppEntry;
use ::alipay::requests::{Close, Precreate, Query};
use ::alipay::{Outcome, QueryResponse, Refusal, RefusedBy, TradeStatus};
use kernel::Timestamp;
use money::Fen;
use std::time::Instant;

/// How long a call may take when nobody waits for it, in milliseconds.
pub(crate) const CALL_TIMEOUT_MS: u64 = 15_000;

/// One question about one attempt.
pub(crate) struct Call<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(crate) app: &'a AppEntry,
    pub(crate) order: &'a Order,
    pub(crate) attempt: &'a Attempt,
    pub(crate) asked_at: Timestamp,
    pub(crate) timeout_ms: u64,
}

/// Asks where the trade stands.
pub(crate) async fn query(call: &Call<'_>) -> Facts {
    let Some(now) = alipay_time(call.asked_at) else {
        return silence(Cause::Query, "the time is out of Alipay's range");
    };
    let client = call.app.client.with_timeout_ms(call.timeout_ms);
    let request = Query::by_out_trade_no(&call.attempt.out_trade_no);
    match timed("alipay.trade.query", client.query(&request, now)).await {
        Outcome::Done(answer) => facts_of_query(call, &answer),
        Outcome::Refused(refusal) => refused(call, Cause::Query, &refusal),
        Outcome::Unknown(unknown) => silence(Cause::Query, &unknown.why.to_string()),
    }
}

/// Closes the trade, when nobody has paid it.
pub(crate) async fn close(call: &Call<'_>) -> Facts {
    let Some(now) = alipay_time(call.asked_at) else {
        return silence(Cause::Close, "the time is out of Alipay's range");
    };
    let client = call.app.client.with_timeout_ms(call.timeout_ms);
    let request = Close::by_out_trade_no(&call.attempt.out_trade_no);
    match timed("alipay.trade.close", client.close(&request, now)).await {
        Outcome::Done(answer) => Facts {
            trade_no: answer.trade_no,
            ..Facts::bare(Observation::Closed, Cause::Close)
        },
        Outcome::Refused(refusal) => refused(call, Cause::Close, &refusal),
        Outcome::Unknown(unknown) => silence(Cause::Close, &unknown.why.to_string()),
    }
}

/// Opens an attempt as a QR code.
pub(crate) async fn precreate(
    merchant: &Merchant,
    app: &AppEntry,
    order: &Order,
    attempt: &Attempt,
) -> Facts {
    let Some(now) = alipay_time(merchant.now()) else {
        return silence(Cause::Precreate, "the time is out of Alipay's range");
    };
    let mut request = Precreate::new(&attempt.out_trade_no, &order.subject, order.amount);
    request.product_code = Some("QR_CODE_OFFLINE".to_owned());
    request.time_expire = Some(order.expires_at.china());
    let ours = merchant.notify_url();
    let notify_url = attempt.notify_url.as_deref().unwrap_or(&ours);
    let asked = app.client.precreate(&request, Some(notify_url), now);
    match timed("alipay.trade.precreate", asked).await {
        Outcome::Done(answer) => Facts {
            qr_code: Some(answer.qr_code),
            ..Facts::bare(Observation::Offered, Cause::Precreate)
        },
        // The number has a trade already: asking says which.
        Outcome::Refused(refusal) if refusal.is("ACQ.TRADE_HAS_SUCCESS") => {
            silence(Cause::Precreate, &refusal.to_string())
        }
        Outcome::Refused(refusal) => Facts {
            detail: refusal.to_string(),
            ..Facts::bare(Observation::Refused, Cause::Precreate)
        },
        Outcome::Unknown(unknown) => silence(Cause::Precreate, &unknown.why.to_string()),
    }
}

/// Waits for a call's outcome, and counts it.
pub(super) async fn timed<T>(method: &str, call: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    let began = Instant::now();
    let outcome = call.await;
    let word = match &outcome {
        Outcome::Done(_) => "done",
        Outcome::Refused(_) => "refused",
        Outcome::Unknown(_) => "unknown",
    };
    service::metrics::alipay_called(method, word, began.elapsed());
    outcome
}

fn facts_of_query(call: &Call<'_>, answer: &QueryResponse) -> Facts {
    let seen = match answer.trade_status {
        TradeStatus::WaitBuyerPay => Observation::Waiting,
        TradeStatus::Success | TradeStatus::Finished => Observation::Paid,
        // `TRADE_CLOSED` alone does not tell never paid from fully refunded.
        TradeStatus::Closed if answer.send_pay_date.is_some() => Observation::FullyRefunded,
        TradeStatus::Closed => Observation::Closed,
    };
    let mut facts = Facts {
        trade_no: Some(answer.trade_no.clone()),
        paid_at: answer
            .send_pay_date
            .map(|at| Timestamp::from_ms(at.unix_ms())),
        ..Facts::bare(seen, Cause::Query)
    };
    // Only the application that was asked can have signed this: it names neither app nor seller.
    let told = Told {
        app_id: None,
        seller_id: None,
        amount: Some(answer.total_amount),
    };
    let expected = expected(call.order, call.app);
    if let Some(mismatch) = compare(&expected, &told, call.merchant.bugs()) {
        differ(&mut facts, mismatch, &expected, &told);
    }
    facts
}

pub(super) fn expected<'a>(order: &'a Order, app: &'a AppEntry) -> Expected<'a> {
    Expected {
        app_id: &order.app_id,
        seller_id: app.client.app().seller_id.as_deref(),
        amount: order.amount,
    }
}

/// Turns facts into a case: genuine, and not about what we expect.
pub(super) fn differ(
    facts: &mut Facts,
    mismatch: Mismatch,
    expected: &Expected<'_>,
    told: &Told<'_>,
) {
    let words = |app: Option<&str>, seller: Option<&str>, amount: Option<Fen>| {
        serde_json::json!({
            "app_id": app,
            "seller_id": seller,
            "total_amount": amount.map(|amount| amount.to_string()),
        })
    };
    let wanted = words(
        Some(expected.app_id),
        expected.seller_id,
        Some(expected.amount),
    );
    let found = words(told.app_id, told.seller_id, told.amount);
    facts.seen = Observation::Differs;
    facts.mismatch = Some(mismatch);
    facts.detail = serde_json::json!({ "expected": wanted, "told": found }).to_string();
}

fn refused(call: &Call<'_>, cause: Cause, refusal: &Refusal) -> Facts {
    if refusal.is_trade_not_exist() {
        // A missing trade ends nothing while a link can still open it.
        let seen = if links_are_dead(call.order, call.asked_at) {
            Observation::NeverOpened
        } else {
            Observation::NotOpenedYet
        };
        return Facts::bare(seen, cause);
    }
    let of_its_state = STATE_CODES.iter().any(|code| refusal.is(code));
    if cause == Cause::Close && of_its_state && refusal.by == RefusedBy::Alipay {
        return Facts::bare(Observation::NotClosable, cause);
    }
    silence(cause, &refusal.to_string())
}

pub(super) fn silence(cause: Cause, why: &str) -> Facts {
    Facts {
        detail: why.to_owned(),
        ..Facts::bare(Observation::Silence, cause)
    }
}

/// By these Alipay says that a trade cannot be closed because it is paid or closed.
const STATE_CODES: [&str; 3] = [
    "ACQ.TRADE_STATUS_ERROR",
    "ACQ.REASON_TRADE_STATUS_INVALID",
    "ACQ.REASON_ILLEGAL_STATUS",
];

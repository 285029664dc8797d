//! Does what [`observe`] decided, inside the transaction that holds the order.
//!
//! Every source of truth about a trade ends here. Order and attempt are locked by the caller; the
//! changes, the history, the books, the events and the follow-up work are written together.

use super::reserve::refund_automatically;
use super::{books, events};
use crate::context::{Merchant, Minting};
use crate::domain::{
    Attempt, AttemptState, CaseKind, Cause, Decision, Facts, Observation, Order, OrderState,
    RefundOrigin, next_attempt_check, observe,
};
use crate::parts::LatePolicy;
use crate::store::cases::{self, Case};
use crate::store::history::{self, Transition};
use crate::store::{attempts, orders, refunds};
use ::store::{StoreError, Tx};
use kernel::Timestamp;
use kernel::time::SECOND_MS;
use money::Fen;

/// An order and one of its attempts, locked.
#[derive(Clone, Debug)]
pub(super) struct Locked {
    pub(super) order: Order,
    pub(super) attempt: Attempt,
}

/// Observes: decides what the facts mean and does it. Safe to repeat.
pub(super) async fn apply(
    tx: &mut Tx<'_>,
    merchant: &Merchant,
    minting: &mut Minting,
    locked: &mut Locked,
    facts: &Facts,
) -> Result<Decision, StoreError> {
    let decision = observe(locked.order.state, locked.attempt.state, facts.seen);
    let before = locked.clone();
    let mut doing = Doing {
        merchant,
        minting,
        facts,
        event: None,
        refund: None,
    };
    doing.decide(tx, decision, locked).await?;
    let Doing { event, refund, .. } = doing;
    save(tx, minting, &before, locked, facts).await?;
    if decision_pays(decision, locked, &before) {
        books::post_payment(tx, &locked.order, &locked.attempt, minting.now).await?;
    }
    if let Some(origin) = refund {
        refund_automatically(tx, minting, locked, origin, facts).await?;
        merchant.wake();
    }
    if let Some(kind) = event {
        events::order_event(tx, merchant, minting, kind, &locked.order).await?;
    }
    Ok(decision)
}

/// Whether this observation brought money that was not there before.
fn decision_pays(decision: Decision, now: &Locked, before: &Locked) -> bool {
    let pays = matches!(
        decision,
        Decision::Pay | Decision::SecondPayment | Decision::LatePayment
    );
    pays && now.attempt.paid > before.attempt.paid
}

struct Doing<'a> {
    merchant: &'a Merchant,
    minting: &'a mut Minting,
    facts: &'a Facts,
    event: Option<&'static str>,
    refund: Option<RefundOrigin>,
}

impl Doing<'_> {
    async fn decide(
        &mut self,
        tx: &mut Tx<'_>,
        decision: Decision,
        locked: &mut Locked,
    ) -> Result<(), StoreError> {
        let now = self.minting.now;
        let Locked { order, attempt } = locked;
        match decision {
            Decision::Nothing | Decision::AskLater => {}
            Decision::MarkSent => {
                attempt.state = AttemptState::Sent;
                attempt.qr_code.clone_from(&self.facts.qr_code);
            }
            Decision::MarkUnknown => attempt.state = AttemptState::Unknown,
            Decision::MarkWaiting => {
                attempt.state = AttemptState::Waiting;
                attempt.trade_no.clone_from(&self.facts.trade_no);
                if order.state == OrderState::Open {
                    order.state = OrderState::Paying;
                }
            }
            Decision::MarkFailed => {
                self.end_attempt(attempt, AttemptState::Failed);
                self.end_order(tx, order, attempt).await?;
            }
            Decision::CloseAttempt => {
                self.end_attempt(attempt, AttemptState::Closed);
                self.end_order(tx, order, attempt).await?;
            }
            Decision::CloseRefunded => {
                self.end_attempt(attempt, AttemptState::Closed);
                self.open_case(tx, order, attempt, CaseKind::ForeignRefund)
                    .await?;
                self.end_order(tx, order, attempt).await?;
            }
            Decision::Pay => {
                self.take_money(attempt, order.amount);
                self.settle_order(order, attempt, OrderState::Paid);
                self.event = Some("order.paid");
                self.end_others(tx, order, attempt).await?;
            }
            Decision::SecondPayment => self.second_payment(tx, order, attempt).await?,
            Decision::LatePayment => self.late_payment(tx, order, attempt).await?,
            Decision::CloseAgain | Decision::AskNow => {
                let due_at = self.ask_at(now);
                events::ask_attempt(tx, self.minting, &attempt.attempt_id, due_at).await?;
            }
            Decision::CheckRefunds => self.check_refunds(tx, order, attempt).await?,
            Decision::OpenCase => {
                let kind = self.facts.mismatch.map(CaseKind::Mismatch);
                let kind = kind.unwrap_or(CaseKind::UnknownOrder);
                self.open_case(tx, order, attempt, kind).await?;
            }
        }
        Ok(())
    }

    /// Who asks follows up by itself; the job is for the case that it ends before.
    fn ask_at(&self, now: Timestamp) -> Timestamp {
        match self.facts.cause {
            Cause::Query | Cause::Close => now.plus_ms(FOLLOW_UP_MS),
            Cause::Notice
            | Cause::Precreate
            | Cause::Return
            | Cause::Merchant
            | Cause::Expiry
            | Cause::Refund => now,
        }
    }

    fn end_attempt(&self, attempt: &mut Attempt, state: AttemptState) {
        attempt.state = state;
        attempt.next_check = None;
        if attempt.trade_no.is_none() {
            attempt.trade_no.clone_from(&self.facts.trade_no);
        }
    }

    /// The money is here: the attempt has ended with it.
    fn take_money(&self, attempt: &mut Attempt, amount: Fen) {
        self.end_attempt(attempt, AttemptState::Succeeded);
        attempt.paid = amount;
    }

    /// The order has its money, by this attempt.
    fn settle_order(&self, order: &mut Order, attempt: &Attempt, state: OrderState) {
        order.state = state;
        order.paid = order.amount;
        order.paid_attempt = Some(attempt.attempt_id.clone());
        order.trade_no.clone_from(&attempt.trade_no);
        order.paid_at = Some(self.facts.paid_at.unwrap_or(self.minting.now));
    }

    /// What else the buyer has open for this order is looked after at once: a trade that waits is
    /// closed, before it brings money that would have to go back.
    async fn end_others(
        &self,
        tx: &mut Tx<'_>,
        order: &Order,
        attempt: &Attempt,
    ) -> Result<(), StoreError> {
        if order.attempts <= 1 {
            return Ok(());
        }
        for other in attempts::of_order(tx, &order.order_id).await? {
            if other.state.is_pending() && other.attempt_id != attempt.attempt_id {
                events::ask_attempt(tx, self.minting, &other.attempt_id, self.minting.now).await?;
            }
        }
        Ok(())
    }

    /// The order has its money already: what came by this attempt goes back.
    async fn second_payment(
        &mut self,
        tx: &mut Tx<'_>,
        order: &mut Order,
        attempt: &mut Attempt,
    ) -> Result<(), StoreError> {
        self.take_money(attempt, order.amount);
        if self.merchant.bugs().duplicate_payment_counted_twice {
            self.event = Some("order.paid");
            return Ok(());
        }
        self.refund = Some(RefundOrigin::SecondPayment);
        self.open_case(tx, order, attempt, CaseKind::SecondPayment)
            .await
    }

    /// The order is closed: its merchant's policy decides what becomes of the money.
    async fn late_payment(
        &mut self,
        tx: &mut Tx<'_>,
        order: &mut Order,
        attempt: &mut Attempt,
    ) -> Result<(), StoreError> {
        if self.merchant.bugs().late_payment_dropped {
            return Ok(());
        }
        self.take_money(attempt, order.amount);
        let entry = self.merchant.registry().merchant(&order.merchant);
        match entry.map(|entry| entry.late_policy).unwrap_or_default() {
            LatePolicy::Accept => {
                self.settle_order(order, attempt, OrderState::Paid);
                self.event = Some("order.paid");
            }
            LatePolicy::Refund => {
                self.settle_order(order, attempt, OrderState::LatePaid);
                self.refund = Some(RefundOrigin::LatePayment);
                self.event = Some("order.late_paid");
            }
            LatePolicy::Hold => {
                self.settle_order(order, attempt, OrderState::Attention);
                self.event = Some("order.attention");
                self.open_case(tx, order, attempt, CaseKind::LatePayment)
                    .await?;
            }
        }
        Ok(())
    }

    /// Ends the order with its last attempt, if it is to end; otherwise it waits for another
    /// attempt until its expiry.
    async fn end_order(
        &mut self,
        tx: &mut Tx<'_>,
        order: &mut Order,
        attempt: &Attempt,
    ) -> Result<(), StoreError> {
        if !order.state.is_pending() {
            return Ok(());
        }
        let alone = order.attempts <= 1;
        if !alone && attempts::others_pending(tx, &order.order_id, &attempt.attempt_id).await? {
            return Ok(());
        }
        if order.is_ending(self.minting.now) {
            order.state = OrderState::Closed;
            order.closed_at = Some(self.minting.now);
            self.event = Some("order.closed");
            return Ok(());
        }
        order.state = OrderState::Open;
        events::end_order_at(tx, self.minting, &order.order_id, order.expires_at).await
    }

    /// Something was said about refunds: ask about those that hang, and notice those that are
    /// none of ours.
    async fn check_refunds(
        &mut self,
        tx: &mut Tx<'_>,
        order: &Order,
        attempt: &Attempt,
    ) -> Result<(), StoreError> {
        let all_of_it = self.facts.seen == Observation::FullyRefunded;
        let told = self.facts.refund_fee.or(all_of_it.then_some(attempt.paid));
        let ours = attempt.refunded.checked_add(attempt.reserved);
        if let (Some(told), Some(ours)) = (told, ours)
            && told > ours
        {
            self.open_case(tx, order, attempt, CaseKind::ForeignRefund)
                .await?;
        }
        for refund in refunds::pending_of_attempt(tx, &attempt.attempt_id).await? {
            events::ask_refund(tx, self.minting, &refund.refund_id, self.minting.now).await?;
        }
        Ok(())
    }

    async fn open_case(
        &mut self,
        tx: &mut Tx<'_>,
        order: &Order,
        attempt: &Attempt,
        kind: CaseKind,
    ) -> Result<(), StoreError> {
        let word = kind.as_str();
        let dedup = match &self.facts.notify_id {
            Some(notify_id) => format!("notice:{}:{notify_id}", attempt.app_id),
            None => format!("{}:{}:{word}", self.facts.cause, attempt.attempt_id),
        };
        let case = Case {
            case_id: self.minting.case_id(),
            dedup,
            merchant: order.merchant.clone(),
            kind: word.to_owned(),
            order_id: Some(order.order_id.clone()),
            app_id: attempt.app_id.clone(),
            notify_id: self.facts.notify_id.clone(),
            detail: self.facts.detail.clone(),
            state: "open".to_owned(),
            opened_at: self.minting.now,
        };
        cases::open(tx, &case).await?;
        Ok(())
    }
}

/// Writes what changed of order and attempt, and the history of it.
async fn save(
    tx: &mut Tx<'_>,
    minting: &mut Minting,
    before: &Locked,
    after: &mut Locked,
    facts: &Facts,
) -> Result<(), StoreError> {
    let now = minting.now;
    let mut rows = Vec::new();
    let mut row = |entity: &str, id: &str, from: &str, to: &str| {
        if from != to {
            rows.push(Transition {
                order_id: before.order.order_id.clone(),
                at: now,
                transition_id: minting.transition_id(),
                entity: entity.to_owned(),
                entity_id: id.to_owned(),
                from_state: from.to_owned(),
                to_state: to.to_owned(),
                cause: facts.cause.as_str().to_owned(),
                reference: facts.reference().map(str::to_owned),
            });
        }
    };
    let (was, is) = (before.attempt.state, after.attempt.state);
    row(
        "attempt",
        before.attempt.attempt_id.as_str(),
        was.as_str(),
        is.as_str(),
    );
    let (was, is) = (before.order.state, after.order.state);
    row(
        "order",
        before.order.order_id.as_str(),
        was.as_str(),
        is.as_str(),
    );
    // In the order in which rows are locked: a script locks them here.
    if after.order != before.order {
        after.order.updated_at = now;
        orders::save_if(tx, &before.order, &after.order).await?;
    }
    if after.attempt != before.attempt {
        after.attempt.updated_at = now;
        if after.attempt.state.is_pending() {
            let next = next_attempt_check(&after.order, &after.attempt, now);
            after.attempt.next_check = Some(next);
        }
        attempts::save_if(tx, &before.attempt, &after.attempt).await?;
    }
    history::append(tx, rows).await
}

/// How long whoever asks has to follow up by itself.
const FOLLOW_UP_MS: i64 = 30 * SECOND_MS;

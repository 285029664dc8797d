//! The payment, and what comes again or looks as if it did.

use super::card::Outcome;
use super::examinee::{Delivery, Order};
use super::judged::{Must, judged, unmoved};
use super::paper::{By, Told};
use super::rows::Row;
use super::sit::{Exam, ExamError};
use super::till::BACK;
use alipay::Charset;
use kernel::time::MINUTE_MS;

impl Exam<'_> {
    /// The payment itself; hands back what the order shows then, or nothing when the payment was not
    /// acknowledged.
    pub(super) async fn payment(
        &mut self,
        order: &Order,
    ) -> Result<Option<(Told, Option<String>)>, ExamError> {
        // Who asks the gateway knows of the payment before the notice comes.
        let before = self.state(order).await;
        let told = self.pay(order.clone()).await?;
        let delivery = self.told_now(&told)?;
        let outcome = judged(&self.examinee.deliver(delivery).await, Must::Acknowledge);
        if outcome != Outcome::Passed {
            self.note(Row::Paid, outcome, before.is_some());
            return Ok(None);
        }
        let moved = |state: &str| before.as_deref() != Some(state);
        let after = self.state_when(&told.order, moved).await;
        let outcome = if before.is_some() && before == after {
            unmoved()
        } else {
            outcome
        };
        self.note(Row::Paid, outcome, before.is_some());
        Ok(Some((told, after)))
    }

    pub(super) fn told_now(&self, told: &Told) -> Result<Delivery, ExamError> {
        let params = self.pen.payment(told, self.cx.now());
        Ok(self.pen.deliver(params, By::Alipay, Charset::Utf8)?)
    }

    /// What comes again, or looks as if it did; nothing of it may change anything.
    pub(super) async fn again(&mut self, told: &Told) -> Result<(), ExamError> {
        let now = self.cx.now();
        let later = self.pen.payment(told, now.plus_ms(4 * MINUTE_MS));
        let sign = |params| self.pen.deliver(params, By::Alipay, Charset::Utf8);
        let first = sign(self.pen.payment(told, now))?;
        let later = sign(later)?;
        let mut stale = self.pen.waiting(told, now);
        stale.set("notify_id", &format!("{}w", told.notify_id));
        let stale = sign(stale)?;
        let mut refund = self.pen.refund(told, BACK, now.plus_ms(MINUTE_MS));
        refund.set("notify_id", &format!("{}r", told.notify_id));
        let refund = sign(refund)?;
        let order = &told.order;
        self.judge(Row::Repeated, later, Must::Acknowledge, order)
            .await;
        self.judge(Row::Replayed, first, Must::Acknowledge, order)
            .await;
        self.judge(Row::Stale, stale, Must::Whatever, order).await;
        self.give_back(told).await?;
        self.judge(Row::PartialRefund, refund, Must::Acknowledge, order)
            .await;
        Ok(())
    }
}

//! What comes in a bad form, at a bad time or in a bad order, each about an order of its own.

use super::card::{Outcome, comparable};
use super::examinee::{Delivery, Reply};
use super::judged::{Must, changed, judged, unmoved};
use super::paper::{By, Pen, Told};
use super::rows::Row;
use super::sit::{Exam, ExamError};
use super::till::BACK;
use alipay::Charset;
use alipay::sign::SignError;
use futures::future::join_all;
use kernel::time::{DAY_MS, MINUTE_MS};

/// How many copies of one notice arrive at once.
const AT_ONCE: usize = 4;
/// The last of Alipay's eight deliveries comes so long after the first.
const LAST_DELIVERY_MS: i64 = DAY_MS + 24 * MINUTE_MS;

impl Exam<'_> {
    /// Another order, paid in the sandbox; none when there are no more.
    async fn another(&self) -> Result<Option<Told>, ExamError> {
        match self.next_order().await? {
            Some(order) => Ok(Some(self.pay(order).await?)),
            None => Ok(None),
        }
    }

    /// One notice in a bad form, about an order of its own where there is one, else once more about
    /// the first.
    async fn in_bad_form(
        &mut self,
        row: Row,
        paid: &Told,
        write: impl Fn(&Pen, &Told) -> Result<Delivery, SignError>,
    ) -> Result<(), ExamError> {
        let another = self.next_order().await?;
        let before = self.state(another.as_ref().unwrap_or(&paid.order)).await;
        let another = match another {
            Some(order) => Some(self.pay(order).await?),
            None => None,
        };
        let told = another.as_ref().unwrap_or(paid);
        let delivery = write(&self.pen, told)?;
        let mut outcome = judged(&self.examinee.deliver(delivery).await, Must::Acknowledge);
        let must_move = another.is_some() && outcome == Outcome::Passed;
        let moved = |state: &str| !must_move || before.as_deref() != Some(state);
        let after = self.state_when(&told.order, moved).await;
        if outcome == Outcome::Passed
            && let (Some(before), Some(after)) = (&before, &after)
        {
            match (another.is_some(), before == after) {
                (true, true) => outcome = unmoved(),
                (false, false) => outcome = changed(before, after),
                _ => {}
            }
        }
        self.note(row, outcome, before.is_some());
        Ok(())
    }

    pub(super) async fn gbk(&mut self, paid: &Told) -> Result<(), ExamError> {
        let now = self.cx.now();
        self.in_bad_form(Row::Gbk, paid, |pen, told| {
            let mut params = pen.payment(told, now);
            params.set("subject", "高等数学（上册）");
            pen.deliver(params, By::Alipay, Charset::Gbk)
        })
        .await
    }

    pub(super) async fn slow(&mut self, paid: &Told) -> Result<(), ExamError> {
        let now = self.cx.now();
        self.in_bad_form(Row::Slow, paid, |pen, told| {
            let params = pen.payment(told, now);
            let mut delivery = pen.deliver(params, By::Alipay, Charset::Utf8)?;
            delivery.slowly = true;
            Ok(delivery)
        })
        .await
    }

    pub(super) async fn late(&mut self, paid: &Told) -> Result<(), ExamError> {
        let later = self.cx.now().plus_ms(LAST_DELIVERY_MS);
        self.in_bad_form(Row::Late, paid, |pen, told| {
            pen.deliver(pen.payment(told, later), By::Alipay, Charset::Utf8)
        })
        .await
    }

    pub(super) async fn parallel(
        &mut self,
        paid: &Told,
        once: Option<&str>,
    ) -> Result<(), ExamError> {
        let Some(told) = self.another().await? else {
            self.no_order_left(Row::Parallel);
            return Ok(());
        };
        let delivery = self.told_now(&told)?;
        let all = (0..AT_ONCE).map(|_| self.examinee.deliver(delivery.clone()));
        let replies = join_all(all).await;
        // Who lost the race may say no; Alipay tells again, and then it must be yes.
        let last = self.examinee.deliver(delivery).await;
        let mut outcome = judged(&last, Must::Acknowledge);
        let any = replies.iter().flatten().any(Reply::acknowledges);
        if outcome == Outcome::Passed && !any {
            outcome = Outcome::failed(
                "同时到达的四次没有一次答复 success",
                "of the four at once none was answered success",
            );
        }
        let outcome = self.same_as_once(outcome, paid, &told, once).await;
        self.note(Row::Parallel, outcome, once.is_some());
        Ok(())
    }

    pub(super) async fn out_of_order(
        &mut self,
        paid: &Told,
        once: Option<&str>,
    ) -> Result<(), ExamError> {
        let Some(told) = self.another().await? else {
            self.no_order_left(Row::OutOfOrder);
            return Ok(());
        };
        self.give_back(&told).await?;
        let mut refund = self.pen.refund(&told, BACK, self.cx.now());
        refund.set("notify_id", &format!("{}r", told.notify_id));
        let refund = self.pen.deliver(refund, By::Alipay, Charset::Utf8)?;
        // What is said to it does not matter: what is true in the end does.
        let _ = self.examinee.deliver(refund).await;
        let delivery = self.told_now(&told)?;
        let outcome = judged(&self.examinee.deliver(delivery).await, Must::Acknowledge);
        let outcome = self.same_as_once(outcome, paid, &told, once).await;
        self.note(Row::OutOfOrder, outcome, once.is_some());
        Ok(())
    }

    fn no_order_left(&mut self, row: Row) {
        let outcome = Outcome::not_examined(
            "订单不够：给更多 --order，或者给 --order-url",
            "no order was left: give more of --order, or --order-url",
        );
        self.note(row, outcome, true);
    }

    /// An order must show in the end what one that was paid once shows.
    async fn same_as_once(
        &self,
        outcome: Outcome,
        paid: &Told,
        told: &Told,
        once: Option<&str>,
    ) -> Outcome {
        let (Outcome::Passed, Some(once)) = (&outcome, once) else {
            return outcome;
        };
        if paid.order.amount != told.order.amount {
            return outcome;
        }
        let plain = |told: &Told, state: &str| {
            comparable(state, &[&told.order.out_trade_no, &told.trade_no])
        };
        let wanted = plain(paid, once);
        let like_once = |state: &str| plain(told, state) == wanted;
        let Some(shown) = self.state_when(&told.order, like_once).await else {
            return outcome;
        };
        let there = plain(told, &shown);
        if wanted == there {
            outcome
        } else {
            changed(&wanted, &there)
        }
    }
}

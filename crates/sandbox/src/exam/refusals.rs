//! What is no payment: notices and returns that nobody, somebody else or Alipay for somebody else
//! signed.

use super::card::Outcome;
use super::examinee::{Delivery, Order};
use super::judged::{Must, changed, judged, no_answer};
use super::paper::{By, Told};
use super::rows::Row;
use super::sit::{Exam, ExamError};
use alipay::Charset;
use money::Fen;

/// How large the oversized notice is, bytes.
const OVERSIZED: usize = 2 * 1024 * 1024;

impl Exam<'_> {
    /// Delivers, and judges answer and state.
    pub(super) async fn judge(&mut self, row: Row, delivery: Delivery, must: Must, order: &Order) {
        let before = self.state(order).await;
        let reply = self.examinee.deliver(delivery).await;
        let mut outcome = judged(&reply, must);
        let after = self.state_at_rest(order).await;
        if outcome == Outcome::Passed
            && let (Some(before), Some(after)) = (&before, &after)
            && before != after
        {
            outcome = changed(before, after);
        }
        self.note(row, outcome, before.is_some());
    }

    /// Everything that must be refused, and what must not change anything.
    pub(super) async fn refusals(&mut self, order: &Order) -> Result<(), ExamError> {
        let told = self.fresh(order.clone());
        let now = self.cx.now();
        let payment = self.pen.payment(&told, now);
        let with = |name: &str, value: &str| {
            let mut params = payment.clone();
            params.set(name, value);
            params
        };
        let less = Fen::new(told.order.amount.fen() - 1).to_string();
        let cheap = {
            let mut params = with("total_amount", &less);
            for name in ["receipt_amount", "buyer_pay_amount", "invoice_amount"] {
                params.set(name, &less);
            }
            params
        };
        let mut large = with("body", &"x".repeat(OVERSIZED));
        large.set("notify_id", "oversized");
        let played = [
            (Row::Unsigned, payment.clone(), By::Nobody),
            (Row::Forged, payment.clone(), By::Stranger),
            (Row::WrongAmount, cheap, By::Alipay),
            (
                Row::WrongApp,
                with("app_id", "2021000000000001"),
                By::Alipay,
            ),
            (
                Row::WrongSeller,
                with("seller_id", "2088000000000001"),
                By::Alipay,
            ),
            (Row::Oversized, large, By::Stranger),
        ];
        for (number, (row, mut params, by)) in played.into_iter().enumerate() {
            if row == Row::WrongApp {
                params.set("auth_app_id", "2021000000000001");
            }
            // Each is another notice to whoever keeps their numbers.
            params.set("notify_id", &format!("{}{number}", told.notify_id));
            let delivery = self.pen.deliver(params, by, Charset::Utf8)?;
            self.judge(row, delivery, Must::Refuse, order).await;
        }
        self.tampered(&told, &payment).await?;
        let mut unknown = with("out_trade_no", "exam-nobody-knows-this-order");
        unknown.set("notify_id", &format!("{}u", told.notify_id));
        let delivery = self.pen.deliver(unknown, By::Alipay, Charset::Utf8)?;
        self.judge(Row::UnknownOrder, delivery, Must::Refuse, order)
            .await;
        let waiting = self.pen.waiting(&told, now);
        let delivery = self.pen.deliver(waiting, By::Alipay, Charset::Utf8)?;
        self.judge(Row::Waiting, delivery, Must::Whatever, order)
            .await;
        self.returns(&told).await
    }

    /// Signed for one amount and posted with another.
    async fn tampered(&mut self, told: &Told, payment: &alipay::Params) -> Result<(), ExamError> {
        let mut params = payment.clone();
        params.set("total_amount", "0.02");
        params.set("notify_id", &format!("{}t", told.notify_id));
        let mut delivery = self.pen.deliver(params, By::Alipay, Charset::Utf8)?;
        let text = String::from_utf8_lossy(&delivery.body).into_owned();
        let whole = format!("total_amount={}&", told.order.amount);
        delivery.body = text.replace("total_amount=0.02&", &whole).into_bytes();
        self.judge(Row::Tampered, delivery, Must::Refuse, &told.order)
            .await;
        Ok(())
    }

    async fn returns(&mut self, told: &Told) -> Result<(), ExamError> {
        let now = self.cx.now();
        for (row, by) in [
            (Row::ForgedReturn, By::Stranger),
            (Row::HastyReturn, By::Alipay),
        ] {
            let query = self.pen.come_back(told, by, now)?;
            let before = self.state(&told.order).await;
            let came = self.examinee.come_back(query).await;
            let outcome = match (came, before.as_deref()) {
                (Ok(None), _) => {
                    Outcome::not_examined("没有给 --return-url", "no --return-url was given")
                }
                (Ok(Some(_)), None) => Outcome::not_examined(
                    "没有 --state-url，看不到跳转之后订单变了没有",
                    "without --state-url nobody sees what a return changed",
                ),
                // Whatever the page says, only what it did counts.
                (Ok(Some(_)) | Err(_), Some(before)) => match self.state_at_rest(&told.order).await
                {
                    Some(after) if after != before => changed(before, &after),
                    _ => Outcome::Passed,
                },
                (Err(why), None) => no_answer(&why),
            };
            self.note(row, outcome, before.is_some());
        }
        Ok(())
    }
}

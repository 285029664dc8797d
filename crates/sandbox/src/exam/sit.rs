//! Playing the bad day: first everything that must be refused, on an order that nobody paid; then
//! the payment and what comes again; then, each on an order of its own, what comes in a bad form.

use super::card::{Card, Line, Outcome, comparable};
use super::examinee::{Delivery, Examinee, Order, Reply};
use super::judged::{Must, changed, judged, no_answer, unmoved};
use super::paper::{By, Pen, Told};
use super::rows::Row;
use crate::app::find_trade::trades_of_number;
use crate::app::login;
use crate::app::pay_trade::{FundChannel, PayTrade, pay_trade};
use crate::context::Context;
use crate::domain::App;
use crate::gateway::{Opened, open_link};
use crate::{BuyerSpec, LogonId};
use alipay::Charset;
use alipay::keys::KeyError;
use alipay::sign::SignError;
use futures::future::join_all;
use kernel::time::{DAY_MS, MINUTE_MS};
use money::Fen;
use service::i18n::Lang;
use store::StoreError;

/// Why there was no exam.
#[derive(Debug, thiserror::Error)]
pub enum ExamError {
    /// A key of the application is none.
    #[error("the application's keys cannot be read")]
    Key(#[from] KeyError),
    /// A notice could not be signed.
    #[error("a notice could not be signed")]
    Sign(#[from] SignError),
    /// The examinee has no order to be paid.
    #[error("there is no order that waits to be paid: {0}")]
    NoOrder(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many copies of one notice arrive at once.
const AT_ONCE: usize = 4;
/// How large the oversized notice is, bytes.
const OVERSIZED: usize = 2 * 1024 * 1024;
/// The last of Alipay's eight deliveries comes so long after the first.
const LAST_DELIVERY_MS: i64 = DAY_MS + 24 * MINUTE_MS;

/// An exam in a sandbox that keeps its own notices to itself.
pub struct Exam<'a> {
    cx: &'a Context,
    examinee: &'a dyn Examinee,
    pen: Pen,
    card: Card,
}

impl std::fmt::Debug for Exam<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exam").finish_non_exhaustive()
    }
}

impl<'a> Exam<'a> {
    /// An exam of the merchant behind `app`.
    ///
    /// # Errors
    /// When the application's keys cannot be read.
    pub fn new(cx: &'a Context, app: App, examinee: &'a dyn Examinee) -> Result<Self, ExamError> {
        Ok(Self {
            cx,
            examinee,
            pen: Pen::new(app)?,
            card: Card::default(),
        })
    }

    /// Plays everything and hands back the card.
    ///
    /// # Errors
    /// When there is no order at all, or the sandbox fails.
    pub async fn sit(mut self) -> Result<Card, ExamError> {
        let first = self.examinee.order().await.map_err(ExamError::NoOrder)?;
        let first = first.ok_or_else(|| ExamError::NoOrder("none was given".to_owned()))?;
        self.refusals(&first).await?;
        let told = self.pay(first).await?;
        let once = self.payment(&told).await?;
        self.again(&told).await?;
        self.gbk(&told).await?;
        self.slow(&told).await?;
        self.late(&told).await?;
        self.parallel(&told, once.as_deref()).await?;
        self.out_of_order(&told, once.as_deref()).await?;
        Ok(self.card)
    }

    fn note(&mut self, row: Row, outcome: Outcome, saw_state: bool) {
        self.card.lines.push(Line {
            row,
            outcome,
            by_answer_only: !saw_state,
        });
    }

    async fn state(&self, order: &Order) -> Option<String> {
        self.examinee.state(order).await.unwrap_or_else(Some)
    }

    fn fresh(&self, order: Order) -> Told {
        Told::of(order, self.cx.now(), self.cx.rng())
    }

    /// Pays the order in the sandbox where it is known, so that a merchant who asks hears the same.
    async fn pay(&self, order: Order) -> Result<Told, ExamError> {
        let mut told = self.fresh(order);
        if let Some((_, query)) = told
            .order
            .link
            .as_deref()
            .and_then(|link| link.split_once('?'))
        {
            let opened = open_link(self.cx, query, Lang::En).await;
            if let Opened::Refused { sub_code, .. } = opened {
                tracing::warn!("the order's link was refused: {sub_code}");
            }
        }
        let app_id = Some(self.pen.app.app_id.as_str());
        let found = trades_of_number(self.cx, &told.order.out_trade_no, app_id).await?;
        let logon_id: Option<LogonId> = BuyerSpec::default_buyer().logon_id.parse().ok();
        let buyer = match logon_id {
            Some(logon_id) => login::find(self.cx, &logon_id).await?,
            None => None,
        };
        let (Some(trade), Some(buyer)) = (found.into_iter().next(), buyer) else {
            return Ok(told);
        };
        let wish = PayTrade {
            trade_id: trade.trade_id,
            user_id: buyer.user_id.clone(),
            pay_password: None,
            fund_channel: FundChannel::BankCard,
            shown: None,
        };
        match pay_trade(self.cx, wish).await {
            Ok(paid) => {
                if let Some(born) = paid.born() {
                    told.trade_no.clone_from(&born.trade_no);
                }
                told.buyer_id = buyer.user_id;
            }
            Err(error) => tracing::warn!("the order was not paid in the sandbox: {error}"),
        }
        Ok(told)
    }

    /// Delivers, and judges answer and state.
    async fn judge(&mut self, row: Row, delivery: Delivery, must: Must, order: &Order) {
        let before = self.state(order).await;
        let reply = self.examinee.deliver(delivery).await;
        let mut outcome = judged(&reply, must);
        let after = if before.is_some() {
            self.state(order).await
        } else {
            None
        };
        if outcome == Outcome::Passed
            && let (Some(before), Some(after)) = (&before, &after)
            && before != after
        {
            outcome = changed(before, after);
        }
        self.note(row, outcome, before.is_some());
    }

    async fn refusals(&mut self, order: &Order) -> Result<(), ExamError> {
        let told = self.fresh(order.clone());
        let now = self.cx.now();
        let payment = self.pen.payment(&told, now);
        let with = |name: &str, value: &str| {
            let mut params = payment.clone();
            params.set(name, value);
            params
        };
        let less = told.order.amount.fen() - 1;
        let less = if less > 0 {
            less
        } else {
            told.order.amount.fen() + 1
        };
        let less = Fen::new(less).to_string();
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
                (Ok(Some(_)) | Err(_), Some(before)) => match self.state(&told.order).await {
                    Some(after) if after != before => changed(before, &after),
                    _ => Outcome::Passed,
                },
                (Err(why), None) => no_answer(&why),
            };
            self.note(row, outcome, before.is_some());
        }
        Ok(())
    }

    /// The payment itself; hands back what the order shows then.
    async fn payment(&mut self, told: &Told) -> Result<Option<String>, ExamError> {
        let before = self.state(&told.order).await;
        let delivery = self.told_now(told)?;
        let outcome = judged(&self.examinee.deliver(delivery).await, Must::Acknowledge);
        let after = self.state(&told.order).await;
        let outcome = match outcome {
            Outcome::Passed if before.is_some() && before == after => unmoved(),
            other => other,
        };
        self.note(Row::Paid, outcome, before.is_some());
        Ok(after)
    }

    fn told_now(&self, told: &Told) -> Result<Delivery, ExamError> {
        let params = self.pen.payment(told, self.cx.now());
        Ok(self.pen.deliver(params, By::Alipay, Charset::Utf8)?)
    }

    /// What comes again, or looks as if it did; nothing of it may change anything.
    async fn again(&mut self, told: &Told) -> Result<(), ExamError> {
        let now = self.cx.now();
        let later = self.pen.payment(told, now.plus_ms(4 * MINUTE_MS));
        let sign = |params| self.pen.deliver(params, By::Alipay, Charset::Utf8);
        let first = sign(self.pen.payment(told, now))?;
        let later = sign(later)?;
        let mut stale = self.pen.waiting(told, now);
        stale.set("notify_id", &format!("{}w", told.notify_id));
        let stale = sign(stale)?;
        let mut refund = self.pen.refund(told, Fen::new(1), now.plus_ms(MINUTE_MS));
        refund.set("notify_id", &format!("{}r", told.notify_id));
        let refund = sign(refund)?;
        let order = &told.order;
        self.judge(Row::Repeated, later, Must::Acknowledge, order)
            .await;
        self.judge(Row::Replayed, first, Must::Acknowledge, order)
            .await;
        self.judge(Row::Stale, stale, Must::Whatever, order).await;
        self.judge(Row::PartialRefund, refund, Must::Acknowledge, order)
            .await;
        Ok(())
    }

    /// Another order, paid in the sandbox; none when there are no more.
    async fn another(&self) -> Result<Option<Told>, ExamError> {
        match self.examinee.order().await.map_err(ExamError::NoOrder)? {
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
        let another = self.another().await?;
        let told = another.as_ref().unwrap_or(paid);
        let before = self.state(&told.order).await;
        let delivery = write(&self.pen, told)?;
        let mut outcome = judged(&self.examinee.deliver(delivery).await, Must::Acknowledge);
        let after = self.state(&told.order).await;
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

    async fn gbk(&mut self, paid: &Told) -> Result<(), ExamError> {
        let now = self.cx.now();
        self.in_bad_form(Row::Gbk, paid, |pen, told| {
            let mut params = pen.payment(told, now);
            params.set("subject", "高等数学（上册）");
            pen.deliver(params, By::Alipay, Charset::Gbk)
        })
        .await
    }

    async fn slow(&mut self, paid: &Told) -> Result<(), ExamError> {
        let now = self.cx.now();
        self.in_bad_form(Row::Slow, paid, |pen, told| {
            let params = pen.payment(told, now);
            let mut delivery = pen.deliver(params, By::Alipay, Charset::Utf8)?;
            delivery.slowly = true;
            Ok(delivery)
        })
        .await
    }

    async fn late(&mut self, paid: &Told) -> Result<(), ExamError> {
        let later = self.cx.now().plus_ms(LAST_DELIVERY_MS);
        self.in_bad_form(Row::Late, paid, |pen, told| {
            pen.deliver(pen.payment(told, later), By::Alipay, Charset::Utf8)
        })
        .await
    }

    async fn parallel(&mut self, paid: &Told, once: Option<&str>) -> Result<(), ExamError> {
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

    async fn out_of_order(&mut self, paid: &Told, once: Option<&str>) -> Result<(), ExamError> {
        let Some(told) = self.another().await? else {
            self.no_order_left(Row::OutOfOrder);
            return Ok(());
        };
        let mut refund = self.pen.refund(&told, Fen::new(1), self.cx.now());
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
        let Some(shown) = self.state(&told.order).await else {
            return outcome;
        };
        let plain = |told: &Told, state: &str| {
            comparable(state, &[&told.order.out_trade_no, &told.trade_no])
        };
        let (wanted, there) = (plain(paid, once), plain(told, &shown));
        if wanted == there {
            outcome
        } else {
            changed(&wanted, &there)
        }
    }
}

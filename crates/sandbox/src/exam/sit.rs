//! Playing the bad day: first everything that must be refused, on an order that nobody paid; then
//! the payment and what comes again; then, each on an order of its own, what comes in a bad form.

use super::card::{Card, Line, Outcome};
use super::examinee::{Examinee, Order};
use super::eyes::Waits;
use super::paper::{Pen, Told};
use super::rows::Row;
use crate::context::Context;
use crate::domain::App;
use alipay::keys::KeyError;
use alipay::sign::SignError;
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
    /// Nobody listens.
    #[error("the back end cannot be reached: {0}")]
    Unreachable(String),
    /// The examinee has no order to be paid.
    #[error("there is no order that waits to be paid: {0}")]
    NoOrder(String),
    /// What was given as a link is none.
    #[error("`{0}…` is no signed link of page pay or wap pay, and no order string")]
    Link(String),
    /// The sandbox refuses the order's link: another key, another application.
    #[error("the link of order {number} does not open: {why}{advice}")]
    Refused {
        /// The merchant's number.
        number: String,
        /// In words what is wrong.
        why: String,
        /// What to configure otherwise.
        advice: &'static str,
    },
    /// The sandbox's buyer could not pay it.
    #[error("order {number} could not be paid in the sandbox: {why}")]
    NotPaid {
        /// The merchant's number.
        number: String,
        /// Why.
        why: String,
    },
    /// What shows the orders does not.
    #[error("what was delivered cannot be seen: {0}")]
    State(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Hears of each row when it was played.
pub type Listener<'a> = dyn Fn(&Line) + Send + Sync + 'a;

/// An exam in a sandbox that keeps its own notices to itself.
pub struct Exam<'a> {
    pub(super) cx: &'a Context,
    pub(super) examinee: &'a dyn Examinee,
    pub(super) pen: Pen,
    pub(super) waits: Waits,
    /// What orders show differs from look to look though nothing happened.
    pub(super) restless: bool,
    listener: Option<&'a Listener<'a>>,
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
            waits: Waits::default(),
            restless: false,
            listener: None,
            card: Card::default(),
        })
    }

    /// The same exam, with other times to wait.
    #[must_use]
    pub const fn waiting(mut self, waits: Waits) -> Self {
        self.waits = waits;
        self
    }

    /// The same exam, telling of each row when it was played.
    #[must_use]
    pub const fn told_to(mut self, listener: &'a Listener<'a>) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Plays everything and hands back the card.
    ///
    /// # Errors
    /// When there is nobody to examine, no order at all, or the sandbox fails.
    pub async fn sit(mut self) -> Result<Card, ExamError> {
        let reached = self.examinee.reach().await;
        reached.map_err(ExamError::Unreachable)?;
        let first = self.next_order().await?;
        let first = first.ok_or_else(|| ExamError::NoOrder("none was given".to_owned()))?;
        self.get_used_to(&first).await?;
        self.refusals(&first).await?;
        let Some((told, once)) = self.payment(&first).await? else {
            self.without_a_payment(&first);
            return Ok(self.card);
        };
        self.again(&told).await?;
        self.gbk(&told).await?;
        self.slow(&told).await?;
        self.late(&told).await?;
        self.parallel(&told, once.as_deref()).await?;
        self.out_of_order(&told, once.as_deref()).await?;
        Ok(self.card)
    }

    pub(super) fn note(&mut self, row: Row, outcome: Outcome, saw_state: bool) {
        let line = Line {
            row,
            outcome,
            by_answer_only: !saw_state,
        };
        if let Some(listener) = self.listener {
            listener(&line);
        }
        self.card.lines.push(line);
    }

    pub(super) fn fresh(&self, order: Order) -> Told {
        Told::of(order, self.cx.now(), self.cx.rng())
    }

    /// A payment that is not acknowledged says that something is configured wrongly; what comes
    /// after it would only say so again.
    fn without_a_payment(&mut self, order: &Order) {
        let played: Vec<Row> = self.card.lines.iter().map(|line| line.row).collect();
        for row in Row::ALL.iter().filter(|row| !played.contains(row)) {
            let outcome = Outcome::not_examined(
                "正常的付款通知没有被接受，见 paid",
                "the payment itself was not acknowledged, see paid",
            );
            self.note(*row, outcome, true);
        }
        let (app, number, amount) = (&self.pen.app, &order.out_trade_no, order.amount);
        let (app_id, seller_id) = (&app.app_id, &app.seller_id);
        self.card.advice = Some((
            format!(
                "先看这些：服务端用来验签的是沙箱应用 {app_id} 的支付宝公钥（alipay_public_key）吗？app_id 是 {app_id}、seller_id 是 {seller_id} 吗？订单 {number} 在服务端是未付款、金额 {amount} 吗？"
            ),
            format!(
                "Look at these first: does the back end verify with Alipay's public key of the sandbox's application {app_id} (alipay_public_key)? Does it expect app_id {app_id} and seller_id {seller_id}? Does it have an unpaid order {number} of {amount}?"
            ),
        ));
    }
}

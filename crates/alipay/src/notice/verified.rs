//! What Alipay signed.

use super::{Checked, Difference, Expectation, Mismatch};
use crate::{AlipayTime, Params, TradeStatus};
use money::Fen;

/// Which of Alipay's two rules a message was signed by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rule {
    /// Without `sign` and `sign_type`: notices and returns of trades.
    WithoutSignType,
    /// Without `sign` only: messages of Alipay's other services.
    WithSignType,
}

/// A message that Alipay signed. Whether it is about *your* order, nobody has compared yet:
/// [`Verified::check`] does.
#[derive(Clone, Debug)]
pub struct Verified {
    params: Params,
    raw: Vec<u8>,
    rule: Rule,
}

impl Verified {
    pub(crate) fn new(params: Params, raw: Vec<u8>, rule: Rule) -> Self {
        Self { params, raw, rule }
    }

    /// Compares it with what is expected.
    ///
    /// # Errors
    /// With everything that differs. A field that is not there differs.
    pub fn check(&self, expectation: &Expectation<'_>) -> Result<Checked<'_>, Mismatch> {
        let mut differences = expectation.differences(&self.params);
        if self.get("trade_status").is_none() {
            differences.push(Difference::TradeStatus);
        }
        if differences.is_empty() {
            Ok(Checked::new(self))
        } else {
            Err(Mismatch { differences })
        }
    }

    /// Where the trade stands.
    #[must_use]
    pub fn trade_status(&self) -> Option<TradeStatus> {
        TradeStatus::parse(self.get("trade_status")?)
    }

    /// Alipay's number of the trade.
    #[must_use]
    pub fn trade_no(&self) -> Option<&str> {
        self.get("trade_no")
    }

    /// The merchant's number of the order.
    #[must_use]
    pub fn out_trade_no(&self) -> Option<&str> {
        self.get("out_trade_no")
    }

    /// The application it is about.
    #[must_use]
    pub fn app_id(&self) -> Option<&str> {
        self.get("app_id")
    }

    /// The account that the money went to.
    #[must_use]
    pub fn seller_id(&self) -> Option<&str> {
        self.get("seller_id")
    }

    /// What the order is over. In a notice of a refund, too: it is not what was refunded.
    #[must_use]
    pub fn total_amount(&self) -> Option<Fen> {
        self.yuan("total_amount")
    }

    /// When it was paid.
    #[must_use]
    pub fn gmt_payment(&self) -> Option<AlipayTime> {
        self.time("gmt_payment")
    }

    /// All refunds of the trade so far, in a notice of a refund.
    #[must_use]
    pub fn refund_fee(&self) -> Option<Fen> {
        self.yuan("refund_fee")
    }

    /// When the refund was made.
    #[must_use]
    pub fn gmt_refund(&self) -> Option<AlipayTime> {
        self.time("gmt_refund")
    }

    /// The number of the refund (its `out_request_no`), in a notice of a refund.
    #[must_use]
    pub fn out_biz_no(&self) -> Option<&str> {
        self.get("out_biz_no")
    }

    /// The number of the notice: the same for every delivery of one event, another one for the
    /// next event of the same trade.
    #[must_use]
    pub fn notify_id(&self) -> Option<&str> {
        self.get("notify_id")
    }

    /// `trade_status_sync` for trades.
    #[must_use]
    pub fn notify_type(&self) -> Option<&str> {
        self.get("notify_type")
    }

    /// When this delivery was sent.
    #[must_use]
    pub fn notify_time(&self) -> Option<AlipayTime> {
        self.time("notify_time")
    }

    /// What the merchant gave along, as it was given.
    #[must_use]
    pub fn passback_params(&self) -> Option<&str> {
        self.get("passback_params")
    }

    /// Returns `true` for a notice of a refund. A partial one carries `TRADE_SUCCESS` and the
    /// whole `total_amount`: whoever looks only at these books the payment twice.
    #[must_use]
    pub fn is_refund(&self) -> bool {
        ["refund_fee", "gmt_refund", "out_biz_no"]
            .iter()
            .any(|name| self.get(name).is_some())
    }

    /// Returns `true` when it says that the buyer has paid: `TRADE_SUCCESS` or `TRADE_FINISHED`,
    /// and it is not about a refund.
    #[must_use]
    pub fn says_paid(&self) -> bool {
        self.trade_status().is_some_and(TradeStatus::is_paid) && !self.is_refund()
    }

    /// The value of any field, unless it is empty or absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params.non_empty(name)
    }

    /// Every field, `sign` included, in the order in which they came.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The bytes that arrived: the evidence.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Which rule it was signed by.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    fn yuan(&self, name: &str) -> Option<Fen> {
        Fen::parse_yuan(self.get(name)?).ok()
    }

    fn time(&self, name: &str) -> Option<AlipayTime> {
        AlipayTime::parse(self.get(name)?).ok()
    }
}

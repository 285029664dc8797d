//! Commands about a trade that there is, or should be.

use super::GatewayArgs;
use clap::Args;
use money::Fen;

/// Which trade.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct TradeNumber {
    /// The merchant's number of the order.
    #[arg(value_name = "OUT_TRADE_NO")]
    pub(crate) out_trade_no: Option<String>,
    /// Alipay's number; wins when both are given.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) trade_no: Option<String>,
}

impl TradeNumber {
    /// As it was typed, to be typed again.
    pub(crate) fn typed(&self) -> String {
        match (&self.trade_no, &self.out_trade_no) {
            (Some(number), _) => format!("--trade-no {number}"),
            (None, Some(number)) => number.clone(),
            (None, None) => String::new(),
        }
    }
}

/// `tongbao query`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  tongbao query 20260821001 --sandbox tongbao-data
  tongbao query --trade-no 2026082122001499160501589436 --config alipay.toml --json
  tongbao query 20260821001 --config alipay.toml --wait 120 && ship 20260821001

Exit codes: 0 asked (with --wait: paid), 1 refused (with --wait: not paid), 2 used wrongly, or
nobody knows. ACQ.TRADE_NOT_EXIST is normal before the buyer has opened the cashier.")]
pub(crate) struct QueryArgs {
    #[command(flatten)]
    pub(crate) trade: TradeNumber,
    /// Asks until it is paid or closed, or so many seconds have passed.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) wait: Option<u32>,
    /// Seconds between questions.
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) ask_every: u32,
    /// What else to tell, joined by commas: `fund_bill_list,trade_settle_info`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) query_options: Vec<String>,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `tongbao close`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  tongbao close 20260821001 --sandbox tongbao-data")]
pub(crate) struct CloseArgs {
    #[command(flatten)]
    pub(crate) trade: TradeNumber,
    /// Who closes it.
    #[arg(long, value_name = "ID")]
    pub(crate) operator_id: Option<String>,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `tongbao cancel`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  tongbao cancel 20260821001 --config alipay.toml

Unpaid it is closed, paid it is given back in full. Safe to repeat; only soon after the payment.")]
pub(crate) struct CancelArgs {
    #[command(flatten)]
    pub(crate) trade: TradeNumber,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `tongbao refund`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  tongbao refund 20260821001 --amount 39.00 --out-request-no R1 --config alipay.toml

A refund is known by its number: repeat it with the same one, and money goes back once. An answer
without fund_change=Y moved nothing by itself; then it is asked whether the money went back.

Exit codes: 0 the money went back, 1 refused, 2 used wrongly, or nobody knows yet.")]
pub(crate) struct RefundArgs {
    #[command(flatten)]
    pub(crate) trade: TradeNumber,
    /// What to give back, in yuan: `39.00`.
    #[arg(long, value_name = "YUAN", value_parser = yuan)]
    pub(crate) amount: Fen,
    /// The number of this refund, unique within the order, kept for every repeat.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) out_request_no: String,
    /// Why; the buyer sees it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// How long to ask when it is not known whether the money went back, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=600))]
    pub(crate) patience: u32,
    /// Seconds between questions; Alipay says 10.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) ask_every: u32,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `tongbao refund-query`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  tongbao refund-query 20260821001 --out-request-no R1 --config alipay.toml

Exit codes: 0 the money went back, 1 refused, or nothing says that it went back (Alipay says to wait
ten seconds before that is believed), 2 used wrongly, or nobody knows.")]
pub(crate) struct RefundQueryArgs {
    #[command(flatten)]
    pub(crate) trade: TradeNumber,
    /// The number of the refund.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) out_request_no: String,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// An amount in yuan, as it was typed.
pub(super) fn yuan(text: &str) -> Result<Fen, String> {
    match Fen::parse_yuan(text) {
        Ok(amount) if amount.is_payable() => Ok(amount),
        Ok(_) => Err("Alipay takes 0.01 to 100000000.00 yuan".to_owned()),
        Err(error) => Err(format!(
            "{error}; write yuan with up to two decimals, as 39.00"
        )),
    }
}

//! `tongbao pay …`: the five ways of taking a payment.

use super::GatewayArgs;
use clap::{Args, Subcommand};
use money::Fen;

/// `tongbao pay …`.
#[derive(Debug, Subcommand)]
#[command(after_long_help = "\
Examples:
  tongbao pay page --sandbox tongbao-data --amount 39.00 --subject 'Rust 入门'
  tongbao pay qr --config alipay.toml --amount 0.01 --subject test
  tongbao pay barcode --config alipay.toml --amount 39.00 --subject coffee --auth-code -

Exit codes: 0 done, 1 refused or not paid, 2 used wrongly, or nobody knows.")]
pub(crate) enum PayCommand {
    /// The cashier on a computer: prints the signed link.
    Page(Box<PageArgs>),
    /// The cashier on a phone: prints the signed link.
    Wap(Box<WapArgs>),
    /// The wallet, called by an app: prints the order string.
    App(Box<AppPayArgs>),
    /// An order as a QR code, which the buyer scans: prints its address, and draws it.
    Qr(Box<QrArgs>),
    /// By the code that the buyer shows: asks until it is known, and takes it back when it is not.
    Barcode(Box<BarcodeArgs>),
    /// Goes on with a payment by barcode that was stopped: asks, and takes it back when unknown.
    Settle(Box<SettleArgs>),
}

/// What every order has.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Order")]
pub(crate) struct OrderArgs {
    /// What is to be paid, in yuan: `39.00`.
    #[arg(long, value_name = "YUAN", value_parser = super::trade::yuan)]
    pub(crate) amount: Fen,
    /// What is bought.
    #[arg(long)]
    pub(crate) subject: String,
    /// The order's number, unique for ever; a new one is made, and said, when left out.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) out_trade_no: Option<String>,
    /// Where Alipay sends notices to.
    #[arg(long, value_name = "URL")]
    pub(crate) notify_url: Option<String>,
    /// More about the order; comes back in the notice.
    #[arg(long)]
    pub(crate) body: Option<String>,
    /// How long it can be paid: `30m`, `2h`, `1d`, `1c` (until midnight).
    #[arg(long, value_name = "TIME")]
    pub(crate) timeout_express: Option<String>,
    /// Until when it can be paid: `2026-08-21 18:00:00`, in China's time.
    #[arg(long, value_name = "TIME")]
    pub(crate) time_expire: Option<String>,
    /// Comes back unchanged in the notice.
    #[arg(long, value_name = "TEXT")]
    pub(crate) passback_params: Option<String>,
    /// Further fields of `biz_content`, as a JSON object.
    #[arg(long, value_name = "JSON")]
    pub(crate) extra: Option<String>,
}

/// `tongbao pay page`.
#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    #[command(flatten)]
    pub(crate) order: OrderArgs,
    /// Where the buyer's browser returns to.
    #[arg(long, value_name = "URL")]
    pub(crate) return_url: Option<String>,
    /// Prints an HTML form instead of the link, for orders too long for one.
    #[arg(long)]
    pub(crate) form: bool,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `tongbao pay wap`.
#[derive(Debug, Args)]
pub(crate) struct WapArgs {
    #[command(flatten)]
    pub(crate) order: OrderArgs,
    /// Where a buyer goes who leaves without paying.
    #[arg(long, value_name = "URL")]
    pub(crate) quit_url: String,
    /// Where the buyer's browser returns to.
    #[arg(long, value_name = "URL")]
    pub(crate) return_url: Option<String>,
    /// Prints an HTML form instead of the link, for orders too long for one.
    #[arg(long)]
    pub(crate) form: bool,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `tongbao pay app`.
#[derive(Debug, Args)]
pub(crate) struct AppPayArgs {
    #[command(flatten)]
    pub(crate) order: OrderArgs,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `tongbao pay qr`.
#[derive(Debug, Args)]
pub(crate) struct QrArgs {
    #[command(flatten)]
    pub(crate) order: OrderArgs,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `tongbao pay barcode`.
#[derive(Debug, Args)]
pub(crate) struct BarcodeArgs {
    #[command(flatten)]
    pub(crate) order: OrderArgs,
    /// The code that the buyer shows, 18 digits; `-` reads it from stdin.
    #[arg(long, value_name = "CODE")]
    pub(crate) auth_code: String,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// How long a payment by barcode is asked about.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct AskingArgs {
    /// How long to ask before it is taken back, in seconds; Alipay says 30 to 60.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) patience: u32,
    /// Seconds between questions; Alipay says 3 to 6.
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) ask_every: u32,
}

/// `tongbao pay settle`.
#[derive(Debug, Args)]
pub(crate) struct SettleArgs {
    /// The number under which it was sent.
    #[arg(value_name = "OUT_TRADE_NO")]
    pub(crate) out_trade_no: String,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

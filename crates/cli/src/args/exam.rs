//! The exam.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `tongbao exam`.
#[derive(Debug, Args)]
#[command(
    group(clap::ArgGroup::new("orders").required(true).multiple(true).args(["order", "order_url", "order_command"])),
    after_long_help = "\
Examples:
  tongbao exam --notify-url http://127.0.0.1:8000/alipay/notify --return-url http://127.0.0.1:8000/alipay/return \\
    --order-url http://127.0.0.1:8000/orders --order-body '{\"item\":1}' --header 'Authorization: Bearer …' \\
    --state-url 'http://127.0.0.1:8000/orders/{out_trade_no}' --state-field delivered
  tongbao exam --notify-url http://127.0.0.1:8000/alipay/notify --order A1=39.00 --order A2=39.00 --allow-skipped

The back end is configured with the keys and the gateway of a sandbox that runs: `tongbao sandbox` or
`tongbao demo`. Six orders, best of one price, are enough for everything.

Exit codes: 0 every row passed, 1 a row failed or could not be played, 2 used wrongly, or there was no exam."
)]
pub(crate) struct ExamArgs {
    /// Where the back end takes Alipay's notices.
    #[arg(long, value_name = "URL")]
    pub(crate) notify_url: String,
    /// Where buyers come back to.
    #[arg(long, value_name = "URL")]
    pub(crate) return_url: Option<String>,
    /// An order that waits to be paid: its signed link, or `NUMBER=AMOUNT`; may be given often.
    #[arg(long, value_name = "ORDER", help_heading = "Orders")]
    pub(crate) order: Vec<String>,
    /// Makes an order with each POST, and answers (or redirects) with its link, or with JSON that has
    /// `out_trade_no` and `total_amount`.
    #[arg(long, value_name = "URL", help_heading = "Orders")]
    pub(crate) order_url: Option<String>,
    /// The JSON of that POST; `{n}` in it, in the address and in headers is another text each time.
    #[arg(
        long,
        value_name = "JSON",
        requires = "order_url",
        help_heading = "Orders"
    )]
    pub(crate) order_body: Option<String>,
    /// A command for the shell that makes an order and prints the same; run six times.
    #[arg(long, value_name = "COMMAND", help_heading = "Orders")]
    pub(crate) order_command: Option<String>,
    /// Shows what was delivered for an order; `{out_trade_no}` in it is the number. Without it only
    /// answers are judged.
    #[arg(long, value_name = "URL", help_heading = "What was delivered")]
    pub(crate) state_url: Option<String>,
    /// Which member of its JSON counts, by name or as a pointer `/a/b`; all of it when left out.
    #[arg(
        long,
        value_name = "FIELD",
        requires = "state_url",
        help_heading = "What was delivered"
    )]
    pub(crate) state_field: Vec<String>,
    /// A header for --order-url and --state-url, as `Authorization: Bearer …`, or `Name: env:VARIABLE`.
    #[arg(long, value_name = "HEADER")]
    pub(crate) header: Vec<String>,
    /// The `sandbox.json` that the back end is configured with, or its data folder [env: TONGBAO_SANDBOX].
    #[arg(long, value_name = "FILE", help_heading = "Sandbox")]
    pub(crate) sandbox: Option<PathBuf>,
    /// Which application of that file, when it has several [env: TONGBAO_APP].
    #[arg(long, value_name = "NAME", help_heading = "Sandbox")]
    pub(crate) app: Option<String>,
    /// How long an order must stay the same before it counts as at rest, in milliseconds [default: 300].
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub(crate) rest_ms: Option<u64>,
    /// How long a delivery is waited for, in milliseconds [default: 10000].
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub(crate) change_ms: Option<u64>,
    /// Ends in 0 also when rows could not be played because something was not given.
    #[arg(long)]
    pub(crate) allow_skipped: bool,
    /// The language of the card; that of the environment when left out.
    #[arg(long, help_heading = "Output")]
    pub(crate) lang: Option<CardLang>,
    /// Prints the card as JSON.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// A language of the card.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum CardLang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

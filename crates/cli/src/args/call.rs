//! Transfers, bills, and any other method.

use super::GatewayArgs;
use clap::{Args, ValueEnum};
use money::Fen;
use std::path::PathBuf;

/// `tongbao transfer`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  tongbao transfer --out-biz-no T1 --amount 1.00 --to-user 2088102169481075 --title bonus --config alipay.toml
  tongbao transfer --out-biz-no T1 --amount 1.00 --to-login a@example.com --name 张三 --title bonus --config alipay.toml
  tongbao transfer --out-biz-no T1 --ask --config alipay.toml

A transfer is known by its number: the same one sends money once. Alipay takes transfers in
certificate mode only.

Exit codes: 0 the money arrived, 1 refused or failed, 2 used wrongly, or nobody knows yet.")]
pub(crate) struct TransferArgs {
    /// The number of this transfer, kept for every repeat.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) out_biz_no: String,
    /// How much, in yuan; 0.10 at least.
    #[arg(long, value_name = "YUAN", value_parser = super::trade::yuan, required_unless_present = "ask")]
    pub(crate) amount: Option<Fen>,
    /// Who gets it: the account's number, `2088…`.
    #[arg(long, value_name = "USER_ID", required_unless_present_any = ["to_login", "to_open_id", "ask"])]
    pub(crate) to_user: Option<String>,
    /// Who gets it: a login, e-mail or telephone number, together with --name.
    #[arg(
        long,
        value_name = "LOGIN",
        requires = "name",
        conflicts_with = "to_user"
    )]
    pub(crate) to_login: Option<String>,
    /// Who gets it: the user as newer applications know them.
    #[arg(long, value_name = "OPEN_ID", conflicts_with_all = ["to_user", "to_login"])]
    pub(crate) to_open_id: Option<String>,
    /// Their name, which Alipay compares.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// What the payee reads.
    #[arg(long, value_name = "TEXT", required_unless_present = "ask")]
    pub(crate) title: Option<String>,
    /// A remark.
    #[arg(long, value_name = "TEXT")]
    pub(crate) remark: Option<String>,
    /// Sends nothing: asks what came of the transfer with that number.
    #[arg(long, conflicts_with_all = ["amount", "to_user", "to_login", "to_open_id", "name", "title", "remark"])]
    pub(crate) ask: bool,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// How a bill is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum BillForm {
    /// A table with the columns that matter.
    Table,
    /// Every column, in UTF-8, with Alipay's names.
    Csv,
    /// One JSON object a line, every column, known ones by their English names.
    Jsonl,
}

/// `tongbao bill`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  tongbao bill 2026-08-20 --config alipay.toml
  tongbao bill 2026-07 --type signcustomer --format csv --config alipay.toml > july.csv
  tongbao bill 2026-08-20 --config alipay.toml --json | jq -r 'select(.biz_type==\"退款\").trade_no'
  tongbao bill --file bill.zip --summary

Yesterday's bill is there by about 09:00, last month's by the 3rd; today has none. Amounts of refunds
are negative.")]
pub(crate) struct BillArgs {
    /// A day `yyyy-MM-dd` or a month `yyyy-MM`.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) date: Option<String>,
    /// Which bill: `trade`, `signcustomer` (the account), `merchant_act`, `zft_acc`, …
    #[arg(long = "type", value_name = "TYPE", default_value = "trade")]
    pub(crate) bill_type: String,
    /// The second-level merchant, for `trade_zft_merchant`.
    #[arg(long)]
    pub(crate) smid: Option<String>,
    /// Reads a ZIP that was fetched before, and calls nobody.
    #[arg(long, value_name = "ZIP")]
    pub(crate) file: Option<PathBuf>,
    /// Keeps the ZIP as it came in this file, which must not exist yet.
    #[arg(long, value_name = "ZIP", conflicts_with = "file")]
    pub(crate) save: Option<PathBuf>,
    /// The sums by shop or by kind instead of the lines.
    #[arg(long)]
    pub(crate) summary: bool,
    /// How to print it; --json is `jsonl`.
    #[arg(long, default_value = "table")]
    pub(crate) format: BillForm,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `tongbao call`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  tongbao call alipay.trade.query '{\"out_trade_no\":\"20260821001\"}' --sandbox tongbao-data
  tongbao call alipay.trade.create --file order.json --notify-url https://shop.example/notify --config alipay.toml
  echo '{\"out_trade_no\":\"20260821001\"}' | tongbao call alipay.trade.query - --v3 --config alipay.toml
  tongbao call alipay.user.info.share --param auth_token=env:TOKEN --config alipay.toml
  tongbao call alipay.trade.page.pay --file order.json --link --config alipay.toml

Prints what was answered, verified, as JSON.
Exit codes: 0 done, 1 refused, 2 used wrongly, or nobody knows.")]
pub(crate) struct CallArgs {
    /// The method: `alipay.trade.query`.
    pub(crate) method: String,
    /// Its `biz_content`, a JSON object; `-` reads stdin, nothing sends none.
    #[arg(value_name = "BIZ_CONTENT")]
    pub(crate) content: Option<String>,
    /// Reads the `biz_content` from a file.
    #[arg(long, value_name = "FILE", conflicts_with = "content")]
    pub(crate) file: Option<PathBuf>,
    /// A parameter beside `biz_content`; `env:NAME` as value reads a variable, for tokens.
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(crate) params: Vec<String>,
    /// Where notices about it go.
    #[arg(long, value_name = "URL")]
    pub(crate) notify_url: Option<String>,
    /// Where a browser returns to, for pages.
    #[arg(long, value_name = "URL", requires = "link")]
    pub(crate) return_url: Option<String>,
    /// Calls nobody: prints the signed link, for methods that are pages.
    #[arg(long)]
    pub(crate) link: bool,
    /// With --v3: a method that is asked with GET.
    #[arg(long, requires = "v3", conflicts_with = "link")]
    pub(crate) get: bool,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

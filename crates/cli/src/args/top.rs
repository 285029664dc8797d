//! The commands, and what the ones around keys, signatures and servers take.

use super::{
    BillArgs, CallArgs, CancelArgs, CloseArgs, ExamArgs, PayCommand, QueryArgs, RefundArgs,
    RefundQueryArgs, TransferArgs,
};
use clap::{Parser, Subcommand, ValueEnum};
use std::net::IpAddr;
use std::path::PathBuf;

/// Taking Alipay payments: a merchant service, an offline Alipay, shops, and the SDK by hand.
#[derive(Debug, Parser)]
#[command(name = "tongbao", version, propagate_version = true)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Everything the command does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run everything: merchant service, shops and an offline Alipay, with a course to buy.
    Demo(DemoArgs),
    /// Run the offline Alipay alone.
    Sandbox(SandboxArgs),
    /// Run the merchant service against any gateway.
    Serve(ServeArgs),
    /// Make, inspect and convert keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Sign a request's parameters.
    Sign(SignArgs),
    /// Verify a return, a notice, an answer or a request.
    Verify(VerifyArgs),
    /// Say why a message does not verify, and what to change.
    Explain(ExplainArgs),
    /// Take a payment: by page, phone, app, QR code or barcode.
    #[command(subcommand)]
    Pay(PayCommand),
    /// Ask where a trade stands.
    Query(Box<QueryArgs>),
    /// Close a trade that nobody has paid.
    Close(Box<CloseArgs>),
    /// Take a payment back whose outcome is failed or unknown.
    Cancel(Box<CancelArgs>),
    /// Give money back.
    Refund(Box<RefundArgs>),
    /// Ask whether a refund went through.
    RefundQuery(Box<RefundQueryArgs>),
    /// Send money to an account.
    Transfer(Box<TransferArgs>),
    /// Fetch a bill and print it.
    Bill(Box<BillArgs>),
    /// Call any method by its name.
    Call(Box<CallArgs>),
    /// Play a bad day against your own back end: forged, doubled, late, out of order.
    Exam(Box<ExamArgs>),
    /// Check a deployment: keys, gateway, database, clock, notify address.
    Doctor(DoctorArgs),
}

/// `tongbao demo`.
#[derive(Debug, Parser)]
pub(crate) struct DemoArgs {
    /// Where data, keys and addresses are kept; delete it to start over.
    #[arg(long, default_value = "./tongbao-data")]
    pub(crate) data: PathBuf,
    /// The address to listen on; 0.0.0.0 lets a phone on the same network pay.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// The first port; merchant service here, shops from the next, the offline Alipay on the tenth.
    #[arg(long, default_value_t = 8600)]
    pub(crate) port_base: u16,
    /// A PostgreSQL for everything, as `postgres://user@host/db`; SQLite files when left out.
    #[arg(long)]
    pub(crate) database: Option<String>,
}

/// `tongbao sandbox`.
#[derive(Debug, Parser)]
pub(crate) struct SandboxArgs {
    /// Where data and keys are kept.
    #[arg(long, default_value = "./tongbao-data")]
    pub(crate) data: PathBuf,
    /// The address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:8609")]
    pub(crate) listen: std::net::SocketAddr,
    /// Where clients and browsers reach it, when that is not the address it listens on: behind a
    /// container's ports, a tunnel, a proxy. QR codes and `sandbox.json` say so.
    #[arg(long, value_name = "URL", value_parser = an_origin)]
    pub(crate) public_url: Option<String>,
    /// `postgres://user@host/db` or `sqlite:PATH`; a file in the data folder when left out.
    #[arg(long)]
    pub(crate) database: Option<String>,
    /// Keep the database in memory: nothing is left when it stops but the files with keys and
    /// addresses.
    #[arg(long, conflicts_with = "database")]
    pub(crate) memory: bool,
    /// Numbers are the same for the same calls after the same seed (keys are not). A data folder
    /// that began with another seed, or none, is refused.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    pub(crate) seed: Option<i64>,
    /// What the world holds from its first moment and after each reset: applications, accounts,
    /// cards, paid trades. JSON, or TOML when it ends in .toml.
    #[arg(long, value_name = "FILE")]
    pub(crate) seed_data: Option<PathBuf>,
}

/// Scheme, host and port of an address that has nothing behind them.
fn an_origin(text: &str) -> Result<String, String> {
    let wanted = || "write it as http://HOST:PORT, with nothing behind it".to_owned();
    let url = url::Url::parse(text).map_err(|_| wanted())?;
    let origin = url.origin().ascii_serialization();
    let is_web = matches!(url.scheme(), "http" | "https");
    if is_web && url.as_str().trim_end_matches('/') == origin {
        Ok(origin)
    } else {
        Err(wanted())
    }
}

/// `tongbao serve`.
#[derive(Debug, Parser)]
pub(crate) struct ServeArgs {
    /// The configuration, TOML; every key also as an environment variable `TONGBAO__…`.
    #[arg(long)]
    pub(crate) config: PathBuf,
}

/// `tongbao doctor`.
#[derive(Debug, Parser)]
pub(crate) struct DoctorArgs {
    /// The configuration to check.
    #[arg(long)]
    pub(crate) config: PathBuf,
    /// Findings as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `tongbao keys …`.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a key pair in every form that Alipay's console and the SDKs want.
    New {
        /// The folder to write into; nothing there is overwritten.
        #[arg(long)]
        out: PathBuf,
    },
    /// Say what a key file really is; labels are not believed.
    Inspect {
        /// The file.
        file: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a key in another form.
    Convert {
        /// The form wanted.
        #[arg(long)]
        to: KeyForm,
        /// The file.
        file: PathBuf,
    },
}

/// The forms of a key.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KeyForm {
    /// PEM with `BEGIN RSA PRIVATE KEY` (a public key: `BEGIN RSA PUBLIC KEY`).
    Pkcs1,
    /// PEM with `BEGIN PRIVATE KEY` (a public key: `BEGIN PUBLIC KEY`).
    Pkcs8,
    /// One line of base64, as Alipay's console takes it.
    Base64,
}

/// `tongbao sign`.
#[derive(Debug, Parser)]
pub(crate) struct SignArgs {
    /// The application's private key, any form.
    #[arg(long)]
    pub(crate) app_private_key: PathBuf,
    /// Print the whole signed link to this gateway instead of the signature.
    #[arg(long, value_name = "GATEWAY")]
    pub(crate) url: Option<String>,
    /// Query string, full URL or JSON object; `-` or nothing reads stdin.
    pub(crate) parameters: Option<String>,
}

/// `tongbao verify`.
#[derive(Debug, Parser)]
#[command(group(clap::ArgGroup::new("key").required(true)))]
pub(crate) struct VerifyArgs {
    /// Alipay's public key: checks a return, a notice or an answer.
    #[arg(long, group = "key")]
    pub(crate) alipay_public_key: Option<PathBuf>,
    /// The application's public key: checks a request as the gateway would.
    #[arg(long, group = "key")]
    pub(crate) app_public_key: Option<PathBuf>,
    /// Return URL, query string, form body or JSON answer; `-` or nothing reads stdin.
    pub(crate) message: Option<String>,
}

/// `tongbao explain`.
#[derive(Debug, Parser)]
pub(crate) struct ExplainArgs {
    /// What is configured as Alipay's public key.
    #[arg(long)]
    pub(crate) alipay_public_key: Option<PathBuf>,
    /// The application's own public key.
    #[arg(long, conflicts_with = "app_private_key")]
    pub(crate) app_public_key: Option<PathBuf>,
    /// The application's private key, whose public half is used.
    #[arg(long)]
    pub(crate) app_private_key: Option<PathBuf>,
    /// The findings as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Return URL, query string, form body, link or JSON; `-` or nothing reads stdin.
    pub(crate) message: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::an_origin;

    #[test]
    fn a_public_address_is_an_origin() {
        for (text, origin) in [
            ("http://localhost:8609", "http://localhost:8609"),
            ("http://localhost:8609/", "http://localhost:8609"),
            ("https://Pay.example.com:443", "https://pay.example.com"),
        ] {
            assert_eq!(an_origin(text).as_deref(), Ok(origin));
        }
        for text in [
            "",
            "localhost:8609",
            "ftp://x",
            "http://x/y",
            "http://x?y",
            "http://u@x",
            "http://",
        ] {
            assert!(an_origin(text).is_err(), "{text}");
        }
    }
}

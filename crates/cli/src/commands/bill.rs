//! `tongbao bill`: fetches a bill, unpacks it, and prints its lines as they are read.

use super::sheet::{Printed, Sheet};
use crate::args::{BillArgs, BillForm};
use crate::exit::Failure;
use crate::gateway::{Desk, now};
use crate::printer::{self, clean};
use alipay::bill::{Bill, BillArchive, BillKind};
use alipay::requests::{BillDownload, BillType};
use alipay::transport::DownloadError;
use anyhow::{Context as _, bail};
use indicatif::ProgressBar;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// A month of a very large merchant is some hundred megabytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// How long fetching may take.
const DOWNLOAD_MS: u64 = 30 * 60 * 1_000;
/// Addresses live for 30 seconds, so a busy moment deserves a second one.
const TRIES: u32 = 2;
/// Unreadable lines that are told one by one.
const MAX_TOLD: u64 = 10;

/// Prints it.
pub(crate) async fn run(args: &BillArgs) -> Result<(), Failure> {
    let zip = match (&args.file, &args.date) {
        (Some(path), _) => {
            File::open(path).with_context(|| format!("`{}` cannot be opened", path.display()))?
        }
        (None, Some(date)) => fetched(args, date).await?,
        (None, None) => return Err(anyhow::anyhow!("give a date or --file").into()),
    };
    let form = if args.gateway.json {
        BillForm::Jsonl
    } else {
        args.format
    };
    let summary = args.summary;
    // On a thread of its own, so that Ctrl-C is heard in the middle of a million lines.
    let printed = tokio::task::spawn_blocking(move || print(zip, form, summary)).await;
    Ok(printed.context("printing broke")??)
}

/// Asks for the bill's address, and fetches what is there.
async fn fetched(args: &BillArgs, date: &str) -> Result<File, Failure> {
    let desk = Desk::open(&args.gateway)?;
    let request = BillDownload {
        smid: args.smid.clone(),
        ..BillDownload::new(BillType::parse(&args.bill_type), date)
    };
    let mut file = match &args.save {
        None => tempfile::tempfile().context("there is no room for temporary files")?,
        Some(path) => File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(path)
            .with_context(|| format!("`{}` cannot be made", path.display()))?,
    };
    let fetched = fetch_into(&desk, &request, &mut file).await;
    if let (Err(_), Some(path)) = (&fetched, &args.save) {
        // Half a file would look like a bill.
        let _ = std::fs::remove_file(path);
    }
    let bytes = fetched?;
    printer::say(format_args!("Fetched {bytes} bytes."));
    Ok(file)
}

async fn fetch_into(desk: &Desk, request: &BillDownload, file: &mut File) -> Result<u64, Failure> {
    let mut tries = 0;
    loop {
        tries += 1;
        let outcome = desk.client.execute(request, now()?).await;
        let found = desk.settle(
            outcome,
            "the same command: asking for a bill changes nothing",
        )?;
        if found.is_empty() {
            printer::say("Nothing moved in that time: the bill has no lines.");
        }
        file.set_len(0)?;
        std::io::Seek::rewind(file)?;
        let bar = progress("fetching");
        let mut sink = Counted {
            inner: file,
            bar: &bar,
        };
        let url = found.bill_download_url.expose();
        let network = desk.network();
        let came = network
            .download(url, &mut sink, MAX_BYTES, DOWNLOAD_MS)
            .await;
        bar.finish_and_clear();
        match came {
            Ok(bytes) => return Ok(bytes),
            Err(DownloadError::Status(_) | DownloadError::Transport(_)) if tries < TRIES => {
                printer::say("The file did not come; asking for a new address.");
            }
            Err(error) => {
                return Err(anyhow::Error::from(error)
                    .context("the bill could not be fetched")
                    .into());
            }
        }
    }
}

/// Counts what goes through.
struct Counted<'a> {
    inner: &'a mut File,
    bar: &'a ProgressBar,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let length = self.inner.write(bytes)?;
        self.bar.inc(u64::try_from(length).unwrap_or(0));
        Ok(length)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// A bar on stderr; nothing when nobody looks there.
fn progress(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::no_length();
    let style = match what {
        "fetching" => "{spinner} fetching: {bytes} ({bytes_per_sec})",
        _ => "{spinner} {pos} lines ({per_sec})",
    };
    if let Ok(style) = indicatif::ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar
}

/// Prints the lines of every file that was asked for. Lines that cannot be read are told, and the
/// others printed all the same.
fn print(zip: File, form: BillForm, summary: bool) -> anyhow::Result<()> {
    let archive = BillArchive::open(zip).context("what came is no bill")?;
    let mut sheet = Sheet::new(form);
    // A bar between the lines of a terminal would be noise.
    let bar = if std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        ProgressBar::hidden()
    } else {
        progress("reading")
    };
    let mut told = Told::default();
    for index in 0..archive.len() {
        let name = clean(archive.name(index)?);
        let bill = archive
            .bill(index)
            .with_context(|| format!("`{name}` is no bill"))?;
        if is_summary(bill.kind(), &name) == summary {
            told.files += 1;
            if read(bill, &name, &mut sheet, &bar, &mut told)? == Printed::NobodyReads {
                return Ok(());
            }
        }
    }
    sheet.end();
    bar.finish_and_clear();
    printer::say(format_args!(
        "{} lines in {} files.",
        told.lines, told.files
    ));
    for total in &told.totals {
        printer::say(total);
    }
    if told.files == 0 {
        let kind = if summary { "sums" } else { "lines" };
        bail!("the ZIP has no file of {kind}; it has: {}", names(&archive));
    }
    if told.unreadable > 0 {
        bail!(
            "{} lines could not be read; what was printed is incomplete",
            told.unreadable
        );
    }
    Ok(())
}

/// What there is to tell at the end.
#[derive(Default)]
struct Told {
    files: u64,
    lines: u64,
    unreadable: u64,
    totals: Vec<String>,
}

fn read<R: Read>(
    mut bill: Bill<R>,
    name: &str,
    sheet: &mut Sheet,
    bar: &ProgressBar,
    told: &mut Told,
) -> anyhow::Result<Printed> {
    sheet.begin(&bill);
    for line in bill.by_ref() {
        match line {
            Ok(line) => {
                told.lines += 1;
                bar.inc(1);
                if sheet.line(&line) == Printed::NobodyReads {
                    return Ok(Printed::NobodyReads);
                }
            }
            Err(
                error @ (alipay::bill::BillError::Cells { .. }
                | alipay::bill::BillError::Cell { .. }
                | alipay::bill::BillError::NotText { .. }),
            ) => {
                told.unreadable += 1;
                if told.unreadable <= MAX_TOLD {
                    printer::say(format_args!("{name}: {error}"));
                }
            }
            Err(error) => {
                sheet.end();
                return Err(anyhow::Error::from(error).context(format!(
                    "`{name}` breaks off; what was printed is incomplete"
                )));
            }
        }
    }
    for total in bill.totals() {
        let amounts = total
            .amounts
            .iter()
            .map(|(name, amount)| format!(" {name} {amount}"));
        let amounts = amounts.collect::<String>();
        told.totals
            .push(clean(&format!("{}: {}{amounts}", total.name, total.count)));
    }
    Ok(Printed::Yes)
}

fn is_summary(kind: BillKind, name: &str) -> bool {
    match kind {
        BillKind::TradeSummary | BillKind::AccountSummary => true,
        BillKind::Trade | BillKind::Account => false,
        _ => Path::new(name).to_string_lossy().contains("汇总"),
    }
}

fn names(archive: &BillArchive<File>) -> String {
    let names = (0..archive.len()).filter_map(|index| archive.name(index).ok());
    clean(&names.collect::<Vec<_>>().join(", "))
}

//! The page about the table of calls: which method was called over which transport, in which mode,
//! by which SDK. It is counted from the table itself, which the step `sdks` walks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

/// `ways.json`: how each SDK calls, and what stands around the table.
#[derive(Deserialize)]
struct Ways {
    #[serde(rename = "ways")]
    all: Vec<Way>,
    groups: BTreeMap<String, Vec<String>>,
    /// Every method that the page has a line for, in reading order.
    methods: Vec<String>,
    cannot: Vec<Cannot>,
}

#[derive(Deserialize)]
struct Way {
    id: String,
    sdk: String,
    transport: String,
    mode: String,
}

/// What an SDK does not do, so that nobody looks for it.
#[derive(Deserialize)]
struct Cannot {
    sdk: String,
    what: String,
    why: String,
}

#[derive(Deserialize)]
struct File {
    about: String,
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
struct Scenario {
    name: String,
    ways: Value,
    steps: Vec<Value>,
}

/// How often something was done, by what and by whom.
type Counts = BTreeMap<(String, String), BTreeMap<String, u64>>;

/// Everything that is counted.
#[derive(Default)]
struct Found {
    /// Rows of the table, and how many calls they are when each SDK has walked them.
    rows: u64,
    walked: BTreeMap<String, u64>,
    /// By method and "transport mode".
    calls: Counts,
    /// By method and "link", "form" or "order string".
    pages: Counts,
    /// By "notice" or "return" and charset.
    messages: Counts,
    refused: BTreeSet<String>,
}

const SDKS: &[(&str, &str)] = &[
    ("P", "python-alipay-sdk"),
    ("A", "alipay-sdk-python"),
    ("N", "alipay-sdk"),
];

/// The page's text.
pub(crate) fn page(root: &Path) -> Result<String> {
    let folder = root.join("tests/sdk/calls");
    let read = |name: &str| -> Result<String> {
        std::fs::read_to_string(folder.join(name)).with_context(|| format!("calls/{name}"))
    };
    let ways: Ways = serde_json::from_str(&read("ways.json")?).context("calls/ways.json")?;
    let mut found = Found::default();
    let mut files = Vec::new();
    for name in files_of(&folder)? {
        let file: File = serde_json::from_str(&read(&name)?).with_context(|| name.clone())?;
        for scenario in &file.scenarios {
            count(&mut found, &ways, scenario)
                .with_context(|| format!("{name}: {}", scenario.name))?;
        }
        files.push((name, file));
    }
    let mut page = String::new();
    write_head(&mut page, &found)?;
    write_calls(&mut page, &ways, &found)?;
    write_others(&mut page, &ways, &found, &files)?;
    Ok(page)
}

fn files_of(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_json = Path::new(&name)
            .extension()
            .is_some_and(|ending| ending == "json");
        if is_json && name != "ways.json" {
            names.insert(name);
        }
    }
    Ok(names)
}

/// The ways in which a scenario is walked.
fn ways_of<'a>(ways: &'a Ways, scenario: &Scenario) -> Result<Vec<&'a Way>> {
    let named = match &scenario.ways {
        Value::String(name) => vec![name.as_str()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut ids = BTreeSet::new();
    for name in named {
        match ways.groups.get(name) {
            Some(group) => ids.extend(group.iter().map(String::as_str)),
            None => {
                ids.insert(name);
            }
        }
    }
    let chosen: Vec<&Way> = ways
        .all
        .iter()
        .filter(|way| ids.contains(way.id.as_str()))
        .collect();
    anyhow::ensure!(
        chosen.len() == ids.len() && !chosen.is_empty(),
        "a way that is none"
    );
    Ok(chosen)
}

fn count(found: &mut Found, ways: &Ways, scenario: &Scenario) -> Result<()> {
    let chosen = ways_of(ways, scenario)?;
    for step in &scenario.steps {
        let text = |name: &str| step.get(name).and_then(Value::as_str);
        let (kind, what, how) = if let Some(method) = text("call") {
            ("call", method, String::new())
        } else if let Some(method) = text("page") {
            let how = if text("by") == Some("POST") {
                "form"
            } else {
                "link"
            };
            ("page", method, how.to_owned())
        } else if let Some(method) = text("string") {
            ("page", method, "order string".to_owned())
        } else if step.get("notice").is_some() || step.get("return").is_some() {
            let what = if step.get("notice").is_some() {
                "notice"
            } else {
                "return"
            };
            ("message", what, String::new())
        } else {
            continue;
        };
        if kind != "message" {
            anyhow::ensure!(
                ways.methods.iter().any(|method| method == what) || what == "alipay.trade.nonsense",
                "ways.json does not list {what}"
            );
            found.rows += 1;
        }
        let not_for = step.get("not_for").and_then(Value::as_array);
        let beyond = step.get("beyond").and_then(Value::as_array);
        let named = |list: Option<&Vec<Value>>, name: &str| {
            list.is_some_and(|list| list.iter().any(|one| one == name))
        };
        for way in chosen.iter().filter(|way| !named(not_for, &way.id)) {
            let (counts, how) = match kind {
                "call" => (&mut found.calls, format!("{} {}", way.transport, way.mode)),
                "page" => (&mut found.pages, how.clone()),
                _ if named(beyond, &way.sdk) => {
                    found.refused.insert(way.sdk.clone());
                    continue;
                }
                _ => (&mut found.messages, way.mode.clone()),
            };
            if kind != "message" {
                *found.walked.entry(way.sdk.clone()).or_default() += 1;
            }
            let by = counts.entry((what.to_owned(), how)).or_default();
            *by.entry(way.sdk.clone()).or_default() += 1;
        }
    }
    Ok(())
}

fn write_head(page: &mut String, found: &Found) -> Result<()> {
    page.push_str(
        "<!-- Generated by `cargo xtask generate` from tests/sdk/calls. -->\n\n# What other people's SDKs have called\n\n\
         `cargo xtask test` starts a sandbox and lets three Alipay SDKs walk the table of calls in\n\
         [tests/sdk/calls](../../tests/sdk/calls/README.md): as published, pinned by their hashes, nothing in them\n\
         changed, configured from `sandbox.json` alone, with their own verification on. Each answer must be what\n\
         Alipay documents. A wrong Alipay key makes each of them refuse the same answers.\n\n",
    );
    writeln!(
        page,
        "The table has {} calls, good and bad. They are made {} times:\n",
        found.rows,
        found.walked.values().sum::<u64>()
    )?;
    for (letter, sdk) in SDKS {
        let times = found.walked.get(*sdk).copied().unwrap_or_default();
        writeln!(page, "- **{letter}**: {sdk}, {times} times")?;
    }
    Ok(())
}

/// `P 3, A 3, N 3`, or a dash.
fn cell(counts: &Counts, what: &str, how: &str) -> String {
    let Some(by) = counts.get(&(what.to_owned(), how.to_owned())) else {
        return "–".to_owned();
    };
    let parts: Vec<String> = SDKS
        .iter()
        .filter_map(|(letter, sdk)| Some(format!("{letter} {}", by.get(*sdk)?)))
        .collect();
    parts.join(", ")
}

fn write_table(
    page: &mut String,
    first: &str,
    columns: &[String],
    rows: &[String],
    counts: &Counts,
) -> Result<()> {
    writeln!(page, "| {first} | {} |", columns.join(" | "))?;
    writeln!(page, "|---|{}", "---|".repeat(columns.len()))?;
    for row in rows {
        let cells: Vec<String> = columns.iter().map(|how| cell(counts, row, how)).collect();
        writeln!(page, "| `{row}` | {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn write_calls(page: &mut String, ways: &Ways, found: &Found) -> Result<()> {
    page.push_str(
        "\n## Calls: method × transport and mode\n\nA number is how many calls of the table that is; a dash, that \
         it is not covered.\nPages and order strings exist in v2 only.\n\n",
    );
    let mut columns: Vec<String> = Vec::new();
    for way in &ways.all {
        let how = format!("{} {}", way.transport, way.mode);
        if !columns.contains(&how) {
            columns.push(how);
        }
    }
    let is_page = |method: &String| found.pages.keys().any(|(name, _)| name == method);
    let (pages, calls): (Vec<String>, Vec<String>) =
        ways.methods.iter().cloned().partition(is_page);
    write_table(page, "method", &columns, &calls, &found.calls)?;
    page.push_str("\n## Pages and texts for the wallet\n\n");
    let columns = ["link", "form", "order string"].map(str::to_owned);
    write_table(page, "method", &columns, &pages, &found.pages)
}

fn write_others(
    page: &mut String,
    ways: &Ways,
    found: &Found,
    files: &[(String, File)],
) -> Result<()> {
    page.push_str(
        "\n## Notices and returns\n\nVerified by the SDK's own function; changed, or with a wrong key, each is refused.\n\n",
    );
    let modes: BTreeSet<String> = found
        .messages
        .keys()
        .map(|(_, mode)| mode.clone())
        .collect();
    let modes: Vec<String> = modes.into_iter().collect();
    let rows = ["notice", "return"].map(str::to_owned);
    write_table(page, "message", &modes, &rows, &found.messages)?;
    page.push_str("\n## What an SDK does not do\n\n");
    for cannot in &ways.cannot {
        writeln!(page, "- {}: {}. {}", cannot.sdk, cannot.what, cannot.why)?;
    }
    page.push_str("\n## The scenarios\n");
    for (name, file) in files {
        writeln!(
            page,
            "\n[{name}](../../tests/sdk/calls/{name}): {}\n",
            file.about
        )?;
        for scenario in &file.scenarios {
            writeln!(page, "- {}", scenario.name)?;
        }
    }
    Ok(())
}

//! Links per second beside the SDKs of others: the same order, the same key, one core, one run.

use std::path::{Path, PathBuf};
use std::process::Command;

use alipay::canonical::verify_request;
use alipay::keys::PrivateKey;
use alipay::sign::SignType;
use alipay::{Charset, Params, form};
use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::crypto::links_per_second;
use crate::report::{Line, grouped};
use crate::say;

/// One SDK: how it is run, and its name.
struct Sdk {
    name: &'static str,
    from: &'static str,
    program: PathBuf,
    script: PathBuf,
}

/// What a script counted.
#[derive(Deserialize)]
struct Counted {
    version: String,
    runtime: String,
    made: u64,
    took_us: u64,
    link: String,
}

/// Where the SDKs are installed.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct SdkArguments {
    /// The folder of the scripts `speed_*.py`.
    #[arg(long = "sdk-scripts")]
    pub(crate) scripts: Option<PathBuf>,
    /// The folder with a virtual environment for each Python SDK.
    #[arg(long = "sdk-venvs")]
    pub(crate) venvs: Option<PathBuf>,
    /// The folder with `node_modules`, and the Node script in `sdk`.
    #[arg(long = "sdk-node")]
    pub(crate) node: Option<PathBuf>,
}

/// A row for each SDK.
pub(crate) fn rows(arguments: &SdkArguments, seconds: u64) -> Result<Vec<Line>> {
    let place = tempfile::tempdir()?;
    let (app, alipay) = (PrivateKey::generate(2048)?, PrivateKey::generate(2048)?);
    let app_file = place.path().join("app_private_key.pem");
    let alipay_file = place.path().join("alipay_public_key.pem");
    std::fs::write(&app_file, app.to_pkcs1_pem().as_str())?;
    std::fs::write(&alipay_file, alipay.public_key().to_pem())?;
    let mut lines = Vec::new();
    for sdk in sdks(arguments)? {
        say(&format!("  links per second: {} …", sdk.name));
        // Ours before and after, so that a busy moment of the machine hits both.
        let half = (seconds / 2).max(1);
        let before = links_per_second(&app, half)?;
        let counted = counted(&sdk, &app_file, &alipay_file, seconds)?;
        let after = links_per_second(&app, half)?;
        check(&counted.link, &app).with_context(|| format!("the link of {}", sdk.name))?;
        let ours = u64::midpoint(before, after);
        let theirs = counted.made.saturating_mul(1_000_000) / counted.took_us.max(1);
        lines.push(Line {
            what: "sign a page-pay link, one core, from its fields to the address".to_owned(),
            ours,
            limit: theirs,
            limit_is: format!(
                "{} {} ({}), {}",
                sdk.name, counted.version, sdk.from, counted.runtime
            ),
            per_mille: ours.saturating_mul(1_000) / theirs.max(1),
            target_per_mille: 1_000,
            beside: format!("{} links, the last one verified", grouped(counted.made)),
        });
    }
    Ok(lines)
}

fn sdks(arguments: &SdkArguments) -> Result<Vec<Sdk>> {
    let (Some(scripts), Some(venvs), Some(node)) =
        (&arguments.scripts, &arguments.venvs, &arguments.node)
    else {
        anyhow::bail!("--sdk-scripts, --sdk-venvs and --sdk-node say where the other SDKs are");
    };
    let python = |name: &'static str, script: &str| Sdk {
        name,
        from: "PyPI",
        program: venvs.join(name).join("bin/python"),
        script: scripts.join(script),
    };
    Ok(vec![
        python("python-alipay-sdk", "speed_python_alipay_sdk.py"),
        python("alipay-sdk-python", "speed_alipay_sdk_python.py"),
        Sdk {
            name: "alipay-sdk",
            from: "npm",
            program: PathBuf::from("node"),
            script: node.join("sdk/speed_alipay_sdk.mjs"),
        },
    ])
}

fn counted(sdk: &Sdk, app: &Path, alipay: &Path, seconds: u64) -> Result<Counted> {
    let mut command = Command::new(&sdk.program);
    if sdk.from == "PyPI" {
        command.arg("-B");
    }
    let output = command
        .arg(&sdk.script)
        .args([app, alipay])
        .arg(seconds.to_string())
        .output()
        .with_context(|| format!("cannot run {}", sdk.program.display()))?;
    ensure!(
        output.status.success(),
        "{} broke: {}",
        sdk.name,
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).with_context(|| format!("{} counted nothing", sdk.name))
}

/// A rate counts for nothing when what it made is not a signed link of this very order.
fn check(link: &str, key: &PrivateKey) -> Result<()> {
    let (_, query) = link.split_once('?').context("it has no query")?;
    let params: Params = form::decode(query.as_bytes(), Charset::Utf8)?;
    verify_request(&params, key.public_key(), SignType::Rsa2, Charset::Utf8)?;
    let content: Value = serde_json::from_str(params.get("biz_content").unwrap_or_default())?;
    for (name, value) in [
        ("out_trade_no", crate::crypto::NUMBER),
        ("subject", crate::crypto::SUBJECT),
        ("total_amount", "39.00"),
    ] {
        ensure!(content[name] == value, "its {name} is {}", content[name]);
    }
    for name in ["return_url", "notify_url", "timestamp", "sign"] {
        ensure!(params.non_empty(name).is_some(), "it has no {name}");
    }
    Ok(())
}

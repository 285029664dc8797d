//! The guide to the command line, run by a shell that finds this build under the name `tongbao`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::blocks;
use crate::command::Tool;
use crate::context::Context;
use crate::demo::free_port_base;

/// The guide's own address.
const ADDRESS: &str = "127.0.0.1:8609";

/// Its first piece from the sandbox's start to the refund, and what else needs no person. Hands back
/// how many pieces ran, and how many lines of others.
pub(super) fn run(context: &Context, folder: &Path) -> Result<(u64, u64)> {
    let bin = folder.join("bin");
    std::fs::create_dir_all(&bin)?;
    let binary = std::path::absolute(context.binary())?;
    std::os::unix::fs::symlink(binary, bin.join("tongbao"))?;
    let path = std::env::var_os("PATH").context("PATH says where programs are")?;
    let path = format!("{}:{}", bin.display(), path.to_string_lossy());

    let guide = blocks::read(&context.root.join("docs/guide/command-line.md"))?;
    let pieces: Vec<&str> = guide
        .iter()
        .filter(|block| block.language == "sh")
        .map(|block| block.text.as_str())
        .collect();
    let first = pieces
        .iter()
        .find(|piece| piece.contains("tongbao sandbox"));
    let first = first.context("the guide starts no sandbox")?;
    let lines: Vec<&str> = pieces
        .iter()
        .flat_map(|piece| piece.lines())
        .filter(|line| !first.contains(*line) && needs_nobody(line))
        .collect();
    if lines.len() < 6 {
        bail!("the guide has only {} lines that can be run", lines.len());
    }

    let port = free_port_base(11)?;
    let address = format!("127.0.0.1:{port}");
    let first = first.replace(ADDRESS, &address).replace(
        "tongbao sandbox --data tongbao-data",
        &format!("tongbao sandbox --data tongbao-data --listen {address}"),
    );
    let script = format!(
        "set -eu\ntrap 'kill $!' EXIT\n{first}\n{}\n{}\n",
        prepared(),
        lines.join("\n")
    );
    std::fs::write(folder.join("guide.sh"), script)?;
    let said = Tool::new("sh")
        .arg("guide.sh")
        .env("PATH", path)
        .in_folder(folder)
        .run(&context.log("guide-shell"))?;
    for wanted in ["TRADE_SUCCESS", "REFUND_SUCCESS", "gateway.do?"] {
        if !said.contains(wanted) {
            bail!("the guide's commands never said `{wanted}`:\n{said}");
        }
    }
    Ok((1, u64::try_from(lines.len())?))
}

/// The files that the guide's other lines speak of.
fn prepared() -> String {
    let order = serde_json::json!({
        "out_trade_no": "G1", "total_amount": "1.00", "subject": "x", "buyer_id": "BUYER",
    });
    let script = format!(
        "python3 - <<'END'\n\
         import json\n\
         box = json.load(open('tongbao-data/sandbox/sandbox.json'))\n\
         order = '''{order}'''.replace('BUYER', box['buyer']['user_id'])\n\
         open('order.json', 'w').write(order)\n\
         keys = {{name: 'tongbao-data/sandbox/' + box['keys'][name] for name in box['keys']}}\n\
         open('alipay.toml', 'w').write(f'''app_id = \"{{box[\"app_id\"]}}\"\n\
         gateway_url = \"{{box[\"gateway_url\"]}}\"\n\
         app_private_key = \"{{keys[\"app_private_key\"]}}\"\n\
         alipay_public_key = \"{{keys[\"alipay_public_key\"]}}\"\n''')\n\
         END"
    );
    script
}

/// Lines with a barcode wait for a person, and lines with a day for a bill of that day.
fn needs_nobody(line: &str) -> bool {
    let runs = line.starts_with("tongbao ") || line.starts_with("echo ");
    runs && !line.contains("barcode") && !line.contains("tongbao bill")
}

/// The link or text that a program printed last.
pub(super) fn last_line(said: &str) -> &str {
    said.lines()
        .rev()
        .find(|line| !line.is_empty())
        .unwrap_or_default()
        .trim()
}

/// A member of an answer, as text.
pub(super) fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_default()
}

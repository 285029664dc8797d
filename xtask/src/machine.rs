//! What a machine needs for the chores, and the one place that installs it.
//!
//! As root on a Debian it installs by itself and says what. Anywhere else it says what is missing
//! and how to get it, and stops: nobody's machine is changed behind their back.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::command::{Tool, find};
use crate::context::Context;
use crate::plan::{Tally, say};

/// One thing that must be there.
struct Need {
    what: &'static str,
    debian: &'static str,
    mac: &'static str,
    here: fn() -> bool,
}

const CHROMIUM: Need = Need {
    what: "Chromium",
    debian: "chromium",
    mac: "brew install --cask chromium",
    here: || chromium().is_some(),
};
const FONTS: Need = Need {
    what: "a font with Chinese characters",
    debian: "fonts-noto-cjk fontconfig",
    mac: "(part of macOS)",
    here: || cfg!(target_os = "macos") || has_chinese_font(),
};
const POSTGRES: Need = Need {
    what: "PostgreSQL's server",
    debian: "postgresql",
    mac: "brew install postgresql@17",
    here: || postgres_bin().is_some(),
};
const NODE: Need = Need {
    what: "Node.js 18 or newer with npm",
    debian: "nodejs npm",
    mac: "brew install node",
    here: || find("node").is_some() && find("npm").is_some(),
};
const PYTHON: Need = Need {
    what: "Python 3.9 or newer with venv",
    debian: "python3 python3-venv python3-pip",
    mac: "brew install python",
    here: || python().is_some(),
};
const OPENSSL: Need = Need {
    what: "openssl's command",
    debian: "openssl",
    mac: "brew install openssl",
    here: || find("openssl").is_some(),
};

/// The step before the tests.
pub(crate) fn for_tests(context: &Context) -> Result<Tally> {
    provide(context, &[POSTGRES, CHROMIUM, FONTS, NODE, PYTHON])
}

/// The step before the measurements.
pub(crate) fn for_bench(context: &Context) -> Result<Tally> {
    provide(context, &[POSTGRES, OPENSSL, NODE, PYTHON])
}

/// Are we root?
pub(crate) fn is_root() -> Result<bool> {
    Ok(Tool::new("id").arg("-u").read()?.trim() == "0")
}

/// The folder with `initdb`: on the path, or where Debian and Homebrew put it; the newest wins.
pub(crate) fn postgres_bin() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for parent in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
        for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
            let bin = entry.path().join("bin");
            let name = entry.file_name().to_string_lossy().into_owned();
            let version = name.trim_start_matches("postgresql@").parse().unwrap_or(0);
            if bin.join("initdb").is_file() {
                found.push((version, bin));
            }
        }
    }
    found.sort();
    let newest = found.pop().map(|(_, bin)| bin);
    newest.or_else(|| find("initdb").and_then(|file| file.parent().map(PathBuf::from)))
}

/// The browser.
pub(crate) fn chromium() -> Option<PathBuf> {
    let on_path = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(find);
    let apps = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    on_path.or_else(|| {
        apps.into_iter()
            .map(PathBuf::from)
            .find(|file| file.is_file())
    })
}

/// A Python that can make virtual environments.
pub(crate) fn python() -> Option<PathBuf> {
    let usable = |python: &PathBuf| {
        Tool::new(python)
            .args(["-c", "import venv, ensurepip"])
            .read()
            .is_ok()
    };
    let on_path = find("python3").filter(usable);
    on_path.or_else(|| {
        Some(PathBuf::from("/usr/bin/python3"))
            .filter(|file| file.is_file())
            .filter(usable)
    })
}

fn has_chinese_font() -> bool {
    let list = Tool::new("fc-list").args([":lang=zh-cn", "family"]).read();
    list.is_ok_and(|families| !families.trim().is_empty())
}

fn provide(context: &Context, needs: &[Need]) -> Result<Tally> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.here)()).collect();
    if missing.is_empty() {
        return Ok(Tally::held().note("nothing to install"));
    }
    let words: Vec<&str> = missing.iter().map(|need| need.what).collect();
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| need.debian.split(' '))
        .collect();
    if find("apt-get").is_none() || !is_root()? {
        let list = words.join(", ");
        if cfg!(target_os = "macos") {
            let ways: Vec<&str> = missing.iter().map(|need| need.mac).collect();
            bail!(
                "this machine lacks {list}. Install it with:\n  {}",
                ways.join("\n  ")
            );
        }
        bail!(
            "this machine lacks {list}. On Debian or Ubuntu:\n  sudo apt-get install {}",
            packages.join(" ")
        );
    }
    say(&format!(
        "    installing {} (apt-get install {})",
        words.join(", "),
        packages.join(" ")
    ));
    apt(context, &["update"]).context("cannot refresh the list of packages")?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(&packages);
    apt(context, &arguments)?;
    let still: Vec<&str> = missing
        .iter()
        .filter(|need| !(need.here)())
        .map(|need| need.what)
        .collect();
    if !still.is_empty() {
        bail!(
            "{} did not come with the packages {}",
            still.join(", "),
            packages.join(" ")
        );
    }
    Ok(Tally::held().note(format!("installed {}", packages.join(" "))))
}

fn apt(context: &Context, arguments: &[&str]) -> Result<()> {
    Tool::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run(&context.log("machine"))
        .map(drop)
}

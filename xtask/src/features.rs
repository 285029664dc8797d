//! The SDK as others get it: with any of its features, with few crates under it, as a package.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::context::Context;
use crate::plan::Tally;

/// With nothing, with each feature alone, with those that have code in common, with everything.
const COMBINATIONS: [&str; 14] = [
    "",
    "axum",
    "bill",
    "blocking",
    "cert",
    "client",
    "explain",
    "rsa1",
    "test",
    "bill,client",
    "blocking,cert,rsa1",
    "axum,cert,client",
    "explain,rsa1,test",
    "axum,bill,blocking,cert,client,explain,rsa1,test",
];
/// The workspace's own profile, for packages that stand outside of it: what they have in common with
/// it, the C of the crypto library above all, is compiled once.
const PROFILE: [&str; 8] = [
    "--config",
    "profile.dev.debug='line-tables-only'",
    "--config",
    "profile.dev.package.'*'.debug=false",
    "--config",
    "profile.dev.package.aws-lc-sys.opt-level=3",
    "--config",
    "profile.dev.package.crypto-bigint.opt-level=3",
];
/// How many crates the SDK's core may consist of, itself among them.
const MAX_CRATES: usize = 25;

/// Every combination compiles without a warning, the core is small, and the packages build.
pub(crate) fn run(context: &Context) -> Result<Tally> {
    let mut tally = Tally::default();
    for features in COMBINATIONS {
        context
            .cargo()
            .args(["clippy", "--locked", "--package", "tongbao-alipay", "--lib"])
            .args(["--no-default-features", "--features", features])
            .args(["--", "-D", "warnings"])
            .in_folder(&context.root)
            .run(&context.log("features"))?;
        tally.add(Tally::held());
    }
    context
        .cargo()
        .args(["doc", "--locked", "--no-deps", "--all-features"])
        .args(["--package", "tongbao-money", "--package", "tongbao-alipay"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .in_folder(&context.root)
        .run(&context.log("features-doc"))?;
    tally.add(Tally::held());
    // A package of its own, with a lock file of its own.
    context
        .cargo()
        .args(PROFILE)
        .args(["test", "--locked", "--manifest-path"])
        .arg("crates/alipay/examples-actix/Cargo.toml")
        .arg("--target-dir")
        .arg(&context.target)
        .in_folder(&context.root)
        .run(&context.log("actix"))?;
    tally.add(Tally::held().note("the example for actix-web answers as it should"));
    tally.add(core(context)?);
    tally.add(packages(context)?);
    Ok(tally)
}

/// Prints what the core consists of, and counts it.
fn core(context: &Context) -> Result<Tally> {
    let text = context
        .cargo()
        .args(["tree", "--locked", "--package", "tongbao-alipay"])
        .args(["--no-default-features", "--edges", "normal"])
        .args(["--prefix", "none", "--format", "{p}"])
        .in_folder(&context.root)
        .read()?;
    let crates = names(&text);
    let list = crates.iter().copied().collect::<Vec<_>>().join(", ");
    let count = crates.len();
    let mut tally = Tally::default().note(format!(
        "the SDK's core is {count} crates, at most {MAX_CRATES}: {list}"
    ));
    if count <= MAX_CRATES {
        tally.passed = 1;
    } else {
        tally.failed = 1;
    }
    Ok(tally)
}

/// The packages that others can have build from what is in them.
fn packages(context: &Context) -> Result<Tally> {
    context
        .cargo()
        .args(PROFILE)
        .args(["package", "--locked", "--allow-dirty"])
        .args(["--package", "tongbao-money", "--package", "tongbao-alipay"])
        .in_folder(&context.root)
        .run(&context.log("package"))?;
    Ok(Tally::held().note("tongbao-money and tongbao-alipay build as packages"))
}

/// Each name with its version once, in the order of the alphabet.
fn names(tree: &str) -> BTreeSet<&str> {
    tree.lines()
        .map(|line| line.split(" (").next().unwrap_or(line).trim())
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_stands_twice_counts_once() {
        let tree = "a v1.0.0 (/a)\nb v2.0.0\nc v1.0.0 (proc-macro)\nb v2.0.0 (*)\n\n";
        let found = names(tree).into_iter().collect::<Vec<_>>();
        assert_eq!(found, ["a v1.0.0", "b v2.0.0", "c v1.0.0"]);
    }
}

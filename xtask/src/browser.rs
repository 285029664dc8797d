//! A person's journeys through the demo, in a real browser, with a picture of every step.

use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::command::Tool;
use crate::context::Context;
use crate::demo::{Demo, DemoSpec, free_port_base};
use crate::machine;
use crate::plan::Tally;
use crate::sdks::{checked, install_node_packages};

/// The step.
pub(crate) fn run(context: &Context) -> Result<Tally> {
    let node = install_node_packages(context)?;
    let chromium = machine::chromium().context("no Chromium was found")?;
    let screenshots = context.fresh_folder("screenshots")?;
    let spec = DemoSpec {
        binary: context.binary(),
        data: context.fresh_folder("browser-data")?,
        port_base: free_port_base(context.options.seed)?,
        database: None,
        log: context.log("browser-demo"),
    };
    let demo = Demo::start(&spec)?;
    let tool = Tool::new("node")
        .arg(node.join("browser/journeys.mjs"))
        .env("TONGBAO_COURSES", &demo.courses)
        .env("TONGBAO_SANDBOX", &demo.sandbox)
        .env("TONGBAO_MERCHANT", &demo.merchant)
        .env("TONGBAO_SCREENSHOTS", &screenshots)
        .env("TONGBAO_CHROMIUM", chromium);
    let mut tally = checked(context, "browser", "journeys", tool)?;
    tally.add(second_start(demo, &spec)?);
    Ok(tally.note(format!("screenshots in {}", context.short(&screenshots))))
}

/// Ctrl-C stops in time, and a second start still knows the trades.
fn second_start(demo: Demo, spec: &DemoSpec) -> Result<Tally> {
    let web = crate::http::Web::new();
    let trades = |demo: &Demo| {
        web.get(&format!("{}/sandbox/v1/trades", demo.sandbox), None)?
            .good()
    };
    let before = trades(&demo)?;
    let took = demo.stop()?;
    let again = Demo::start(spec)?;
    let same = trades(&again)?["trades"] == before["trades"];
    let stopped = again.stop()?;
    let slow = took.max(stopped) > Duration::from_secs(4);
    let mut tally = Tally::held().note(format!(
        "Ctrl-C stopped the demo in {} ms",
        took.as_millis()
    ));
    if same {
        tally.passed = tally.passed.saturating_add(1);
    } else {
        tally.failed = 1;
        tally
            .notes
            .push("not ok a second start does not show the same trades".to_owned());
    }
    Ok(if slow {
        tally.note("stopping takes nearly all of its 5 s")
    } else {
        tally
    })
}

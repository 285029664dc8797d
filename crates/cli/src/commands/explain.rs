//! `tongbao explain`: the sign doctor.

use super::keys;
use crate::args::ExplainArgs;
use crate::exit::Failure;
use crate::{input, printer};
use alipay::explain::{Cause, Explanation, Keys, explain};
use serde_json::json;

/// Says whether the message verifies; exit 1 when there is a cause why not.
pub(crate) fn run(args: &ExplainArgs) -> Result<(), Failure> {
    let alipay = args
        .alipay_public_key
        .as_deref()
        .map(keys::public)
        .transpose()?;
    let app = match (&args.app_public_key, &args.app_private_key) {
        (Some(file), _) => Some(keys::public(file)?),
        (None, Some(file)) => Some(keys::private(file)?.public_key().clone()),
        (None, None) => None,
    };
    let message = input::message(args.message.as_deref())?;
    let text = String::from_utf8_lossy(&message);
    let found = explain(
        &text,
        Keys {
            alipay: alipay.as_ref(),
            app: app.as_ref(),
        },
    );
    if args.json {
        printer::json(&json!({
            "verifies": found.verifies,
            "cause": found.cause().map(Cause::as_str),
            "fix": (!found.causes.is_empty()).then(|| found.fix()),
            "signed_text": found.signed_text,
            "causes": found.causes.iter().map(Cause::as_str).collect::<Vec<_>>(),
            "really_signed": found.really_signed,
        }));
    } else {
        tell(&found);
    }
    match found.cause() {
        None => Ok(()),
        Some(cause) => Err(Failure::refused(format!(
            "the message does not verify: {cause}"
        ))),
    }
}

fn tell(found: &Explanation) {
    if found.verifies {
        printer::data("The signature holds.");
    }
    for cause in &found.causes {
        printer::data(format!("{}: {cause}", cause.as_str()));
        printer::data(format!("  mend: {}", cause.fix()));
    }
    if let Some(text) = &found.signed_text {
        printer::data(format!("The signature should cover:\n{text}"));
    }
    if let Some(text) = &found.really_signed {
        printer::data(format!("It was made over:\n{text}"));
    }
}

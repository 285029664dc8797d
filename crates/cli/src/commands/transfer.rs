//! `tongbao transfer`: sends money, once for each number, and says whether it arrived.

use crate::args::TransferArgs;
use crate::exit::{Failure, Told};
use crate::gateway::{Desk, now};
use alipay::answers::TransferStatus;
use alipay::requests::{IdentityType, Participant, Transfer, TransferQuery};
use alipay::{Answered, Outcome};
use serde_json::{Value, json};

/// Sends it, or asks.
pub(crate) async fn run(args: &TransferArgs) -> Result<(), Failure> {
    let desk = Desk::open(&args.gateway)?;
    let ask = format!("tongbao transfer --ask --out-biz-no {}", args.out_biz_no);
    let (Some(amount), Some(title)) = (args.amount, &args.title) else {
        return asked(&desk, args, &ask).await;
    };
    let request = Transfer {
        remark: args.remark.clone(),
        ..Transfer::to_account(&args.out_biz_no, amount, payee(args), title)
    };
    let outcome = desk.client.execute(&request, now()?).await;
    if let Outcome::Unknown(unknown) = &outcome
        && !unknown.certainly_not_sent()
    {
        desk.say(format_args!("No clear answer ({}); asking.", unknown.why));
        return asked(&desk, args, &ask).await;
    }
    let sent = desk.settle(outcome, &ask)?;
    told(&desk, &sent.status, &sent.node, &ask)
}

fn payee(args: &TransferArgs) -> Participant {
    let mut payee = match (&args.to_user, &args.to_login, &args.to_open_id) {
        (Some(user), _, _) => Participant::user(user),
        (None, None, Some(open_id)) => Participant::open_id(open_id),
        (None, login, _) => Participant {
            identity: login.clone().unwrap_or_default(),
            identity_type: Some(IdentityType::LogonId),
            ..Participant::default()
        },
    };
    payee.name.clone_from(&args.name);
    payee
}

async fn asked(desk: &Desk, args: &TransferArgs, ask: &str) -> Result<(), Failure> {
    let request = TransferQuery::to_account(&args.out_biz_no);
    let outcome = desk.client.execute(&request, now()?).await;
    // A transfer may have been sent before this question, so even a question that was not sent
    // leaves it unknown.
    let found = match outcome {
        Outcome::Unknown(unknown) if !args.ask => {
            return Err(crate::gateway::nobody_knows(&unknown, ask));
        }
        Outcome::Refused(no) if !args.ask => return Err(unfound(&no.to_string(), ask)),
        outcome => desk.settle(outcome, ask)?,
    };
    told(desk, &found.status, &found.node, ask)
}

/// The transfer was sent without a clear answer, and asking about it is refused: it may only not
/// have arrived there yet.
fn unfound(why: &str, ask: &str) -> Failure {
    Failure::Told(Box::new(Told {
        refused: false,
        words: vec![
            format!(
                "unknown: nobody knows what came of it; asking was refused: {}",
                crate::printer::clean(why)
            ),
            format!("  ask later with: {ask}"),
            "  or repeat the transfer with the same --out-biz-no; a new number could send twice"
                .to_owned(),
        ],
        json: json!({"outcome": "unknown", "why": why, "ask": ask}),
    }))
}

fn told(desk: &Desk, status: &TransferStatus, node: &Answered, ask: &str) -> Result<(), Failure> {
    let (refused, words) = match status {
        TransferStatus::Success => {
            desk.show_with(node, &[("arrived", true.into())]);
            desk.say("It arrived. Sent to a bank card, it may still come back.");
            return Ok(());
        }
        TransferStatus::Fail => (true, "failed: nothing moved"),
        TransferStatus::Closed => (true, "closed: nobody paid it in time"),
        TransferStatus::Refund => (true, "it came back: the payee's side refused it"),
        _ => (false, "unknown: it is under way"),
    };
    let outcome = if refused { "refused" } else { "unknown" };
    let reason = node.text("fail_reason").or_else(|| node.text("error_code"));
    let mut lines = vec![match reason {
        Some(reason) => format!("{words} ({})", crate::printer::clean(reason)),
        None => words.to_owned(),
    }];
    if !refused {
        lines.push(format!("  ask later with: {ask}"));
    }
    if !desk.json {
        crate::printer::field("status", status.as_str());
    }
    Err(Failure::Told(Box::new(Told {
        refused,
        words: lines,
        json: json!({"outcome": outcome, "status": status.as_str(), "ask": ask, "answer": Value::Object(node.fields.clone())}),
    })))
}

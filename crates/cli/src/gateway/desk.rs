//! Where calls are made and their endings told: done, refused, or unknown, each by its own words.

use super::advice::advice;
use super::connect;
use super::heard::Heard;
use crate::args::GatewayArgs;
use crate::exit::{Failure, Told};
use crate::printer::{self, clean};
use alipay::transport::HttpTransport;
use alipay::{Answered, Client, Gateway, Outcome, Refusal, RefusedBy, Unknown, Why};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A client, and how its caller wants to be told.
pub(crate) struct Desk {
    /// Calls the gateway.
    pub(crate) client: Client,
    /// Prints JSON.
    pub(crate) json: bool,
    heard: Arc<Heard>,
}

impl Desk {
    /// Reads what is configured.
    ///
    /// # Errors
    /// When something is missing or not what it should be.
    pub(crate) fn open(args: &GatewayArgs) -> Result<Self, Failure> {
        let (client, heard) = connect::client(args)?;
        Ok(Self {
            client,
            json: args.json,
            heard,
        })
    }

    /// The network itself, for files.
    pub(crate) fn network(&self) -> &HttpTransport {
        self.heard.network()
    }

    /// What was done, or the ending that it has instead. `ask` is the command that finds out about
    /// an unknown one.
    ///
    /// # Errors
    /// When it was refused, or nobody knows.
    pub(crate) fn settle<T>(&self, outcome: Outcome<T>, ask: &str) -> Result<T, Failure> {
        match outcome {
            Outcome::Done(done) => Ok(done),
            Outcome::Refused(refusal) => Err(self.refused(&refusal)),
            Outcome::Unknown(unknown) => Err(self.unknown(&unknown, ask)),
        }
    }

    /// Prints an answer: every field for a person, all of it for a program.
    pub(crate) fn show(&self, answer: &Answered) {
        self.show_with(answer, &[]);
    }

    /// The same with more members in front of the answer, for a program.
    pub(crate) fn show_with(&self, answer: &Answered, more: &[(&str, Value)]) {
        if self.json {
            let mut object = done(more);
            object.insert("answer".to_owned(), Value::Object(answer.fields.clone()));
            printer::json(&Value::Object(object));
            return;
        }
        for (name, value) in &answer.fields {
            match value {
                _ if matches!(name.as_str(), "code" | "msg") => {}
                Value::String(text) => printer::field(name, text),
                other => printer::field(name, &other.to_string()),
            }
        }
    }

    /// Prints the one thing that was made without asking anybody, or these members for a program.
    pub(crate) fn hand_out(&self, text: &str, members: &[(&str, Value)]) {
        if self.json {
            printer::json(&Value::Object(done(members)));
        } else {
            printer::data(text);
        }
    }

    /// A word to the person, unless a program is listening.
    pub(crate) fn say(&self, words: impl std::fmt::Display) {
        if !self.json {
            printer::say(words);
        }
    }

    /// A no.
    pub(crate) fn refused(&self, no: &Refusal) -> Failure {
        if no.by == RefusedBy::Ourselves {
            return not_made(&no.sub_msg);
        }
        let meaning = no.explain().map(|known| known.meaning);
        let advice = advice(no);
        let explained = self.heard.explained();
        let signed = no.by == RefusedBy::Alipay;
        let mut words = vec![format!(
            "refused: {} {} {} {}",
            clean(&no.code),
            clean(no.msg.trim()),
            clean(&no.sub_code),
            clean(&no.sub_msg)
        )];
        if let Some(meaning) = meaning {
            words.push(format!("  it means: {meaning}"));
        }
        if let Some(explained) = &explained {
            words.push(format!("  the sandbox explains: {}", clean(explained)));
        }
        words.push(format!("  what to do: {advice}"));
        if !signed {
            words.push(match self.client.gateway() {
                Gateway::V2 => "  (unsigned, as the gateway answers before it knows the caller; it moved no money)",
                Gateway::V3 => "  (unsigned, as refusals of v3 are; believe it as far as you trust the connection)",
            }.to_owned());
        }
        Failure::Told(Box::new(Told {
            refused: true,
            words,
            json: json!({
                "outcome": "refused", "code": no.code, "msg": no.msg, "sub_code": no.sub_code,
                "sub_msg": no.sub_msg, "meaning": meaning, "advice": advice,
                "explained": explained, "signed": signed,
            }),
        }))
    }

    /// Nobody knows; or, when it certainly was not sent, nothing happened.
    pub(crate) fn unknown(&self, unknown: &Unknown, ask: &str) -> Failure {
        if unknown.certainly_not_sent() {
            return self.not_sent(unknown);
        }
        nobody_knows(unknown, ask)
    }

    fn not_sent(&self, unknown: &Unknown) -> Failure {
        let gateway = address(&self.client.app().gateway_url).to_owned();
        let why = clean(&unknown.why.to_string());
        Failure::Told(Box::new(Told {
            refused: false,
            words: vec![
                format!("not sent: the gateway {gateway} cannot be reached: {why}"),
                "  nothing happened; check the address and the network, and call again".to_owned(),
            ],
            json: json!({"outcome": "not-sent", "gateway": gateway, "why": why}),
        }))
    }
}

/// Nobody knows, whatever became of the last question: something was sent before it.
pub(crate) fn nobody_knows(unknown: &Unknown, ask: &str) -> Failure {
    let why = clean(&unknown.why.to_string());
    let mut words = vec![
        format!("unknown: nobody knows what came of it: {why}"),
        format!("  it may have happened or not; ask with: {ask}"),
    ];
    let hint = hint(&unknown.why);
    words.extend(hint.map(|hint| format!("  {hint}")));
    let busy = match &unknown.why {
        Why::Busy(refusal) => json!({
            "code": refusal.code, "msg": refusal.msg, "sub_code": refusal.sub_code, "sub_msg": refusal.sub_msg,
        }),
        _ => Value::Null,
    };
    Failure::Told(Box::new(Told {
        refused: false,
        words,
        json: json!({
            "outcome": "unknown", "why": unknown.why.to_string(), "said": busy, "hint": hint, "ask": ask,
        }),
    }))
}

/// A request that breaks a rule of Alipay's.
pub(crate) fn not_made(why: impl std::fmt::Display) -> Failure {
    let why = why.to_string();
    Failure::Told(Box::new(Told {
        refused: false,
        words: vec![format!("error: {why}"), "  nothing was sent".to_owned()],
        json: json!({"outcome": "invalid", "error": why}),
    }))
}

fn done(members: &[(&str, Value)]) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("outcome".to_owned(), "done".into());
    for (name, value) in members {
        object.insert((*name).to_owned(), value.clone());
    }
    object
}

/// What is configured wrongly, when an answer came and cannot be believed.
fn hint(why: &Why) -> Option<&'static str> {
    match why {
        Why::Signature(_) => Some(
            "the answer does not verify: alipay_public_key is not the key that this gateway signs with; copy Alipay's key of this very application from its console",
        ),
        Why::Unsigned => Some(
            "an unsigned answer proves nothing: something stands between, or the application has no key at Alipay",
        ),
        Why::UnknownCert(_) => {
            Some("check alipay_cert: the gateway signs with another certificate")
        }
        Why::Content(_) => {
            Some("check content_key: it is not the AES key of this application's console")
        }
        Why::Status(_) | Why::Malformed(_) => {
            Some("that was no gateway: check the address, which ends with /gateway.do, and proxies")
        }
        Why::Busy(_) => Some("Alipay itself does not know; ask again in some seconds"),
        _ => None,
    }
}

/// An address without its query.
fn address(url: &str) -> &str {
    url.split_once('?').map_or(url, |(address, _)| address)
}

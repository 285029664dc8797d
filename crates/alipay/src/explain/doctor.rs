//! The examination itself: the signature, then whose it is, then the text.

use super::{
    Cause, Input, Kind, answer,
    message::Candidate,
    open::{self, Digest},
    remedies, signature,
};
use crate::{Charset, Params, keys::PublicKey, response, sign::SignType};

/// The keys at hand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys<'a> {
    /// What is configured as Alipay's public key.
    pub alipay: Option<&'a PublicKey>,
    /// What is configured as the application's own public key (or the public half of its private
    /// key).
    pub app: Option<&'a PublicKey>,
}

impl<'a> Keys<'a> {
    /// The key that verifies this kind, and the other one.
    fn of(self, kind: Kind) -> (Option<&'a PublicKey>, Option<&'a PublicKey>) {
        match kind {
            Kind::Request => (self.app, self.alipay),
            Kind::Notice | Kind::Return | Kind::Answer => (self.alipay, self.app),
        }
    }
}

/// What the doctor found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Explanation {
    /// Whether the message verifies as it is, with the key that belongs to its kind.
    pub verifies: bool,
    /// What the message is, when it could be read.
    pub kind: Option<Kind>,
    /// Everything that is wrong, the first the most telling; empty when it verifies.
    pub causes: Vec<Cause>,
    /// The text that its signature should cover, when the message could be read.
    pub signed_text: Option<String>,
    /// The text that was really signed, when it was found and is another one.
    pub really_signed: Option<String>,
}

impl Explanation {
    /// The first cause.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.causes.first()
    }

    /// What to change, all of it.
    #[must_use]
    pub fn fix(&self) -> String {
        let fixes = self.causes.iter().map(Cause::fix).collect::<Vec<_>>();
        fixes.join("; ")
    }

    fn ill(kind: Option<Kind>, signed_text: Option<String>, cause: Cause) -> Self {
        Self {
            verifies: false,
            kind,
            causes: vec![cause],
            signed_text,
            really_signed: None,
        }
    }
}

/// Says whether a pasted message verifies, and if not, why.
///
/// Takes a request (link, query or JSON object of parameters), a notice's body, a return's address
/// or an answer.
#[must_use]
pub fn explain(text: &str, keys: Keys<'_>) -> Explanation {
    let first = examine(text, keys);
    if first.verifies {
        return first;
    }
    // Damage that stands in the text itself, before it is taken apart.
    let Some((cause, repaired)) = repaired(text) else {
        return first;
    };
    let mut second = examine(&repaired, keys);
    let better = second.verifies || second.really_signed.is_some();
    if better
        || matches!(
            first.cause(),
            Some(Cause::NotAMessage(_) | Cause::ContentChanged)
        )
    {
        second.verifies = false;
        second.causes.retain(|known| *known != cause);
        second.causes.insert(0, cause);
        return second;
    }
    first
}

fn examine(text: &str, keys: Keys<'_>) -> Explanation {
    match Input::parse(text) {
        Err(error) => Explanation::ill(None, None, Cause::NotAMessage(error)),
        Ok(Input::Params { params, charset }) => parameters(params, charset, keys),
        Ok(Input::Answer { body, node_name }) => of_answer(&body, &node_name, keys),
    }
}

fn parameters(params: Params, charset: Charset, keys: Keys<'_>) -> Explanation {
    let kind = Kind::of(&params);
    let stated = params.get("sign_type").and_then(SignType::parse);
    let Some(sign) = params.non_empty("sign").map(str::to_owned) else {
        let text = Candidate::proper(params, kind, charset).text();
        return Explanation::ill(Some(kind), Some(text), Cause::NoSignature);
    };
    let proper = Candidate::proper(params, kind, charset);
    let text = proper.text();
    let ill = |cause| Explanation::ill(Some(kind), Some(text.clone()), cause);
    let (digest, mut causes) = match opened(&sign, kind, keys) {
        Ok(opened) => opened,
        Err(cause) => return ill(cause),
    };
    if stated.is_some_and(|stated| stated != digest.sign_type) {
        causes.push(Cause::SignTypeDiffers);
    }
    let Some(found) = search(&proper, kind, &digest) else {
        if causes.is_empty() {
            causes.push(Cause::ContentChanged);
        }
        return Explanation {
            causes,
            ..ill(Cause::ContentChanged)
        };
    };
    // The gateway takes both ways of treating empties, and older services keep `sign_type`.
    let accepted = match found.causes.as_slice() {
        [] | [Cause::SignTypeKept] => true,
        [Cause::EmptiesSigned] => kind == Kind::Request,
        _ => false,
    };
    let really_signed = Some(found.text()).filter(|really| *really != text);
    if !accepted {
        causes.extend(found.causes);
    }
    Explanation {
        verifies: causes.is_empty(),
        kind: Some(kind),
        causes,
        signed_text: Some(text),
        really_signed,
    }
}

fn of_answer(body: &str, node_name: &str, keys: Keys<'_>) -> Explanation {
    let kind = Kind::Answer;
    let node = match response::cut(body.as_bytes(), node_name) {
        Ok(node) => node,
        Err(error) => {
            let cause = Cause::MalformedAnswer(error.to_string());
            return Explanation::ill(Some(kind), None, cause);
        }
    };
    let text = node.raw.to_owned();
    let ill = |cause| Explanation::ill(Some(kind), Some(text.clone()), cause);
    let Some(sign) = node.sign else {
        return ill(Cause::NoSignature);
    };
    let (digest, mut causes) = match opened(sign, kind, keys) {
        Ok(opened) => opened,
        Err(cause) => return ill(cause),
    };
    let holds = |text: &str| {
        [Charset::Utf8, Charset::Gbk]
            .into_iter()
            .any(|charset| digest.is_of(text, charset))
    };
    let mut really_signed = None;
    if !holds(&text) {
        let found = answer::rewritten(&text)
            .into_iter()
            .find(|(_, text)| holds(text));
        match found {
            Some((cause, text)) => {
                causes.push(cause);
                really_signed = Some(text);
            }
            None => causes.push(Cause::ContentChanged),
        }
    }
    Explanation {
        verifies: causes.is_empty(),
        really_signed,
        causes,
        ..ill(Cause::ContentChanged)
    }
}

/// Opens the signature with the key that belongs to the kind, or else says whose it is.
fn opened(sign: &str, kind: Kind, keys: Keys<'_>) -> Result<(Digest, Vec<Cause>), Cause> {
    let (right, other) = keys.of(kind);
    let swapped = if kind == Kind::Request {
        Cause::AlipaysKeyInsteadOfApps
    } else {
        Cause::AppKeyInsteadOfAlipays
    };
    let mut wrong = None;
    if let Some(key) = right {
        match signature::read(sign, key) {
            Ok(read) => match open::open(key, &read.bytes) {
                Some(digest) => return Ok((digest, read.causes)),
                None => wrong = Some(Cause::WrongKey),
            },
            Err(cause) => wrong = Some(cause),
        }
    }
    // The same key in both slots is swapped as well: one of the two is not what it should be.
    let other_opens = other.is_some_and(|key| {
        let read = signature::read(sign, key);
        read.is_ok_and(|read| open::open(key, &read.bytes).is_some())
    });
    match wrong {
        _ if other_opens => Err(swapped),
        Some(Cause::WrongKey) if right.is_some() && right == other => Err(swapped),
        Some(cause) => Err(cause),
        None => Err(Cause::NoKey),
    }
}

/// The text that was signed, with the fewest mistakes: none, one, or two.
fn search(proper: &Candidate, kind: Kind, digest: &Digest) -> Option<Candidate> {
    let signed = |candidate: &Candidate| digest.is_of(&candidate.text(), candidate.charset);
    if signed(proper) {
        return Some(proper.clone());
    }
    let once = remedies::one_more(proper, kind);
    if let Some(found) = once.iter().find(|candidate| signed(candidate)) {
        return Some(found.clone());
    }
    once.iter()
        .flat_map(|candidate| remedies::one_more(candidate, kind))
        .find(signed)
}

/// Undoes what HTML does to a text that has `&` in it.
fn repaired(text: &str) -> Option<(Cause, String)> {
    let mut restored = text.to_owned();
    // In a value such a character may be meant; then the repaired text does not verify either, and
    // the first finding stands.
    for (character, entity) in ENTITIES {
        restored = restored.replace(*character, entity);
    }
    if restored != text {
        return Some((Cause::HtmlDecoded, restored));
    }
    let unescaped = text.replace("&amp;", "&");
    (unescaped != text).then_some((Cause::HtmlEscaped, unescaped))
}

/// Names of parameters that begin like an HTML entity, which browsers read without its semicolon.
const ENTITIES: &[(&str, &str)] = &[
    ("×tamp", "&timestamp"),
    ("¬ify", "&notify"),
    ("™_no", "&trade_no"),
    ("™_status", "&trade_status"),
    ("®", "&reg"),
    ("©", "&copy"),
    ("¶", "&para"),
    ("§", "&sect"),
    ("¤", "&curren"),
];

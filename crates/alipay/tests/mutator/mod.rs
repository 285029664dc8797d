//! Signed messages, spoiled at random: whatever is believed afterwards must say what it said before.

use alipay::{
    App, Charset, Outcome, Params, form, judge,
    keys::{PrivateKey, PublicKey},
    notice, returns, sign,
    testing::{answer, paid_notice, signed_answer, signed_notice},
    transport::HttpResponse,
    v3,
};
use serde_json::{Value, json};

mod change;

use change::{Chance, change};

/// A message that its key signed, and how it is read.
pub(crate) struct Message {
    kind: Kind,
    bytes: Vec<u8>,
    /// What it says when it is believed.
    says: String,
}

enum Kind {
    Notice(PublicKey),
    Return(PublicKey),
    Answer {
        app: Box<App>,
        method: &'static str,
    },
    /// The body is spoiled or the headers are; both stand in one text, a line each.
    Rest(Box<App>),
}

/// What was tried, and what was wrongly believed.
pub(crate) struct Tally {
    /// How many were believed because they still said the same.
    pub(crate) same: u64,
    /// How many were refused.
    pub(crate) refused: u64,
    /// Messages that were believed and say something else. There must be none.
    pub(crate) forged: Vec<String>,
}

/// Messages of every kind, signed here.
pub(crate) fn messages() -> Vec<Message> {
    let alipay = PrivateKey::generate(2048).expect("a key");
    let own = PrivateKey::generate(2048).expect("a key");
    let public = alipay.public_key().clone();
    let app = App::new(
        "2021000000000001",
        "https://openapi.alipay.com/gateway.do",
        own,
        public.clone(),
    );
    let fields = paid_notice(
        "2021000000000001",
        "2088000000000001",
        "20260821001",
        "88.80",
    );
    let notice = signed_notice(&alipay, &fields);
    let mut returned = Params::from([
        ("charset", "utf-8"),
        ("out_trade_no", "20260821001"),
        ("method", "alipay.trade.page.pay.return"),
        ("total_amount", "88.80"),
        ("trade_no", "2026082122001"),
        ("auth_app_id", "2021000000000001"),
        ("version", "1.0"),
        ("app_id", "2021000000000001"),
        ("sign_type", "RSA2"),
        ("seller_id", "2088000000000001"),
        ("timestamp", "2026-08-21 09:30:12"),
    ]);
    alipay::canonical::sign_notice(&mut returned, &alipay, Charset::Utf8).expect("signed");
    let query = form::encode(&returned, Charset::Utf8).expect("UTF-8");
    let node = json!({
        "code": "10000", "msg": "Success", "trade_no": "2026082122001", "subject": "Rust 入门/1",
        "out_trade_no": "20260821001", "trade_status": "TRADE_SUCCESS", "total_amount": "88.80",
        "fund_bill_list": [{"fund_channel": "ALIPAYACCOUNT", "amount": "88.80"}],
    });
    let answered = signed_answer(&alipay, QUERY, &node).body;
    let boxed = Box::new(app);
    [
        (Kind::Notice(public.clone()), notice),
        (Kind::Return(public), query.into_bytes()),
        (
            Kind::Answer {
                app: boxed.clone(),
                method: QUERY,
            },
            answered,
        ),
        (Kind::Rest(boxed), rest(&alipay)),
    ]
    .into_iter()
    .map(|(kind, bytes)| Message::new(kind, bytes))
    .collect()
}

/// An answer of v3 as one text: time, nonce and signature on a line each, then the body.
fn rest(alipay: &PrivateKey) -> Vec<u8> {
    let body = r#"{"out_trade_no":"20260821001","trade_status":"TRADE_SUCCESS"}"#;
    let text = v3::signed_text("1787275800000", "abc", body);
    let sign = sign::sign(alipay, sign::SignType::Rsa2, text.as_bytes()).expect("signed");
    format!("1787275800000\nabc\n{sign}\n{body}").into_bytes()
}

/// The genuine messages of a vectors file, whose key nobody here has.
pub(crate) fn genuine(file: &Value) -> Vec<Message> {
    let key = file["alipay_public_key"].as_str().expect("a key");
    let key = PublicKey::parse(key).expect("a key");
    let own = PrivateKey::generate(2048).expect("a key");
    let app = App::new("2021000122682882", "http://127.0.0.1/", own, key.clone());
    let list = file["messages"].as_array().expect("messages");
    let read = |message: &Value| {
        let text = |name: &str| message[name].as_str().map(|text| text.as_bytes().to_vec());
        match message["kind"].as_str()? {
            "notify" => {
                let fields = message["fields"].as_object()?;
                let pairs = fields
                    .iter()
                    .map(|(name, value)| (name, value.as_str().expect("text")));
                let body = form::encode(&pairs.collect::<Params>(), Charset::Utf8).expect("UTF-8");
                Some((Kind::Notice(key.clone()), body.into_bytes()))
            }
            "return" => Some((Kind::Return(key.clone()), text("query")?)),
            "response" if message["node"] == "alipay_trade_query_response" => {
                let app = Box::new(app.clone());
                Some((Kind::Answer { app, method: QUERY }, text("body")?))
            }
            _ => None,
        }
    };
    let found = list.iter().filter_map(read);
    found
        .map(|(kind, bytes)| Message::new(kind, bytes))
        .collect()
}

impl Message {
    fn new(kind: Kind, bytes: Vec<u8>) -> Self {
        let says = kind.read(&bytes).expect("a message is believed as it came");
        Self { kind, bytes, says }
    }
}

impl Kind {
    /// What a message says, when it is believed.
    fn read(&self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Notice(key) => {
                let notice = notice::Unverified::from_form(bytes, None).ok()?;
                Some(said(notice.verify(key).ok()?.params()))
            }
            Self::Return(key) => {
                let query = std::str::from_utf8(bytes).ok()?;
                let found = returns::Unverified::from_query(query).ok()?;
                Some(said(found.verify(key).ok()?.params()))
            }
            Self::Answer { app, method } => {
                let mut response = answer("");
                response.body = bytes.to_vec();
                match judge(app, method, &[], &response) {
                    Outcome::Done(node) => Some(node.raw),
                    Outcome::Refused(_) | Outcome::Unknown(_) => None,
                }
            }
            Self::Rest(app) => {
                let mut lines = bytes.splitn(4, |&byte| byte == b'\n');
                let mut line = || lines.next().map(<[u8]>::to_vec);
                let headers = v3::SIGNATURE_HEADERS[..3]
                    .iter()
                    .map(|name| Some(((*name).to_owned(), String::from_utf8(line()?).ok()?)))
                    .collect::<Option<Vec<_>>>()?;
                let response = HttpResponse {
                    status: 200,
                    headers,
                    body: line()?,
                };
                match v3::judge(app, &[], &response) {
                    Outcome::Done(node) => Some(node.raw),
                    Outcome::Refused(_) | Outcome::Unknown(_) => None,
                }
            }
        }
    }
}

/// All fields but the signature. An empty field says nothing on Alipay's wire, and `sign_type` was
/// compared with the one that was expected.
fn said(params: &Params) -> String {
    let kept = params
        .sorted()
        .filter(|(name, value)| *name != "sign" && !value.is_empty());
    format!("{:?}", kept.collect::<Vec<_>>())
}

/// Spoils messages at random, `count` times, always in the same way for the same seed.
pub(crate) fn spoil(messages: &[Message], count: u64, seed: u64) -> Tally {
    let mut chance = Chance::new(seed);
    let mut tally = Tally {
        same: 0,
        refused: 0,
        forged: Vec::new(),
    };
    for _ in 0..count {
        let message = &messages[chance.below(messages.len())];
        let mut bytes = message.bytes.clone();
        for _ in 0..=chance.below(3) {
            let other = &messages[chance.below(messages.len())].bytes;
            change(&mut bytes, other, &mut chance);
        }
        match message.kind.read(&bytes) {
            None => tally.refused += 1,
            Some(says) if says == message.says => tally.same += 1,
            Some(_) => tally
                .forged
                .push(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }
    tally
}

const QUERY: &str = "alipay.trade.query";

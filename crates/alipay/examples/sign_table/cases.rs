//! Draws the cases: each odd text by itself first, then mixtures, by a seed.

use alipay::keys::PrivateKey;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// How many cases there are.
const CASES: u64 = 300;

/// All cases, with the key that all of them are signed with.
#[derive(Deserialize, Serialize)]
pub(crate) struct Table {
    pub(crate) seed: u64,
    /// PEM, PKCS#1: what all SDKs take.
    pub(crate) app_private_key: String,
    pub(crate) app_public_key: String,
    pub(crate) cases: Vec<Case>,
}

/// One call's parameters.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Case {
    pub(crate) id: u64,
    /// What is odd about it.
    pub(crate) about: String,
    /// All parameters but `biz_content` and `sign`.
    pub(crate) params: Map<String, Value>,
    /// The content as an object, for SDKs that write its text themselves.
    pub(crate) biz: Map<String, Value>,
    /// The content as a text, for those that take one.
    pub(crate) biz_content: String,
}

impl Case {
    /// A parameter's text.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// What has broken somebody's signature before, with its name.
const ODD: &[(&str, &str)] = &[
    ("Chinese", "通宝商城：三只松鼠坚果礼盒"),
    ("traditional Chinese", "臺灣凍頂烏龍茶"),
    ("a rare character outside the first plane", "𠮷野家"),
    ("an emoji", "🎁"),
    ("an emoji of several parts", "👨‍👩‍👧‍👦"),
    ("a flag", "🇨🇳"),
    ("&", "a&b"),
    ("=", "a=b"),
    ("& and = like another parameter", "x&total_amount=0.01"),
    ("+", "C++"),
    ("a space", "two words"),
    ("spaces at both ends", "  middle  "),
    ("%", "100% silk"),
    ("% that looks escaped", "%2B%20%E4%BD%A0"),
    ("% twice", "%2525"),
    ("double quotes", "the \"best\""),
    ("single quotes", "it's"),
    ("a quote as HTML writes it", "&quot;x&quot; &amp; &lt;b&gt;"),
    ("what HTML takes for a sign", "&copy=1&notify=2&times"),
    ("a slash", "a/b//c"),
    ("a backslash", "C:\\temp\\new"),
    ("a backslash before a quote", "\\\"\\\\\""),
    ("an escaped character as text", "\\u4f60\\n"),
    ("a new line", "line 1\nline 2"),
    ("a carriage return", "line 1\r\nline 2"),
    ("a tab", "a\tb"),
    ("a control character", "a\u{1}b"),
    ("delete", "a\u{7f}b"),
    ("a line separator", "a\u{2028}b"),
    ("a byte order mark", "\u{feff}a"),
    ("accents, joined and not", "é e\u{301}"),
    ("full-width forms", "ＡＢＣ＆＝＋％"),
    ("braces", "{\"a\":[1,2]}"),
    ("an at sign first", "@file"),
    ("zero", "0"),
    ("the word null", "null"),
    ("angle brackets", "<script>1</script>"),
    ("a question mark and a hash", "?a#b"),
    ("a semicolon and a comma", "a;b,c"),
    ("a tilde, a star, a dash", "~*-_.!'()"),
];

/// The methods whose content is drawn, with their product codes.
const METHODS: &[(&str, &str)] = &[
    ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
    ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
    ("alipay.trade.app.pay", "QUICK_MSECURITY_PAY"),
    ("alipay.trade.precreate", "FACE_TO_FACE_PAYMENT"),
];

/// Parameters beside the content, all of which every SDK can be given.
const BESIDE: &[&str] = &["notify_url", "return_url", "prod_code", "terminal_info"];

/// A generator by Steele and others, "SplitMix": small, and good enough to draw cases.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let length = u64::try_from(list.len()).expect("a short list");
        let at = usize::try_from(self.below(length)).expect("a short list");
        list.get(at).expect("within the list")
    }

    /// One to four odd texts, with something between them.
    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..=self.below(4) {
            text.push_str(self.one_of(ODD).1);
            text.push_str(self.one_of::<&str>(&["", " ", "+", "中"]));
        }
        text
    }
}

/// All cases of a seed. The key is new each time: nobody should own one that lies in a repository.
pub(crate) fn draw(seed: u64) -> Table {
    let key = PrivateKey::generate(2048).expect("a key");
    let mut chance = Chance(seed);
    let mut cases: Vec<Case> = Vec::new();
    for id in 1..=CASES {
        let odd = usize::try_from(id - 1).ok().and_then(|at| ODD.get(at));
        let mut case = match odd {
            Some((about, text)) => {
                let mut case = plain(id, &mut chance);
                case.biz.insert("subject".to_owned(), json!(text));
                case.about = format!("subject: {about}");
                case
            }
            None => mixed(id, &mut chance),
        };
        if id % 5 == 0 {
            case.params.insert("sign_type".to_owned(), json!("RSA"));
            case.about.push_str("; RSA (SHA-1)");
        }
        if id % 21 == 0 {
            in_gbk(&mut case);
        }
        case.biz_content = Value::Object(case.biz.clone()).to_string();
        cases.push(case);
    }
    Table {
        seed,
        app_private_key: key.to_pkcs1_pem().to_string(),
        app_public_key: key.public_key().to_pem(),
        cases,
    }
}

/// A case with nothing odd about it.
fn plain(id: u64, chance: &mut Chance) -> Case {
    let (method, product_code) = chance.one_of(METHODS);
    let second = format!("{:02}", chance.below(60));
    let params = json!({
        "method": method, "app_id": "2021000000000001", "charset": "utf-8", "sign_type": "RSA2",
        "timestamp": format!("2026-11-27 09:30:{second}"), "version": "1.0",
        "notify_url": "https://pay.example.com/notify/alipay",
    });
    let yuan = format!("{}.{:02}", 1 + chance.below(9_999), chance.below(100));
    // Not in the order of the alphabet, so that an SDK that sorts them is found out.
    let biz = json!({
        "subject": "Rust 入门", "out_trade_no": format!("T{id:06}"), "total_amount": yuan,
        "product_code": product_code,
    });
    Case {
        id,
        about: String::new(),
        params: object(params),
        biz: object(biz),
        biz_content: String::new(),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Odd texts in the content and beside it, nested values, and sometimes empty ones.
fn mixed(id: u64, chance: &mut Chance) -> Case {
    let mut case = plain(id, chance);
    "mixed".clone_into(&mut case.about);
    let text = chance.text();
    case.biz.insert("subject".to_owned(), json!(text));
    if chance.below(2) == 0 {
        case.biz.insert("body".to_owned(), json!(chance.text()));
    }
    if chance.below(3) == 0 {
        let goods = json!([{ "goods_id": chance.text(), "goods_name": chance.text(), "quantity": 1 + chance.below(9), "price": "0.01" }]);
        case.biz.insert("goods_detail".to_owned(), goods);
    }
    if chance.below(3) == 0 {
        let more = json!({ "sys_service_provider_id": "2088511833207846", "industry_reflux_info": chance.text() });
        case.biz.insert("extend_params".to_owned(), more);
    }
    if chance.below(4) == 0 {
        let passed = format!("a%3D{}", chance.text());
        case.biz.insert("passback_params".to_owned(), json!(passed));
    }
    for name in BESIDE {
        if chance.below(3) == 0 {
            let text = match *name {
                "notify_url" | "return_url" => {
                    format!("https://shop.example.com/回来?q={}", chance.text())
                }
                _ => chance.text(),
            };
            case.params.insert((*name).to_owned(), json!(text));
        }
    }
    if chance.below(5) == 0 {
        for name in BESIDE {
            if chance.below(2) == 0 {
                case.params.insert((*name).to_owned(), json!(""));
                "mixed, with empty parameters".clone_into(&mut case.about);
            }
        }
        if chance.below(2) == 0 {
            case.biz.insert("body".to_owned(), json!(""));
            case.about.push_str(", empty body");
        }
    }
    case
}

/// The same in GBK; what GBK lacks becomes a question mark, as in any text of GBK.
fn in_gbk(case: &mut Case) {
    case.params.insert("charset".to_owned(), json!("gbk"));
    case.about.push_str("; GBK");
    for value in case.params.values_mut().chain(case.biz.values_mut()) {
        fit(value);
    }
}

fn fit(value: &mut Value) {
    match value {
        Value::String(text) => {
            let fits = |c: char| {
                let text = c.to_string();
                alipay::Charset::Gbk.encode(&text).is_ok()
            };
            *text = text
                .chars()
                .map(|c| if fits(c) { c } else { '?' })
                .collect();
        }
        Value::Array(list) => list.iter_mut().for_each(fit),
        Value::Object(map) => map.values_mut().for_each(fit),
        _ => {}
    }
}
